package io.sluice.volume;

import java.util.OptionalDouble;

/**
 * Storage that is being made, between who makes it and who waits for it: how far that is, and whether it is still wanted.
 * Thread-safe; nothing here waits.
 */
public final class Making {

    private volatile boolean cancelled;
    private volatile double share = Double.NaN;
    private volatile double last = Double.NaN;
    private volatile long movedNanos = System.nanoTime();

    /** It is not wanted any more. */
    public void cancel() {
        cancelled = true;
    }

    /** Returns whether it is not wanted any more. */
    public boolean isCancelled() {
        return cancelled;
    }

    /** Tells how far it is, from 0 to 1; by one at a time. What is less than before goes on, but is not shown. */
    void tell(double told) {
        if (told >= 0 && told <= 1 && told != last) {
            movedNanos = System.nanoTime();
            last = told;
            share = Double.isNaN(share) ? told : Math.max(share, told);
        }
    }

    /** Returns how far it is, from 0 to 1; empty if nobody has told. */
    public OptionalDouble progress() {
        double told = share;
        return Double.isNaN(told) ? OptionalDouble.empty() : OptionalDouble.of(told);
    }

    /** Returns for how long it has not come further, in nanoseconds. */
    public long standingNanos() {
        return System.nanoTime() - movedNanos;
    }
}
