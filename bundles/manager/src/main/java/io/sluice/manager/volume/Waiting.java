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

    void succeed() {
        CompletableFuture<Void> told = take();
        if (told != null) {
            told.complete(null);
        }
    }

    /** @param why one line for the operator */
    void fail(String why) {
        CompletableFuture<Void> told = take();
        if (told != null) {
            told.completeExceptionally(new BackstoreException(Fault.NOT_READY, why));
        }
    }

    private synchronized CompletableFuture<Void> take() {
        CompletableFuture<Void> taken = next;
        next = null;
        return taken;
    }
}
