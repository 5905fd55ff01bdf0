package io.sluice.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many commands took how long.
 *
 * @param counts the number of those that fell into each bucket and no lower one: a number more than there are bounds
 * @param nanos the time of all of them together, in nanoseconds
 */
public record DurationHistogram(List<Long> counts, long nanos) {

    private static final long[] BOUNDS = {
        50_000,
        100_000,
        250_000,
        500_000,
        1_000_000,
        2_500_000,
        5_000_000,
        10_000_000,
        25_000_000,
        50_000_000,
        100_000_000,
        250_000_000,
        500_000_000,
        1_000_000_000,
        2_500_000_000L,
        5_000_000_000L,
        10_000_000_000L,
        30_000_000_000L
    };

    private static final double NANOS = 1e9;

    /** Number of buckets, the last of which has no upper bound. */
    public static final int BUCKETS = BOUNDS.length + 1;

    /** Nothing took any time. */
    public static final DurationHistogram NONE =
            new DurationHistogram(IntStream.range(0, BUCKETS).mapToObj(i -> 0L).toList(), 0);

    /** Checks the number of buckets. */
    public DurationHistogram {
        counts = List.copyOf(counts);
        if (counts.size() != BUCKETS) {
            throw new IllegalArgumentException(counts.size() + " buckets in the place of " + BUCKETS);
        }
    }

    /** Returns the bucket that a time falls into; takes no memory. */
    public static int bucket(long nanos) {
        int found = Arrays.binarySearch(BOUNDS, nanos);
        return found < 0 ? -found - 1 : found;
    }

    /** Returns the upper bounds of all buckets but the last, in seconds; what took just as long is below. */
    public static double[] boundsSeconds() {
        return Arrays.stream(BOUNDS).mapToDouble(bound -> bound / NANOS).toArray();
    }

    /** Returns how many there are. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Returns what has come since an earlier look at the same counters; what was there alone if they have begun anew. */
    public DurationHistogram since(DurationHistogram earlier) {
        if (earlier.count() > count() || earlier.nanos > nanos) {
            return this;
        }
        return new DurationHistogram(
                IntStream.range(0, BUCKETS)
                        .mapToObj(i -> Math.max(0, counts.get(i) - earlier.counts.get(i)))
                        .toList(),
                nanos - earlier.nanos);
    }

    /** Returns both together. */
    public DurationHistogram plus(DurationHistogram other) {
        return new DurationHistogram(
                IntStream.range(0, BUCKETS)
                        .mapToObj(i -> counts.get(i) + other.counts.get(i))
                        .toList(),
                nanos + other.nanos);
    }

    /** Returns the mean in seconds; 0 without any. */
    public double meanSeconds() {
        long count = count();
        return count == 0 ? 0 : nanos / NANOS / count;
    }

    /**
     * Returns the time in seconds that a part of them did not exceed, as far as the buckets tell: within one, times are taken for
     * evenly spread. 0 without any.
     *
     * @param part from 0 to 1
     */
    public double quantileSeconds(double part) {
        double rank = part * count();
        long below = 0;
        for (int bucket = 0; bucket < BOUNDS.length; bucket++) {
            long in = counts.get(bucket);
            if (in > 0 && below + in >= rank) {
                double from = bucket == 0 ? 0 : BOUNDS[bucket - 1];
                return (from + (BOUNDS[bucket] - from) * (rank - below) / in) / NANOS;
            }
            below += in;
        }
        return count() == 0 ? 0 : BOUNDS[BOUNDS.length - 1] / NANOS;
    }
}
