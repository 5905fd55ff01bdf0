package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Those who wait until a disk is open, or cannot be opened. Thread-safe. */
final class Waiting {

    /** Null while nobody waits. */
    private CompletableFuture<Void> next;

    /** Whether one of them allows that the disk begins empty. */
    private boolean mayBeginEmpty;

    /** Returns a stage that ends with the next outcome. */
    CompletionStage<Void> join() {
        return join(false);
    }

    /**
     * As {@link #join()}.
     *
     * @param empty whether the disk may begin empty until that outcome
     */
    synchronized CompletionStage<Void> join(boolean empty) {
        mayBeginEmpty |= empty;
        if (next == null) {
            next = new CompletableFuture<>();
        }
        return next;
    }

    synchronized boolean isEmpty() {
        return next == null;
    }

    synchronized boolean mayBeginEmpty() {
        return mayBeginEmpty;
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
        mayBeginEmpty = false;
        return taken;
    }
}
