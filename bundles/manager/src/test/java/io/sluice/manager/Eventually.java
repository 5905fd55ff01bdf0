package io.sluice.manager;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for what other threads bring about, and no longer than until it is so. */
public final class Eventually {

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private Eventually() {}

    /** Returns when a question has the answer, and fails with the last one if that does not come. */
    public static <T> void isEqual(T expected, Callable<T> question) throws Exception {
        long until = System.nanoTime() + LIMIT_NANOS;
        T answer = question.call();
        while (!expected.equals(answer) && System.nanoTime() < until) {
            LockSupport.parkNanos(1_000_000);
            answer = question.call();
        }
        assertEquals(expected, answer);
    }

    /** Returns when a condition holds. */
    public static void isTrue(Callable<Boolean> condition) throws Exception {
        isEqual(true, condition);
    }
}
