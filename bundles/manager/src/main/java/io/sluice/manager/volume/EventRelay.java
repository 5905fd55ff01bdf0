package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import java.util.function.Consumer;

/** Brings what a store raises to whoever has it now. Thread-safe. */
final class EventRelay implements Consumer<BackstoreEvent> {

    private volatile Consumer<BackstoreEvent> listener;

    EventRelay(Consumer<BackstoreEvent> listener) {
        this.listener = listener;
    }

    void to(Consumer<BackstoreEvent> changed) {
        listener = changed;
    }

    @Override
    public void accept(BackstoreEvent event) {
        listener.accept(event);
    }
}
