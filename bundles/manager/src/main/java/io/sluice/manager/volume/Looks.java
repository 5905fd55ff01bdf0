package io.sluice.manager.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A look that many ask for at once is one look. Thread-safe. */
final class Looks {

    private static final long MOST_SECONDS = 2;

    private final Turns turns;
    private final Supplier<CompletionStage<Void>> look;

    /** The look that has not begun and that all wait for who have asked for one; null if there is none. Guarded by this. */
    private CompletableFuture<Void> next;

    /** @param look what it is, done in turn */
    Looks(Turns turns, Supplier<CompletionStage<Void>> look) {
        this.turns = turns;
        this.look = look;
    }

    /** Completes when there was a look that has begun after this call; fails if that fails, or takes more than 2 s. */
    CompletionStage<Void> ask() {
        CompletableFuture<Void> asked;
        synchronized (this) {
            if (next != null) {
                return next.copy().orTimeout(MOST_SECONDS, TimeUnit.SECONDS);
            }
            asked = new CompletableFuture<>();
            next = asked;
        }
        turns.add(this::begin).whenComplete((done, failure) -> {
            if (failure == null) {
                asked.complete(null);
            } else {
                asked.completeExceptionally(failure);
            }
        });
        return asked.copy().orTimeout(MOST_SECONDS, TimeUnit.SECONDS);
    }

    /** Whoever asks from here on is told by the look after this one. */
    private CompletionStage<Void> begin() {
        synchronized (this) {
            next = null;
        }
        return look.get();
    }
}
