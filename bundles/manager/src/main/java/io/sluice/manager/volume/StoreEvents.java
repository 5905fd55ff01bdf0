package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/** What a store raises: kept until somebody listens, because it may begin while it is still being opened. Thread-safe. */
final class StoreEvents implements Consumer<BackstoreEvent> {

    private final Set<BackstoreEvent> early = EnumSet.noneOf(BackstoreEvent.class);
    private Consumer<BackstoreEvent> listener;

    @Override
    public void accept(BackstoreEvent event) {
        Consumer<BackstoreEvent> told;
        synchronized (this) {
            told = listener;
            if (told == null) {
                early.add(event);
                return;
            }
        }
        told.accept(event);
    }

    /** Tells someone of everything so far and from now on. */
    void listen(Consumer<BackstoreEvent> told) {
        Set<BackstoreEvent> missed;
        synchronized (this) {
            listener = told;
            missed = EnumSet.copyOf(early);
        }
        missed.forEach(told);
    }
}
