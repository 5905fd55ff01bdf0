package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import java.util.function.Consumer;

/** Brings what a store raises to whoever has it now, and also to whoever has it later that it cannot go on. Thread-safe. */
final class EventRelay implements Consumer<BackstoreEvent> {

    private volatile Consumer<BackstoreEvent> listener;
    private volatile boolean lost;

    EventRelay(Consumer<BackstoreEvent> listener) {
        this.listener = listener;
    }

    void to(Consumer<BackstoreEvent> changed) {
        listener = changed;
        if (lost) {
            changed.accept(BackstoreEvent.LOST);
        }
    }

    @Override
    public void accept(BackstoreEvent event) {
        if (event == BackstoreEvent.LOST) {
            lost = true;
        }
        listener.accept(event);
    }
}
