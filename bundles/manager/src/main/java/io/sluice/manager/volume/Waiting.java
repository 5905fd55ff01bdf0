package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Those who wait until a disk is open, or cannot be opened. Thread-safe. */
final class Waiting {

    /** Null while nobody waits. */
    private CompletableFuture<Void> next;

    /** Returns a stage that ends with the next outcome. */
    synchronized CompletionStage<Void> join() {
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    synchronized boolean isEmpty() {
        return next == null;
    }

    /** Lets everybody go who waits now. Returns what tells them; to be run without a lock. */
    Runnable succeed() {
        CompletableFuture<Void> told = take();
        return () -> told.complete(null);
    }

    /**
     * As {@link #succeed}.
     *
     * @param why one line for the operator
     */
    Runnable fail(String why) {
        CompletableFuture<Void> told = take();
        return () -> told.completeExceptionally(new BackstoreException(Fault.NOT_READY, why));
    }

    private synchronized CompletableFuture<Void> take() {
        CompletableFuture<Void> taken = next == null ? new CompletableFuture<>() : next;
        next = null;
        return taken;
    }
}
