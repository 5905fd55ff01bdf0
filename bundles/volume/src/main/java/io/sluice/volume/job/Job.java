package io.sluice.volume.job;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.volume.VolumeRuntime;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Long work on a volume, one piece after the other: it has progress and a rate, can be cancelled between pieces, and rests
 * while the store is away. Never runs on the thread of who starts it. Thread-safe.
 */
public final class Job {

    private static final double NANOS = 1e9;

    /** After what time a piece is tried again that the store had no time for. */
    private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);
    /** Who waits for his turn looks so often whether he is cancelled, or may go faster. */
    private static final long GLANCE_NANOS = 250_000_000;

    private final VolumeRuntime runtime;
    private final Work work;
    private volatile long bytesPerSecond;
    private volatile boolean paceChanged;
    private final CompletableFuture<Void> result = new CompletableFuture<>();
    private volatile long doneBytes;
    private volatile boolean cancelled;

    /** When the job has begun, or gone on after a rest, and with how much done; only pieces read and write them. */
    private long pacedSinceNanos;

    private long pacedFromBytes;

    /** Whether it waits for {@link #resume}; guarded by this. */
    private boolean resting;

    /** What a job does. */
    public interface Work {

        /** Returns how much there is to do in all, in bytes; for progress. */
        long totalBytes();

        /**
         * Does the next piece.
         *
         * @param doneBytes how much has been done
         * @return its length in bytes when it is done; null if nothing is left to do. A piece that fails because the store is
         *     not ready is done again after {@link Job#resume}.
         */
        CompletionStage<Long> next(long doneBytes);

        /** The store is away, and the job rests until it is back. */
        default void rests() {}
    }

    /**
     * @param runtime whose threads the pieces begin on
     * @param work what is done
     * @param bytesPerSecond how fast it may be; 0 for as fast as it goes
     */
    public Job(VolumeRuntime runtime, Work work, long bytesPerSecond) {
        this.runtime = runtime;
        this.work = work;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Begins. */
    public Job start() {
        pace();
        runtime.execute(this::step);
        return this;
    }

    private void pace() {
        pacedSinceNanos = System.nanoTime();
        pacedFromBytes = doneBytes;
    }

    /** Changes how fast it may be, from the next piece on; 0 for as fast as it goes. */
    public void setRate(long changed) {
        bytesPerSecond = changed;
        paceChanged = true;
    }

    /** Returns a stage that completes when all is done; fails with what a piece failed with, or was cancelled. */
    public CompletionStage<Void> result() {
        return result;
    }

    /** Returns how far it is, from 0 to 1. */
    public double progress() {
        long total = work.totalBytes();
        return total == 0 ? 1 : Math.min(1, (double) doneBytes / total);
    }

    /** Returns whether it waits for the store to come back. */
    public synchronized boolean resting() {
        return resting;
    }

    /** Ends the job after the piece that is under way. */
    public void cancel() {
        cancelled = true;
        resume();
    }

    /** Goes on if the job rests: the store is back. */
    public void resume() {
        synchronized (this) {
            if (!resting) {
                return;
            }
            resting = false;
        }
        pace();
        runtime.execute(this::step);
    }

    private void step() {
        if (cancelled) {
            result.completeExceptionally(new CancellationException("cancelled"));
            return;
        }
        long aheadNanos = aheadNanos();
        if (aheadNanos > 0) {
            runtime.schedule(this::step, Duration.ofNanos(Math.min(aheadNanos, GLANCE_NANOS)));
            return;
        }
        CompletionStage<Long> piece;
        try {
            piece = work.next(doneBytes);
        } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
            return;
        }
        if (piece == null) {
            result.complete(null);
        } else {
            piece.whenComplete(this::done);
        }
    }

    private void done(Long length, Throwable failure) {
        if (failure == null) {
            doneBytes += length;
            next();
        } else if (failedBy(failure, Fault.NOT_READY)) {
            rest();
        } else if (failedBy(failure, Fault.BUSY)) {
            runtime.schedule(this::step, BUSY_PAUSE);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private void rest() {
        synchronized (this) {
            resting = true;
        }
        work.rests();
        if (cancelled) {
            resume();
        }
    }

    private static boolean failedBy(Throwable failure, Fault wanted) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BackstoreException fault && fault.fault() == wanted;
    }

    /** The next piece begins on another stack. */
    private void next() {
        runtime.execute(this::step);
    }

    /** Returns how long the next piece has to wait, by the rate. */
    private long aheadNanos() {
        if (paceChanged) {
            paceChanged = false;
            pace();
        }
        long rate = bytesPerSecond;
        return rate == 0
                ? 0
                : (long) ((double) (doneBytes - pacedFromBytes) / rate * NANOS) - (System.nanoTime() - pacedSinceNanos);
    }
}
