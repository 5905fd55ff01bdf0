package io.sluice.metrics;

/**
 * Commands of one kind.
 *
 * @param durations how long those took that were answered, whatever with, from when they had come until their status was handed to
 *     the connection
 * @param bytes data of initiators that those have moved which succeeded
 */
public record CommandStatistics(DurationHistogram durations, long bytes) {

    /** None. */
    public static final CommandStatistics NONE = new CommandStatistics(DurationHistogram.NONE, 0);

    /** Returns what has come since an earlier look at the same counters. */
    public CommandStatistics since(CommandStatistics earlier) {
        return new CommandStatistics(
                durations.since(earlier.durations), bytes < earlier.bytes ? bytes : bytes - earlier.bytes);
    }

    /** Returns both together. */
    public CommandStatistics plus(CommandStatistics other) {
        return new CommandStatistics(durations.plus(other.durations), bytes + other.bytes);
    }
}
