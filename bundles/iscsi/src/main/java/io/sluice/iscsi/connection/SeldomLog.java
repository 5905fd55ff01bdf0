package io.sluice.iscsi.connection;

import java.time.Duration;

/**
 * Lets an initiator fill no log: of what it can cause at will a line is written now and then, with a count of the others.
 * Thread-safe.
 */
public final class SeldomLog {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int FIRST = 5;

    private long since = System.nanoTime();
    private int lines;
    private int silent;

    /** Returns whether a line may be written now. */
    public synchronized boolean now() {
        long time = System.nanoTime();
        if (time - since > PAUSE_NANOS) {
            since = time;
            lines = 0;
        }
        lines++;
        if (lines > FIRST) {
            silent++;
            return false;
        }
        return true;
    }

    /** Returns what the line says of those that were not written, and begins to count anew. */
    public synchronized String others() {
        String text = silent == 0 ? "" : " (and " + silent + " more before)";
        silent = 0;
        return text;
    }
}
