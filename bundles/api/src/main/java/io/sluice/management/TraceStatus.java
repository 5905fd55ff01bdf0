package io.sluice.management;

import java.time.Instant;

/**
 * The trace of the moment, or the last one.
 *
 * @param running whether it goes on
 * @param request what was asked for; null if there is no trace
 * @param since when it began; null if there is no trace
 * @param until when it ends by itself, or has ended; null if there is no trace
 * @param lines how many lines it has had
 * @param linesKept how many of them are still there
 * @param pdus how many PDUs it has had
 * @param pdusKept how many of them are still there
 * @param bytes memory in use for both, in bytes
 */
public record TraceStatus(
        boolean running,
        TraceRequest request,
        Instant since,
        Instant until,
        long lines,
        long linesKept,
        long pdus,
        long pdusKept,
        long bytes) {

    /** There is no trace. */
    public static final TraceStatus NONE = new TraceStatus(false, null, null, null, 0, 0, 0, 0, 0);
}
