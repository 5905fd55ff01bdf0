package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Joins those who want data on stable storage: one call to the device serves all who asked before it started. Nobody waits
 * for it in a thread but the one that makes the call. Thread-safe.
 */
final class GroupCommit {

    /** Puts everything on stable storage. */
    @FunctionalInterface
    interface Force {
        void force() throws IOException;
    }

    private final Force force;
    private final Executor executor;
    private final Function<IOException, Throwable> asFailure;
    private final Consumer<IOException> onFailure;
    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private boolean running;
    private volatile IOException failure;

    /**
     * @param executor runs the calls, one at a time
     * @param asFailure what a commit fails with
     * @param onFailure told of the failure after which nothing is forced any more
     */
    GroupCommit(
            Force force,
            Executor executor,
            Function<IOException, Throwable> asFailure,
            Consumer<IOException> onFailure) {
        this.force = force;
        this.executor = executor;
        this.asFailure = asFailure;
        this.onFailure = onFailure;
    }

    /**
     * Completes a future when everything that was written before is stable; fails it if that failed, now or ever before:
     * what was lost then is not known.
     */
    void commit(CompletableFuture<Void> waiter) {
        synchronized (this) {
            waiting.add(waiter);
            if (running) {
                return;
            }
            running = true;
        }
        try {
            executor.execute(this::serve);
        } catch (RejectedExecutionException refused) {
            end(giveUp(), new BackstoreException(Fault.NOT_READY, "the backstore takes no more work", refused));
        }
    }

    private void serve() {
        for (List<CompletableFuture<Void>> covered = takeOrStop(); covered != null; covered = takeOrStop()) {
            try {
                commitNow();
                covered.forEach(waiter -> waiter.complete(null));
            } catch (IOException failed) {
                end(covered, asFailure.apply(failed));
            } catch (Throwable bug) {
                end(covered, bug);
            }
        }
    }

    /** Returns those who wait now; null if there are none, and then the next one has to start. */
    private synchronized List<CompletableFuture<Void>> takeOrStop() {
        List<CompletableFuture<Void>> taken = waiting;
        running = !taken.isEmpty();
        waiting = new ArrayList<>();
        return running ? taken : null;
    }

    private synchronized List<CompletableFuture<Void>> giveUp() {
        List<CompletableFuture<Void>> left = waiting;
        running = false;
        waiting = new ArrayList<>();
        return left;
    }

    private static void end(List<CompletableFuture<Void>> waiters, Throwable failure) {
        waiters.forEach(waiter -> waiter.completeExceptionally(failure));
    }

    /**
     * Makes everything stable in this thread, which may wait. The kernel tells a descriptor once of what it could not write: if
     * two calls ran at a time, one would hear of what the other has lost, and the other of nothing. So the next call begins
     * when it is known what became of this one.
     */
    void commitNow() throws IOException {
        throwIfFailed();
        synchronized (force) {
            throwIfFailed();
            try {
                force.force();
            } catch (IOException broken) {
                failure = broken;
                onFailure.accept(broken);
                throw broken;
            }
        }
    }

    private void throwIfFailed() throws IOException {
        IOException before = failure;
        if (before != null) {
            throw new IOException(before.getMessage(), before);
        }
    }

    /** Returns whether a commit has failed. */
    boolean failed() {
        return failure != null;
    }
}
