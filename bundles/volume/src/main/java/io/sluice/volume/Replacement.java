package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One store on its way out and another on its way in, while operations wait. Until the old one is quiet the replacement may
 * still be called off; from then on the old store is flushed, closed, and the new one opened.
 */
final class Replacement {

    private final OpenStore leaving;
    private final Supplier<CompletionStage<Backstore>> opener;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();

    Replacement(OpenStore leaving, Supplier<CompletionStage<Backstore>> opener) {
        this.leaving = leaving;
        this.opener = opener;
    }

    OpenStore leaving() {
        return leaving;
    }

    CompletableFuture<Void> result() {
        return result;
    }

    /** Returns whether this call decides between going on and calling off. */
    boolean decide() {
        return decided.compareAndSet(false, true);
    }

    boolean isDecided() {
        return decided.get();
    }

    /** Flushes the old store; when that fails it can still be used. */
    CompletionStage<Void> flush() {
        return leaving.backstore().flush();
    }

    /** Closes the old store. What is lent of it is waited for by its close alone, not by the new store. */
    CompletionStage<Void> close(VolumeRuntime runtime) {
        CompletionStage<Void> closed = closeWhenUnused(leaving, runtime);
        return leaving.unused().toCompletableFuture().isDone() ? closed : Backstore.done();
    }

    CompletionStage<Backstore> open() {
        return opener.get();
    }

    /** Closes a store that is shut when its last lease is back. */
    static CompletionStage<Void> closeWhenUnused(OpenStore store, VolumeRuntime runtime) {
        return store.unused().thenComposeAsync(unused -> store.backstore().close(), runtime.executor());
    }

    /** Calls a store, whatever it throws. */
    static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** Returns one line for the operator. */
    static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BackstoreException ? cause.getMessage() : cause.toString();
    }
}
