package io.sluice.backstore.file;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * Joins callers that want data on stable storage: one call to the device serves all who asked before it started. Each
 * caller waits for a call that began after it asked, so that its writes are covered.
 */
final class GroupCommit {

    /** Puts everything on stable storage. */
    @FunctionalInterface
    interface Force {
        void force() throws IOException;
    }

    private final Force force;
    private final Consumer<IOException> onFailure;
    private long started;
    private long finished;
    private boolean running;
    private IOException failure;

    /** @param onFailure told of the failure after which nothing is forced any more */
    GroupCommit(Force force, Consumer<IOException> onFailure) {
        this.force = force;
        this.onFailure = onFailure;
    }

    /**
     * Returns when everything that was written before is stable.
     *
     * @throws IOException if that failed, now or ever before: what was lost then is not known
     */
    void commit() throws IOException {
        long covering;
        synchronized (this) {
            covering = started + 1;
            while (running && finished < covering) {
                awaitChange();
            }
            throwIfFailed();
            if (finished >= covering) {
                return;
            }
            running = true;
            started++;
        }
        IOException failed = null;
        try {
            force.force();
        } catch (IOException broken) {
            failed = broken;
            onFailure.accept(broken);
        }
        synchronized (this) {
            finished = started;
            running = false;
            failure = failed;
            notifyAll();
            throwIfFailed();
        }
    }

    /** Storage threads are not interrupted: an interrupt would close the channel under everybody. */
    private void awaitChange() {
        try {
            wait();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("a storage thread was interrupted", interrupted);
        }
    }

    private void throwIfFailed() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /** Returns whether a commit has failed. */
    synchronized boolean failed() {
        return failure != null;
    }
}
