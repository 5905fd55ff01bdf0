package io.sluice.volume.log;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Lets an initiator, or a broken store, fill no log: of what they can cause at will a line is written now and then, with a count
 * of the others.
 * Thread-safe.
 */
public final class SeldomLog {

    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();
    private static final int FEW = 5;

    private final int first;
    private final LongSupplier nanos;
    private long since;
    private int lines;
    private int silent;

    /** Writes a few lines before it falls silent for a while. */
    public SeldomLog() {
        this(FEW);
    }

    /** @param first so many lines are written before it falls silent for a while */
    public SeldomLog(int first) {
        this(first, System::nanoTime);
    }

    SeldomLog(int first, LongSupplier nanos) {
        this.first = first;
        this.nanos = nanos;
        this.since = nanos.getAsLong();
    }

    /**
     * Writes a line, unless there have been many.
     *
     * @param line writes it, and at its end what it is given: how many were not written before it, or nothing
     */
    public void line(Consumer<String> line) {
        String others = next();
        if (others != null) {
            line.accept(others);
        }
    }

    private synchronized String next() {
        long time = nanos.getAsLong();
        if (time - since > PAUSE_NANOS) {
            since = time;
            lines = 0;
        }
        lines++;
        if (lines > first) {
            silent++;
            return null;
        }
        String others = silent == 0 ? "" : " (and " + silent + " more before)";
        silent = 0;
        return others;
    }
}
