package io.sluice.volume;

/** How long something has been so, all times together. Thread-safe. */
final class TimeSpent {

    private int depth;
    private long since;
    private long nanos;

    /** It is so from now on, or is so for one more reason. */
    synchronized void begin() {
        if (depth++ == 0) {
            since = System.nanoTime();
        }
    }

    /** One reason is gone. */
    synchronized void end() {
        if (--depth == 0) {
            nanos += System.nanoTime() - since;
        }
    }

    /** Returns the nanoseconds so far. */
    synchronized long nanos() {
        return nanos + (depth > 0 ? System.nanoTime() - since : 0);
    }
}
