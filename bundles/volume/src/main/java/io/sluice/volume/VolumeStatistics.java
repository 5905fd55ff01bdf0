package io.sluice.volume;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.AtomicHistogram;

/**
 * What a volume has done since it was made: for each kind of operation the number, the bytes, the failures and how long they
 * took. Recording takes no lock. Thread-safe.
 */
public final class VolumeStatistics {

    private static final long LONGEST_MICROS = 120_000_000;
    private static final int SIGNIFICANT_DIGITS = 1;
    private static final OperationKind[] KINDS = OperationKind.values();

    private final LongAdder[] bytes = adders();
    private final LongAdder[] failures = adders();
    private final LongAdder held = new LongAdder();
    private final LongAdder overdue = new LongAdder();
    private final TimeSpent waited = new TimeSpent();
    private final TimeSpent fenced = new TimeSpent();

    /** Three kibibytes each, made with the first operation of a kind: most units never see some. */
    private final AtomicReferenceArray<AtomicHistogram> latencies = new AtomicReferenceArray<>(KINDS.length);

    private static LongAdder[] adders() {
        LongAdder[] adders = new LongAdder[KINDS.length];
        for (int i = 0; i < adders.length; i++) {
            adders[i] = new LongAdder();
        }
        return adders;
    }

    void succeeded(OperationKind kind, int length, long nanos) {
        bytes[kind.ordinal()].add(length);
        histogram(kind).recordValue(Math.min(LONGEST_MICROS, Math.max(1, nanos / 1000)));
    }

    void failed(OperationKind kind) {
        failures[kind.ordinal()].increment();
    }

    void held() {
        held.increment();
    }

    void overdue() {
        overdue.increment();
    }

    /** Takes the time in which operations wait for a store. */
    TimeSpent waited() {
        return waited;
    }

    /** Takes the time in which a change is overdue. */
    TimeSpent fenced() {
        return fenced;
    }

    private AtomicHistogram histogram(OperationKind kind) {
        AtomicHistogram histogram = latencies.get(kind.ordinal());
        if (histogram == null) {
            latencies.compareAndSet(kind.ordinal(), null, new AtomicHistogram(LONGEST_MICROS, SIGNIFICANT_DIGITS));
            histogram = latencies.get(kind.ordinal());
        }
        return histogram;
    }

    /** Returns the operations of a kind that succeeded. */
    public long count(OperationKind kind) {
        AtomicHistogram histogram = latencies.get(kind.ordinal());
        return histogram == null ? 0 : histogram.getTotalCount();
    }

    /** Returns the bytes that operations of a kind have moved; 0 for kinds that move none. */
    public long bytes(OperationKind kind) {
        return bytes[kind.ordinal()].sum();
    }

    /** Returns the operations of a kind that failed. */
    public long failures(OperationKind kind) {
        return failures[kind.ordinal()].sum();
    }

    /** Returns the time in microseconds that a part of the operations of a kind was faster than, to about 6 %; 0 without any. */
    public long latencyMicros(OperationKind kind, double percentile) {
        AtomicHistogram histogram = latencies.get(kind.ordinal());
        return histogram == null ? 0 : histogram.getValueAtPercentile(percentile);
    }

    /** Returns the operations that had to wait for a store. */
    public long heldCount() {
        return held.sum();
    }

    /** Returns the time in nanoseconds in which some operation waited for a store. */
    public long waitedNanos() {
        return waited.nanos();
    }

    /** Returns the time in nanoseconds in which some change was overdue, so that no other was made. */
    public long fencedNanos() {
        return fenced.nanos();
    }

    /** Returns the operations that were given up after their deadline. */
    public long overdueCount() {
        return overdue.sum();
    }
}
