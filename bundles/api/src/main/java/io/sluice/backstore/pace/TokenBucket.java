package io.sluice.backstore.pace;

/**
 * One limit: so many units in a second, with some of them at once after a pause. What is larger than that may begin when there
 * is anything left, and what comes next waits the longer for it. Kept as the time until which everything is taken. Used under
 * the lock of its {@link Pacer}.
 */
final class TokenBucket {

    private static final double NANOS = 1e9;

    private double perSecond;
    private long burstNanos;
    private long takenUntilNanos;

    TokenBucket(long nowNanos) {
        takenUntilNanos = nowNanos;
    }

    /**
     * Sets the limit; what is owed stays owed, and is paid at the new rate.
     *
     * @param unitsPerSecond 0 for no limit
     * @param burst for how long units may be saved up, in nanoseconds
     */
    void set(long unitsPerSecond, long burst, long nowNanos) {
        long ahead = takenUntilNanos - nowNanos;
        if (unitsPerSecond == 0 || perSecond == 0 || ahead < 0) {
            takenUntilNanos = nowNanos;
        } else {
            takenUntilNanos = nowNanos + (long) (ahead * (perSecond / unitsPerSecond));
        }
        perSecond = unitsPerSecond;
        burstNanos = burst;
    }

    /** Returns how long the next one has to wait, in nanoseconds; 0 or less if it may begin. */
    long waitNanos(long nowNanos) {
        return perSecond == 0 ? 0 : takenUntilNanos - burstNanos - nowNanos;
    }

    /** Takes units, whether there are that many or not. */
    void take(long units, long nowNanos) {
        if (perSecond != 0) {
            long from = takenUntilNanos - nowNanos > 0 ? takenUntilNanos : nowNanos;
            takenUntilNanos = from + (long) (units * NANOS / perSecond);
        }
    }
}
