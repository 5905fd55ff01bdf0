package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Takes writes off the threads that must not wait. No kernel promises that a write to a file does not wait: a file system that
 * is frozen holds up even one with RWF_NOWAIT. To hand each write to a pool costs a wake-up for each, so one thread, the
 * writer, takes all that has gathered, performs it and tells of it in turn. Under load it is woken for several at a time.
 *
 * <p>When the writer itself is held up, helpers perform what is behind: few, so that threads are left for reads. A store
 * that hangs holds up the writer and the helpers, and nobody else. Thread-safe.
 */
final class WriteQueue {

    /** Performs a write; may wait. */
    @FunctionalInterface
    interface Writer {
        void write(long offset, ByteBuffer[] source) throws BackstoreException;
    }

    /** Tells of a write that probably waits for the disk, so that the others do not wait behind it. */
    @FunctionalInterface
    interface Forecast {
        boolean readsBefore(long offset, long lengthBytes);
    }

    private enum State {
        /** The writer has no thread. */
        IDLE,
        RUNNING,
        /** The writer waits for work. */
        PARKED
    }

    /** How long a write may take before others are done without the writer. */
    private static final long HELD_UP_MILLIS = 10;

    private static final int HELPERS = 6;

    /** More than a volume ever has under way, unless its disk hangs. */
    private static final int WAITING = 16_384;

    private static final int TOLD_TOGETHER = Gathering.MOST;
    private static final long TOLD_AFTER_NANOS = 200_000;

    /** When fewer come than were expected, the writer looks after this time. */
    private static final long GATHERING_NANOS = 50_000;

    /** So long the writer keeps its thread without work. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Writer writer;
    private final Forecast forecast;
    private final Executor executor;
    private final Executor later;
    private final AtomicReference<PendingWrite> newest = new AtomicReference<>();
    private final AtomicReference<State> state = new AtomicReference<>(State.IDLE);
    private final AtomicInteger helpers = new AtomicInteger();
    private final AtomicBoolean watched = new AtomicBoolean();

    /** What the writer has taken from the queue; helpers look for what is not claimed. */
    private volatile PendingWrite batch;

    /** Whether the writer has waited for more than came; its own. */
    private boolean tooFew;

    private volatile Thread thread;
    private volatile int wanted = 1;
    private volatile long busySince;
    private volatile boolean heldUp;
    private volatile boolean ended;

    /** @param executor whose threads write: more than six, as other work needs some too */
    WriteQueue(Writer writer, Forecast forecast, Executor executor) {
        this.writer = writer;
        this.forecast = forecast;
        this.executor = executor;
        this.later = CompletableFuture.delayedExecutor(HELD_UP_MILLIS, TimeUnit.MILLISECONDS, executor);
    }

    /** Takes a write; never waits. */
    CompletionStage<Void> submit(PendingWrite write) {
        PendingWrite before;
        do {
            before = newest.get();
            if (before != null && before.number >= WAITING) {
                return CompletableFuture.failedFuture(
                        new BackstoreException(Fault.NOT_READY, WAITING + " writes wait: the disk does not keep up"));
            }
            write.next = before;
            write.number = before == null ? 1 : before.number + 1;
        } while (!newest.compareAndSet(before, write));
        wake(write.number);
        return write;
    }

    private void wake(int waiting) {
        switch (state.get()) {
            case RUNNING -> {
                if (heldUp) {
                    startHelper();
                }
            }
            case PARKED -> {
                if (waiting >= wanted && state.compareAndSet(State.PARKED, State.RUNNING)) {
                    LockSupport.unpark(thread);
                }
            }
            case IDLE -> {
                if (state.compareAndSet(State.IDLE, State.RUNNING)) {
                    start();
                }
            }
        }
    }

    private void start() {
        try {
            executor.execute(this::run);
        } catch (RejectedExecutionException refused) {
            state.set(State.IDLE);
            var failure = new BackstoreException(Fault.NOT_READY, "the backstore takes no more work", refused);
            for (PendingWrite write = newest.getAndSet(null); write != null; write = write.next) {
                write.completeExceptionally(failure);
            }
        }
    }

    /** The writer: from the first write until none has come for a while. */
    private void run() {
        thread = Thread.currentThread();
        Gathering gathering = new Gathering(System.nanoTime());
        do {
            int performed = 0;
            busySince = System.nanoTime();
            watch();
            for (PendingWrite taken = take(); taken != null; taken = take()) {
                performed += perform(taken);
            }
            wanted = gathering.afterRun(performed, tooFew, System.nanoTime());
        } while (awaitWork());
    }

    /** Takes all that has gathered, the oldest first. */
    private PendingWrite take() {
        PendingWrite oldest = null;
        for (PendingWrite at = newest.getAndSet(null); at != null; ) {
            PendingWrite before = at.next;
            at.next = oldest;
            oldest = at;
            at = before;
        }
        batch = oldest;
        return oldest;
    }

    /** Performs a batch, less what helpers take of it, and returns how many there were. */
    private int perform(PendingWrite oldest) {
        PendingWrite[] untold = new PendingWrite[TOLD_TOGETHER];
        int told = 0;
        int count = 0;
        long first = busySince;
        for (PendingWrite write = oldest; write != null; write = write.next) {
            count++;
            if (write.claim() && performOrPass(write)) {
                untold[told++] = write;
            }
            long now = System.nanoTime();
            busySince = now;
            if (heldUp) {
                heldUp = false;
            }
            if (told == TOLD_TOGETHER || now - first > TOLD_AFTER_NANOS || write.next == null) {
                tell(untold, told);
                told = 0;
                first = now;
            }
        }
        return count;
    }

    /** Performs a write, or passes it to a thread of its own if that one probably waits; returns whether it was performed. */
    private boolean performOrPass(PendingWrite write) {
        if (forecast.readsBefore(write.offset, write.lengthBytes())) {
            try {
                executor.execute(() -> {
                    performOne(write);
                    tell(write);
                });
                return false;
            } catch (RejectedExecutionException closing) {
                // What has been taken is still done, here.
            }
        }
        performOne(write);
        return true;
    }

    private void performOne(PendingWrite write) {
        try {
            writer.write(write.offset, write.source);
        } catch (Throwable failed) {
            write.failure = failed;
        }
    }

    private void tell(PendingWrite[] performed, int count) {
        for (int i = 0; i < count; i++) {
            tell(performed[i]);
            performed[i] = null;
        }
    }

    private void tell(PendingWrite performed) {
        if (performed.failure != null) {
            performed.completeExceptionally(performed.failure);
        } else {
            performed.complete(null);
        }
    }

    /** Waits for as many writes as are worth it; returns false if none came and the writer has no thread any more. */
    private boolean awaitWork() {
        tooFew = false;
        state.set(State.PARKED);
        PendingWrite waiting = newest.get();
        if (wanted > 1 || waiting != null) {
            boolean enough = waiting != null && waiting.number >= wanted;
            if (!enough) {
                LockSupport.parkNanos(this, GATHERING_NANOS);
            }
            // Whoever of the two does it, the writer runs.
            tooFew = state.compareAndSet(State.PARKED, State.RUNNING) && !enough;
            return true;
        }
        long until = System.nanoTime() + IDLE_NANOS;
        while (state.get() == State.PARKED) {
            long left = until - System.nanoTime();
            if (left > 0 && !ended) {
                LockSupport.parkNanos(this, left);
            } else if (state.compareAndSet(State.PARKED, State.IDLE)) {
                return newest.get() != null && state.compareAndSet(State.IDLE, State.RUNNING);
            }
        }
        return true;
    }

    /** Sees to it that somebody looks at the writer from time to time while it is busy. */
    private void watch() {
        if (!watched.get() && watched.compareAndSet(false, true)) {
            later.execute(this::look);
        }
    }

    private void look() {
        boolean running = state.get() == State.RUNNING;
        if (!running && helpers.get() == 0) {
            watched.set(false);
            if (state.get() == State.RUNNING) {
                watch();
            }
            return;
        }
        long nanos = System.nanoTime() - busySince;
        heldUp = running && nanos > TimeUnit.MILLISECONDS.toNanos(HELD_UP_MILLIS);
        if (heldUp) {
            startHelper();
        }
        later.execute(this::look);
    }

    private void startHelper() {
        if (helpers.incrementAndGet() > HELPERS) {
            helpers.decrementAndGet();
            return;
        }
        try {
            executor.execute(this::help);
        } catch (RejectedExecutionException closing) {
            helpers.decrementAndGet();
        }
    }

    private void help() {
        try {
            for (PendingWrite write = unclaimed(); write != null; write = unclaimed()) {
                performOne(write);
                tell(write);
            }
        } finally {
            helpers.decrementAndGet();
        }
    }

    /** Returns a write that the caller has to perform: of what the writer has taken, then of what is behind; or null. */
    private PendingWrite unclaimed() {
        for (PendingWrite write = batch; write != null; write = write.next) {
            if (!write.isClaimed() && write.claim()) {
                return write;
            }
        }
        PendingWrite last;
        do {
            last = newest.get();
        } while (last != null && !newest.compareAndSet(last, last.next));
        return last != null && last.claim() ? last : null;
    }

    /** Gives the thread of the writer back once nothing is left to write. */
    void end() {
        ended = true;
        LockSupport.unpark(thread);
    }
}
