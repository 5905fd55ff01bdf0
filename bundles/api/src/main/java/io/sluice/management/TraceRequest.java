package io.sluice.management;

import java.time.Duration;

/**
 * What is to be traced. Whatever is left empty does not matter.
 *
 * @param initiator iSCSI name of the initiator, or the name as which the configuration lets it in; empty for all
 * @param target iSCSI name of the target; empty for all
 * @param lun number of the logical unit; {@link #ANY_LUN} for all
 * @param slowerThan commands that take less have no line; zero for a line for each
 * @param dataBytes how much is kept of the data of each PDU, in bytes; 0 for nothing that belongs to a user
 * @param duration after what time the trace ends by itself
 * @param memoryBytes what it may keep, in bytes; of more the oldest goes
 */
public record TraceRequest(
        String initiator,
        String target,
        int lun,
        Duration slowerThan,
        int dataBytes,
        Duration duration,
        long memoryBytes) {

    /** Stands for all logical units. */
    public static final int ANY_LUN = -1;

    /** The longest time that a trace runs. */
    public static final Duration LONGEST = Duration.ofDays(1);

    /** All that happens, without data, for ten minutes. */
    public static final TraceRequest ALL =
            new TraceRequest("", "", ANY_LUN, Duration.ZERO, 0, Duration.ofMinutes(10), 64L << 20);

    private static final int MOST_DATA = 1 << 20;
    private static final int HIGHEST_LUN = 16_383;
    private static final long LEAST_MEMORY = 1L << 20;
    private static final long MOST_MEMORY = 1L << 30;

    public TraceRequest {
        if (lun < ANY_LUN || lun > HIGHEST_LUN) {
            throw new IllegalArgumentException("LUN " + lun + " cannot be: it is 0 to " + HIGHEST_LUN);
        }
        if (slowerThan.isNegative() || slowerThan.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("commands are told apart by up to a day");
        }
        if (dataBytes < 0 || dataBytes > MOST_DATA) {
            throw new IllegalArgumentException("of the data of a PDU up to 1 MiB is kept");
        }
        if (duration.isNegative() || duration.isZero() || duration.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a trace runs for a second to a day");
        }
        if (memoryBytes < LEAST_MEMORY || memoryBytes > MOST_MEMORY) {
            throw new IllegalArgumentException("a trace takes 1 MiB to 1 GiB of memory");
        }
    }

    /** Returns the same for an initiator. */
    public TraceRequest withInitiator(String name) {
        return new TraceRequest(name, target, lun, slowerThan, dataBytes, duration, memoryBytes);
    }

    /** Returns the same for a target. */
    public TraceRequest withTarget(String name) {
        return new TraceRequest(initiator, name, lun, slowerThan, dataBytes, duration, memoryBytes);
    }

    /** Returns the same for a logical unit. */
    public TraceRequest withLun(int number) {
        return new TraceRequest(initiator, target, number, slowerThan, dataBytes, duration, memoryBytes);
    }

    /** Returns the same with lines only for what takes as long. */
    public TraceRequest withSlowerThan(Duration time) {
        return new TraceRequest(initiator, target, lun, time, dataBytes, duration, memoryBytes);
    }

    /** Returns the same with so much of the data. */
    public TraceRequest withDataBytes(int bytes) {
        return new TraceRequest(initiator, target, lun, slowerThan, bytes, duration, memoryBytes);
    }

    /** Returns the same for another time. */
    public TraceRequest withDuration(Duration time) {
        return new TraceRequest(initiator, target, lun, slowerThan, dataBytes, time, memoryBytes);
    }

    /** Returns the same with other memory. */
    public TraceRequest withMemoryBytes(long bytes) {
        return new TraceRequest(initiator, target, lun, slowerThan, dataBytes, duration, bytes);
    }
}
