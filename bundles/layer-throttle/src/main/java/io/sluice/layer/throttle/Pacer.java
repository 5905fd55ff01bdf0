package io.sluice.layer.throttle;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Lets operations begin as fast as the limits allow; the others wait in order, reads apart from writes. How many wait and how
 * long is bounded: what cannot begin within half of the time that a volume gives its store ends with BUSY, which hosts try
 * again, so that waiting is never taken for a store that hangs. Thread-safe; no thread waits here.
 */
final class Pacer {

    static final int QUEUE = 8192;
    static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    /** The time, and somebody who comes back later. */
    interface Clock {

        long nanos();

        /** Runs something after a while, on a thread on which operations may begin; at once if it can do that no more. */
        void after(long delayNanos, Runnable action);
    }

    private final Clock clock;
    private final TokenBucket operations;
    private final TokenBucket bytes;
    private final Direction reads;
    private final Direction writes;

    /** When {@link #drain} comes next; only if {@link #awaited}. */
    private long awaitedNanos;

    private boolean awaited;

    Pacer(Limits limits, Clock clock) {
        this.clock = clock;
        long now = clock.nanos();
        operations = new TokenBucket(now);
        bytes = new TokenBucket(now);
        reads = new Direction(now);
        writes = new Direction(now);
        set(limits, now);
    }

    /** Reads, or writes: their own limits, and those of them that wait. */
    private static final class Direction {
        private final TokenBucket operations;
        private final TokenBucket bytes;
        private final Queue<Waiting<?>> waiting = new ArrayDeque<>();

        Direction(long now) {
            operations = new TokenBucket(now);
            bytes = new TokenBucket(now);
        }
    }

    /** An operation whose turn has not come. */
    private static final class Waiting<T> {
        private final long length;
        private final long sinceNanos;
        private final Supplier<CompletionStage<T>> start;
        private final CompletableFuture<T> result = new CompletableFuture<>();

        Waiting(long length, long sinceNanos, Supplier<CompletionStage<T>> start) {
            this.length = length;
            this.sinceNanos = sinceNanos;
            this.start = start;
        }

        void begin() {
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

        void expire() {
            result.completeExceptionally(
                    busy("an operation has waited " + LONGEST_WAIT.toSeconds() + " s for its turn"));
        }
    }

    private static BackstoreException busy(String what) {
        return new BackstoreException(Fault.BUSY, what + ", as the limits of the throttle are far below the load");
    }

    /** Sets other limits; what waits is let go by them. */
    void set(Limits limits) {
        synchronized (this) {
            set(limits, clock.nanos());
        }
        drain();
    }

    private void set(Limits limits, long now) {
        long burst = limits.burst().toNanos();
        operations.set(limits.iops(), burst, now);
        bytes.set(limits.bandwidth(), burst, now);
        reads.operations.set(limits.readIops(), burst, now);
        reads.bytes.set(limits.readBandwidth(), burst, now);
        writes.operations.set(limits.writeIops(), burst, now);
        writes.bytes.set(limits.writeBandwidth(), burst, now);
    }

    <T> CompletionStage<T> read(long length, Supplier<CompletionStage<T>> start) {
        return submit(reads, length, start);
    }

    <T> CompletionStage<T> write(long length, Supplier<CompletionStage<T>> start) {
        return submit(writes, length, start);
    }

    private <T> CompletionStage<T> submit(Direction direction, long length, Supplier<CompletionStage<T>> start) {
        Waiting<T> waiting = null;
        synchronized (this) {
            long now = clock.nanos();
            if (direction.waiting.isEmpty() && waitNanos(direction, now) <= 0) {
                take(direction, length, now);
            } else if (reads.waiting.size() + writes.waiting.size() >= QUEUE) {
                return CompletableFuture.failedFuture(busy(QUEUE + " operations wait already"));
            } else {
                waiting = new Waiting<>(length, now, start);
                direction.waiting.add(waiting);
                await(now);
            }
        }
        return waiting == null ? start.get() : waiting.result;
    }

    /** Returns whether a read may begin now; {@link #takeRead} counts it. */
    synchronized boolean mayRead() {
        return reads.waiting.isEmpty() && waitNanos(reads, clock.nanos()) <= 0;
    }

    synchronized void takeRead(long length) {
        take(reads, length, clock.nanos());
    }

    private long waitNanos(Direction direction, long now) {
        return Math.max(
                Math.max(operations.waitNanos(now), bytes.waitNanos(now)),
                Math.max(direction.operations.waitNanos(now), direction.bytes.waitNanos(now)));
    }

    private void take(Direction direction, long length, long now) {
        operations.take(1, now);
        bytes.take(length, now);
        direction.operations.take(1, now);
        direction.bytes.take(length, now);
    }

    /** Lets everything go that waits, whatever the limits are. */
    void hurry() {
        List<Waiting<?>> all = new ArrayList<>();
        synchronized (this) {
            all.addAll(reads.waiting);
            all.addAll(writes.waiting);
            reads.waiting.clear();
            writes.waiting.clear();
        }
        all.forEach(waiting -> clock.after(0, waiting::begin));
    }

    synchronized int waiting() {
        return reads.waiting.size() + writes.waiting.size();
    }

    private void tick() {
        synchronized (this) {
            awaited = false;
        }
        drain();
    }

    private void drain() {
        List<Waiting<?>> begun = new ArrayList<>();
        List<Waiting<?>> expired = new ArrayList<>();
        synchronized (this) {
            long now = clock.nanos();
            expire(reads, now, expired);
            expire(writes, now, expired);
            for (Direction next = next(now); next != null; next = next(now)) {
                Waiting<?> first = next.waiting.remove();
                take(next, first.length, now);
                begun.add(first);
            }
            await(now);
        }
        begun.forEach(Waiting::begin);
        expired.forEach(Waiting::expire);
    }

    private static void expire(Direction direction, long now, List<Waiting<?>> expired) {
        while (!direction.waiting.isEmpty() && now - direction.waiting.element().sinceNanos >= LONGEST_WAIT.toNanos()) {
            expired.add(direction.waiting.remove());
        }
    }

    /** Returns whose turn it is: of both, the one that has waited longer. */
    private Direction next(long now) {
        boolean read = !reads.waiting.isEmpty() && waitNanos(reads, now) <= 0;
        boolean write = !writes.waiting.isEmpty() && waitNanos(writes, now) <= 0;
        if (read && write) {
            long ahead = reads.waiting.element().sinceNanos - writes.waiting.element().sinceNanos;
            return ahead <= 0 ? reads : writes;
        }
        return read ? reads : write ? writes : null;
    }

    /** Has somebody come back when the next turn comes, or the next one has waited too long. */
    private void await(long now) {
        long delay = Math.min(delay(reads, now), delay(writes, now));
        if (delay == Long.MAX_VALUE || (awaited && awaitedNanos - now <= delay)) {
            return;
        }
        awaited = true;
        awaitedNanos = now + delay;
        clock.after(delay, this::tick);
    }

    private long delay(Direction direction, long now) {
        if (direction.waiting.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long expires = direction.waiting.element().sinceNanos + LONGEST_WAIT.toNanos() - now;
        return Math.max(0, Math.min(waitNanos(direction, now), expires));
    }
}
