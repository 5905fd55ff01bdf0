package io.sluice.backstore.file;

/**
 * Decides whether a write to the page cache is made in the thread of the caller, which must not be held up. That takes a few
 * microseconds, until the kernel makes writers wait for the disk. After a slow write the others go to threads of their own,
 * for so long that callers are held up for no more than a twentieth of the time, however long the kernel lets them wait.
 * Thread-safe.
 */
final class InlinePace {

    /** What a write takes at most that did not wait; on a busy machine the thread may have lost the processor meanwhile. */
    private static final long SLOW_NANOS = 4_000_000;

    private static final int REST_TIMES = 20;

    private volatile long restUntil;

    /** @param nowNanos the present {@link System#nanoTime} */
    InlinePace(long nowNanos) {
        restUntil = nowNanos;
    }

    /** Returns whether a write may be tried now. */
    boolean mayTry(long nowNanos) {
        return nowNanos - restUntil >= 0;
    }

    /** Takes notice of when a write began and ended. */
    void took(long beganNanos, long endedNanos) {
        long nanos = endedNanos - beganNanos;
        if (nanos > SLOW_NANOS) {
            restUntil = endedNanos + nanos * REST_TIMES;
        }
    }
}
