package io.sluice.manager.volume;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Asynchronous work, one after the other. Each piece ends in bounded time by itself. Thread-safe. */
final class Turns {

    private CompletionStage<?> last = CompletableFuture.completedFuture(null);

    /** Does work when all before it has ended, well or not; what it throws fails the stage. */
    synchronized <T> CompletionStage<T> add(Supplier<CompletionStage<T>> work) {
        CompletionStage<T> added = last.handle((done, failure) -> null).thenCompose(ended -> work.get());
        last = added;
        return added;
    }
}
