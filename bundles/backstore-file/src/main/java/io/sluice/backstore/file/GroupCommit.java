package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Puts data on stable storage, for several at a time in two ways. One call to the device serves all who asked before it
 * started. And where a call takes long, others begin beside it: a disk flushes several times at once about as fast as once,
 * so nobody has to wait for the end of a call that does not count for him. Where calls are quick, one after the other gives
 * larger groups and costs less. Nobody waits in a thread but those that make the calls. Thread-safe.
 */
final class GroupCommit {

    /**
     * Makes everything stable that was written before. The kernel tells each descriptor once of what it could not write, so
     * calls that run at the same time need one each, or one would hear of what the other has lost, and the other of nothing.
     */
    interface Forces {

        /** Returns how many calls may run at the same time; at least 1. */
        int ways();

        /**
         * Opens a way, before it is used first. It hears of what is lost from then on.
         *
         * @param way from 1; the first one, 0, is always open
         * @return false if it cannot be used
         */
        boolean open(int way);

        /** Makes everything stable by a way that is open; no two calls for one way run at the same time. */
        void force(int way) throws IOException;
    }

    /** More than a volume ever has under way, unless its disk hangs. */
    private static final int WAITING = 16_384;

    /** For each so much that calls take on average, one more may run. */
    private static final long NANOS_FOR_ONE_MORE = TimeUnit.MICROSECONDS.toNanos(100);

    /** How many calls the average goes back. */
    private static final int CALLS_IN_AVERAGE = 8;

    private final Forces forces;
    private final WriteQueue.Writer writer;
    private final Executor executor;
    private final Function<IOException, Throwable> asFailure;
    private final Consumer<IOException> onFailure;
    private final List<Object> locks;

    private List<CompletableFuture<Void>> waiting = new ArrayList<>();
    private final BitSet busy = new BitSet();
    private final BitSet open = new BitSet();
    private boolean starting;
    private int most;
    private long averageNanos;
    private volatile IOException failure;

    /**
     * @param writer performs writes that are to be stable
     * @param executor runs the calls, each way one at a time
     * @param asFailure what a commit fails with
     * @param onFailure told of the failure after which nothing is forced any more
     */
    GroupCommit(
            Forces forces,
            WriteQueue.Writer writer,
            Executor executor,
            Function<IOException, Throwable> asFailure,
            Consumer<IOException> onFailure) {
        this.forces = forces;
        this.writer = writer;
        this.executor = executor;
        this.asFailure = asFailure;
        this.onFailure = onFailure;
        this.most = forces.ways();
        this.locks = IntStream.range(0, most).mapToObj(way -> new Object()).toList();
    }

    /**
     * Completes a future when everything that was written before is stable; fails it if that failed, now or ever before:
     * what was lost then is not known. A {@link PendingWrite} is performed first, by the thread that makes it stable.
     */
    void commit(CompletableFuture<Void> waiter) {
        int way;
        synchronized (this) {
            if (waiting.size() < WAITING) {
                waiting.add(waiter);
                // Who is about to begin takes all that has come until then.
                if (starting || busy.cardinality() >= allowed()) {
                    return;
                }
                starting = true;
                way = busy.nextClearBit(0);
                busy.set(way);
            } else {
                way = -1;
            }
        }
        if (way < 0) {
            waiter.completeExceptionally(
                    new BackstoreException(Fault.NOT_READY, WAITING + " flushes wait: the disk does not keep up"));
            return;
        }
        try {
            executor.execute(() -> begin(way));
        } catch (RejectedExecutionException refused) {
            end(giveUp(way), new BackstoreException(Fault.NOT_READY, "the backstore takes no more work", refused));
        }
    }

    /** Makes a write and completes it when it is stable. */
    PendingWrite commit(PendingWrite write) {
        commit((CompletableFuture<Void>) write);
        return write;
    }

    private int allowed() {
        return (int) Math.min(most, 1 + averageNanos / NANOS_FOR_ONE_MORE);
    }

    private void begin(int way) {
        int usable = canUse(way) ? way : firstInstead(way);
        if (usable >= 0) {
            serve(usable);
        }
    }

    private boolean canUse(int way) {
        synchronized (this) {
            if (way == 0 || open.get(way)) {
                return true;
            }
        }
        if (!forces.open(way)) {
            return false;
        }
        try {
            // What was lost before it was opened, and somebody else was told of, only an older one hears of.
            commitNow(0);
        } catch (IOException told) {
            // By way of the failure that everybody gets from now on.
        }
        synchronized (this) {
            open.set(way);
        }
        return true;
    }

    /** Returns the first way for those who wait; -1 if somebody is on it, who takes them. */
    private synchronized int firstInstead(int refused) {
        most = 1;
        starting = false;
        busy.clear(refused);
        if (busy.get(0)) {
            return -1;
        }
        busy.set(0);
        return 0;
    }

    private void serve(int way) {
        for (List<CompletableFuture<Void>> covered = take(way, true); covered != null; covered = take(way, false)) {
            try {
                List<CompletableFuture<Void>> written = write(covered);
                if (!written.isEmpty()) {
                    commitNow(way);
                }
                written.forEach(waiter -> waiter.complete(null));
            } catch (IOException failed) {
                end(covered, asFailure.apply(failed));
            } catch (Throwable bug) {
                end(covered, bug);
            }
        }
    }

    /** Returns those who wait now; null if there are none, and then the way is free. */
    private synchronized List<CompletableFuture<Void>> take(int way, boolean first) {
        if (first) {
            starting = false;
        }
        if (waiting.isEmpty()) {
            busy.clear(way);
            return null;
        }
        List<CompletableFuture<Void>> taken = waiting;
        waiting = new ArrayList<>();
        return taken;
    }

    /** Performs the writes among those who wait, and returns those who go on waiting. */
    private List<CompletableFuture<Void>> write(List<CompletableFuture<Void>> covered) {
        List<CompletableFuture<Void>> written = new ArrayList<>(covered.size());
        for (CompletableFuture<Void> waiter : covered) {
            if (!(waiter instanceof PendingWrite write) || performed(write)) {
                written.add(waiter);
            }
        }
        return written;
    }

    private boolean performed(PendingWrite write) {
        try {
            writer.write(write.offset, write.source);
            return true;
        } catch (Throwable failed) {
            write.completeExceptionally(failed);
            return false;
        }
    }

    private synchronized List<CompletableFuture<Void>> giveUp(int way) {
        starting = false;
        busy.clear(way);
        if (!busy.isEmpty()) {
            return List.of();
        }
        List<CompletableFuture<Void>> left = waiting;
        waiting = new ArrayList<>();
        return left;
    }

    private static void end(List<CompletableFuture<Void>> waiters, Throwable failure) {
        waiters.forEach(waiter -> waiter.completeExceptionally(failure));
    }

    /** Makes everything stable in this thread, which may wait. */
    void commitNow() throws IOException {
        commitNow(0);
    }

    private void commitNow(int way) throws IOException {
        throwIfFailed();
        synchronized (locks.get(way)) {
            throwIfFailed();
            long begun = System.nanoTime();
            try {
                forces.force(way);
            } catch (IOException broken) {
                fail(broken);
            }
            took(System.nanoTime() - begun);
        }
        // A call beside this one may have heard of what both were to make stable.
        throwIfFailed();
    }

    private synchronized void took(long nanos) {
        averageNanos += (nanos - averageNanos) / CALLS_IN_AVERAGE;
    }

    private void fail(IOException broken) throws IOException {
        synchronized (this) {
            throwIfFailed();
            failure = broken;
        }
        onFailure.accept(broken);
        throw broken;
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
