package io.sluice.backstore.pace;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Lets operations begin as fast as limits allow; the others wait in order, reads apart from writes. How many wait and how long
 * is bounded: what cannot begin within half of the time that a volume gives its store is refused with BUSY, which hosts try
 * again, so that waiting is never taken for a store that hangs. Thread-safe; no thread waits here.
 */
public final class Pacer {

    /** How many may wait. */
    public static final int QUEUE = 8192;

    /** How long one may wait. */
    public static final Duration LONGEST_WAIT = Duration.ofSeconds(15);

    private final Clock clock;
    private final TokenBucket operations;
    private final TokenBucket bytes;
    private final Line reads;
    private final Line writes;
    private volatile boolean unlimited;

    /** When {@link #drain} comes next; only if {@link #awaited}. */
    private long awaitedNanos;

    private boolean awaited;

    /** Whether a thread is at it to let those go whose turn has come: one at a time, so that they begin in order. */
    private boolean draining;

    /** The time, and somebody who comes back later. */
    public interface Clock {

        /** Returns the time, as {@code System.nanoTime} has it. */
        long nanos();

        /** Runs something after a while, on a thread on which operations may begin; at once if it can do that no more. */
        void after(long delayNanos, Runnable action);
    }

    /** What an operation counts as. Those of one direction begin in order, and may pass those of the other one. */
    public enum Direction {
        READ,
        WRITE
    }

    /** An operation that waits for its turn: one of the two methods is called, once, on any thread, and with no lock held. */
    public abstract static class Turn {

        private final Direction direction;
        private final long length;
        private final boolean counted;
        private final boolean urgent;
        private long sinceNanos;

        /** @param length bytes that it moves */
        protected Turn(Direction direction, long length) {
            this(direction, length, true, false);
        }

        /**
         * @param counted whether it counts; otherwise it only waits for those before it
         * @param urgent whether it goes before those that are not
         */
        protected Turn(Direction direction, long length, boolean counted, boolean urgent) {
            this.direction = direction;
            this.length = length;
            this.counted = counted;
            this.urgent = urgent;
        }

        /** It may begin, and has been counted. Must not wait, and must not throw: who is behind it begins after this. */
        protected abstract void begin();

        /** It may not begin: as many wait as may, or it has waited as long as one may. Must not wait, and must not throw. */
        protected abstract void refused(BackstoreException busy);
    }

    /** Reads, or writes: their own limits, and those of them that wait. */
    private static final class Line {
        private final TokenBucket operations;
        private final TokenBucket bytes;
        private final Set<Turn> urgent = new LinkedHashSet<>();
        private final Set<Turn> waiting = new LinkedHashSet<>();

        Line(long now) {
            operations = new TokenBucket(now);
            bytes = new TokenBucket(now);
        }

        int size() {
            return urgent.size() + waiting.size();
        }

        Turn first() {
            return !urgent.isEmpty() ? urgent.iterator().next() : first(waiting);
        }

        static Turn first(Set<Turn> turns) {
            return turns.isEmpty() ? null : turns.iterator().next();
        }

        void add(Turn turn) {
            (turn.urgent ? urgent : waiting).add(turn);
        }

        boolean remove(Turn turn) {
            return (turn.urgent ? urgent : waiting).remove(turn);
        }
    }

    /** Makes one of which nobody has taken anything yet. */
    public Pacer(Limits limits, Clock clock) {
        this.clock = clock;
        long now = clock.nanos();
        operations = new TokenBucket(now);
        bytes = new TokenBucket(now);
        reads = new Line(now);
        writes = new Line(now);
        set(limits, now);
    }

    private static BackstoreException busy(String what) {
        return new BackstoreException(Fault.BUSY, what + ", as the limit is far below the load");
    }

    /** Sets other limits; what waits is let go by them. */
    public void set(Limits limits) {
        synchronized (this) {
            set(limits, clock.nanos());
        }
        clock.after(0, this::drain);
    }

    private void set(Limits limits, long now) {
        long burst = limits.burst().toNanos();
        unlimited = limits.none();
        operations.set(limits.iops(), burst, now);
        bytes.set(limits.bandwidth(), burst, now);
        reads.operations.set(limits.readIops(), burst, now);
        reads.bytes.set(limits.readBandwidth(), burst, now);
        writes.operations.set(limits.writeIops(), burst, now);
        writes.bytes.set(limits.writeBandwidth(), burst, now);
    }

    private Line line(Direction direction) {
        return direction == Direction.READ ? reads : writes;
    }

    /** Returns whether an operation may begin now; {@link #take} counts it. */
    public synchronized boolean mayBegin(Direction direction) {
        return mayBegin(line(direction), clock.nanos());
    }

    /** Who waits goes first, and so does who has had its turn and not begun yet. */
    private boolean mayBegin(Line line, long now) {
        return !draining && line.size() == 0 && waitNanos(line, now) <= 0;
    }

    /** Counts an operation that begins. */
    public synchronized void take(Direction direction, long length) {
        take(line(direction), length, clock.nanos());
    }

    /** Counts an operation and returns true, if it may begin now; otherwise there is {@link #await} for it. */
    public synchronized boolean takeIfMayBegin(Direction direction, long length) {
        Line line = line(direction);
        long now = clock.nanos();
        boolean begins = mayBegin(line, now);
        if (begins) {
            take(line, length, now);
        }
        return begins;
    }

    /**
     * Has an operation wait for its turn.
     *
     * @return true if it may begin now after all, and was counted; it is not told then
     */
    public boolean await(Turn turn) {
        synchronized (this) {
            Line line = line(turn.direction);
            long now = clock.nanos();
            if (turn.counted ? mayBegin(line, now) : !draining && line.size() == 0) {
                count(turn, now);
                return true;
            }
            if (waiting() < QUEUE) {
                turn.sinceNanos = now;
                line.add(turn);
                await(now);
                return false;
            }
        }
        turn.refused(busy(QUEUE + " operations wait already"));
        return false;
    }

    /** Takes an operation back; returns whether it waited, and will not be told now. */
    public synchronized boolean withdraw(Turn turn) {
        Line line = line(turn.direction);
        boolean waited = line.remove(turn);
        Turn first = line.first();
        if (waited && first != null && !first.counted) {
            clock.after(0, this::drain);
        }
        return waited;
    }

    /** Runs something at once, on a thread on which operations may begin. */
    public void execute(Runnable action) {
        clock.after(0, action);
    }

    private long waitNanos(Line line, long now) {
        return Math.max(
                Math.max(operations.waitNanos(now), bytes.waitNanos(now)),
                Math.max(line.operations.waitNanos(now), line.bytes.waitNanos(now)));
    }

    private void count(Turn turn, long now) {
        if (turn.counted) {
            take(line(turn.direction), turn.length, now);
        }
    }

    private void take(Line line, long length, long now) {
        operations.take(1, now);
        bytes.take(length, now);
        line.operations.take(1, now);
        line.bytes.take(length, now);
    }

    /** Lets everything go that waits, whatever the limits are, and counts none of it. */
    public void hurry() {
        List<Turn> all = new ArrayList<>();
        synchronized (this) {
            for (Line line : List.of(reads, writes)) {
                all.addAll(line.urgent);
                all.addAll(line.waiting);
                line.urgent.clear();
                line.waiting.clear();
            }
        }
        all.forEach(Turn::begin);
    }

    /** Returns how many wait. */
    public synchronized int waiting() {
        return reads.size() + writes.size();
    }

    /** Returns whether nothing is limited; perhaps something still waits. */
    public boolean unlimited() {
        return unlimited;
    }

    /** Returns whether nothing is limited and nothing waits: as long as no limit is set, nobody will ever wait here. */
    public synchronized boolean idle() {
        return unlimited && !draining && waiting() == 0;
    }

    private void tick() {
        synchronized (this) {
            awaited = false;
        }
        drain();
    }

    private void drain() {
        synchronized (this) {
            if (draining) {
                return;
            }
            draining = true;
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    /** Returns what is to be told next; null if nothing is left for now, and then nobody drains any more. */
    private synchronized Runnable next() {
        long now = clock.nanos();
        for (Line line : List.of(reads, writes)) {
            Turn late = expired(line, now);
            if (late != null) {
                line.remove(late);
                return () ->
                        late.refused(busy("an operation has waited " + LONGEST_WAIT.toSeconds() + " s for its turn"));
            }
        }
        Turn first = nextTurn(now);
        if (first == null) {
            draining = false;
            await(now);
            return null;
        }
        line(first.direction).remove(first);
        count(first, now);
        return first::begin;
    }

    private static Turn expired(Line line, long now) {
        Turn urgent = Line.first(line.urgent);
        if (urgent != null && expiresNanos(urgent, now) <= 0) {
            return urgent;
        }
        Turn other = Line.first(line.waiting);
        return other != null && expiresNanos(other, now) <= 0 ? other : null;
    }

    private static long expiresNanos(Turn turn, long now) {
        return turn == null ? Long.MAX_VALUE : turn.sinceNanos + LONGEST_WAIT.toNanos() - now;
    }

    /** Returns whose turn it is: of both, the one that has waited longer. */
    private Turn nextTurn(long now) {
        Turn read = ready(reads, now);
        Turn write = ready(writes, now);
        if (read != null && write != null) {
            return read.sinceNanos - write.sinceNanos <= 0 ? read : write;
        }
        return read != null ? read : write;
    }

    private Turn ready(Line line, long now) {
        Turn first = line.first();
        return first != null && (!first.counted || waitNanos(line, now) <= 0) ? first : null;
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

    private long delay(Line line, long now) {
        if (line.size() == 0) {
            return Long.MAX_VALUE;
        }
        long expires =
                Math.min(expiresNanos(Line.first(line.urgent), now), expiresNanos(Line.first(line.waiting), now));
        return Math.max(0, Math.min(waitNanos(line, now), expires));
    }
}
