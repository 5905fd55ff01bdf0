package io.sluice.config;

/**
 * How fast something may be used; at least one of the two rates is limited.
 *
 * @param iops operations a second; 0 for no limit
 * @param bandwidthBytes bytes a second; 0 for no limit
 * @param burstMillis for how long a limit that is not used is saved up, in milliseconds
 */
public record LimitConfig(long iops, long bandwidthBytes, int burstMillis) {

    /** Below it a few commands of a host would wait longer than the host does. */
    public static final long LEAST_IOPS = 10;

    /** One of the longest transfers of a host takes seconds at this rate. */
    public static final long LEAST_BANDWIDTH = 1 << 20;

    /** No rate is larger. */
    public static final long MOST = 1L << 50;

    /** The burst where none is said. */
    public static final int USUAL_BURST_MILLIS = 100;

    /** No burst is longer. */
    public static final int LONGEST_BURST_MILLIS = 10_000;

    public LimitConfig {
        require("iops", iops, LEAST_IOPS);
        require("bandwidthBytes", bandwidthBytes, LEAST_BANDWIDTH);
        if (burstMillis < 0 || burstMillis > LONGEST_BURST_MILLIS) {
            throw new IllegalArgumentException(
                    "burstMillis of a limit is 0 to " + LONGEST_BURST_MILLIS + ", not " + burstMillis);
        }
        if (iops == 0 && bandwidthBytes == 0) {
            throw new IllegalArgumentException("a limit needs iops or bandwidthBytes, or both");
        }
    }

    private static void require(String field, long rate, long least) {
        if (rate != 0 && (rate < least || rate > MOST)) {
            throw new IllegalArgumentException(
                    field + " of a limit is at least " + least + " and at most " + MOST + ", not " + rate);
        }
    }
}
