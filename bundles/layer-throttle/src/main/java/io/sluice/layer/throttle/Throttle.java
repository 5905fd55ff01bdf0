package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.pace.Pacer;
import io.sluice.backstore.pace.Pacer.Direction;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Operations of a store that begin when a {@link Pacer} lets them: at once in the caller's thread, or on one of the store. */
final class Throttle {

    private final Pacer pacer;

    Throttle(Pacer pacer) {
        this.pacer = pacer;
    }

    /** An operation whose turn has not come. */
    private final class Waiting<T> extends Pacer.Turn {
        private final Supplier<CompletionStage<T>> start;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Waiting(Direction direction, long length, Supplier<CompletionStage<T>> start) {
            super(direction, length);
            this.start = start;
        }

        /** The store may take its time, and others wait for their turn. */
        @Override
        protected void begin() {
            pacer.execute(this::run);
        }

        private void run() {
            try {
                start.get().whenComplete((value, failure) -> {
                    if (failure == null) {
                        result.complete(value);
                    } else {
                        result.completeExceptionally(failure);
                    }
                });
            } catch (Throwable thrown) {
                result.completeExceptionally(thrown);
            }
        }

        @Override
        protected void refused(BackstoreException busy) {
            result.completeExceptionally(busy);
        }
    }

    <T> CompletionStage<T> read(long length, Supplier<CompletionStage<T>> start) {
        return submit(Direction.READ, length, start);
    }

    <T> CompletionStage<T> write(long length, Supplier<CompletionStage<T>> start) {
        return submit(Direction.WRITE, length, start);
    }

    private <T> CompletionStage<T> submit(Direction direction, long length, Supplier<CompletionStage<T>> start) {
        if (pacer.takeIfMayBegin(direction, length)) {
            return start.get();
        }
        Waiting<T> waiting = new Waiting<>(direction, length, start);
        return pacer.await(waiting) ? start.get() : waiting.result;
    }
}
