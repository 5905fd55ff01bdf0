package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What a store raises: kept until somebody listens, because it may begin while it is still being opened. That it cannot go on is
 * kept for good: who listens when it is raised may have given the store to another. Thread-safe.
 */
final class StoreEvents implements Consumer<BackstoreEvent> {

    private final Set<BackstoreEvent> kept = EnumSet.noneOf(BackstoreEvent.class);
    private Consumer<BackstoreEvent> listener;

    @Override
    public void accept(BackstoreEvent event) {
        Consumer<BackstoreEvent> told;
        synchronized (this) {
            told = listener;
            if (told == null || event == BackstoreEvent.LOST) {
                kept.add(event);
            }
        }
        if (told != null) {
            told.accept(event);
        }
    }

    /** Tells someone of everything so far and from now on. */
    void listen(Consumer<BackstoreEvent> told) {
        Set<BackstoreEvent> missed;
        synchronized (this) {
            listener = told;
            missed = EnumSet.copyOf(kept);
        }
        missed.forEach(told);
    }
}
