package io.sluice.rest.http;

import java.util.function.LongSupplier;

/**
 * Says how long each request waits, so that those of all together leave the processors to initiators. Nobody is refused: a few
 * at a time never wait, and none waits longer than a fifth of a second. On one event loop.
 */
final class Pace {

    private static final long SECOND = 1_000_000_000;

    /** Who is many waits no less; who comes behind them is not to pay for it. */
    private static final long LONGEST = SECOND / 5;

    private final long eachNanos;
    private final LongSupplier nanos;

    /** When all that were let in so far would be over, if they came one after the other; soon, however many they are. */
    private long until;

    /**
     * @param perSecond how many are let in, on and on; as many may come at once after a second without any
     * @param nanos the time
     */
    Pace(int perSecond, LongSupplier nanos) {
        this.eachNanos = SECOND / perSecond;
        this.nanos = nanos;
        this.until = nanos.getAsLong() - SECOND;
    }

    /** Lets a request in, and returns how many nanoseconds it has to wait before. */
    long letIn() {
        long now = nanos.getAsLong();
        long ahead = Math.max(until - now, -SECOND) + eachNanos;
        until = now + Math.min(ahead, LONGEST);
        return Math.max(0, until - now);
    }
}
