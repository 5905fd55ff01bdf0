package io.sluice.backstore.file;

/**
 * Decides whether a write to the page cache is made in the thread of the caller, which must not be held up. That takes a few
 * microseconds, until the kernel makes writers wait for the disk; after one slow write the others go to threads of their own
 * for a while. Thread-safe.
 */
final class InlinePace {

    private static final long SLOW_NANOS = 2_000_000;
    private static final long REST_NANOS = 200_000_000;

    private volatile long restUntil = System.nanoTime();

    boolean mayTry() {
        return System.nanoTime() - restUntil >= 0;
    }

    void took(long nanos) {
        if (nanos > SLOW_NANOS) {
            restUntil = System.nanoTime() + REST_NANOS;
        }
    }
}
