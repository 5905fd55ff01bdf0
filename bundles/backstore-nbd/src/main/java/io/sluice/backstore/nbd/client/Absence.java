package io.sluice.backstore.nbd.client;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Since when a server has answered nothing, and when it is tried next. Used on the event loop of its link. */
final class Absence {

    private static final long FIRST_DELAY_MILLIS = 50;
    private static final long LONGEST_DELAY_MILLIS = 1000;

    /** A connection that is lost sooner is no reason to try the next one at once. */
    private static final long LASTING_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Duration patience;
    private boolean away;
    private long since;
    private long connectedAt = System.nanoTime();
    private long delayMillis = FIRST_DELAY_MILLIS;

    /** @param patience how long a server may be away */
    Absence(Duration patience) {
        this.patience = patience;
    }

    /** Something of the server is lost: its patience is counted from here, if it is not counted already. */
    void begins() {
        if (!away) {
            away = true;
            since = System.nanoTime();
        }
    }

    /** All connections are lost; returns after how many milliseconds the next one is tried. */
    long lost() {
        begins();
        long now = System.nanoTime();
        if (now - connectedAt < LASTING_NANOS) {
            return nextDelay();
        }
        delayMillis = FIRST_DELAY_MILLIS;
        return 0;
    }

    /** No connection could be made; returns after how many milliseconds the next one is tried. */
    long failed() {
        return Math.min(nextDelay(), 1 + TimeUnit.NANOSECONDS.toMillis(patienceLeftNanos()));
    }

    private long nextDelay() {
        long delay = delayMillis;
        delayMillis = Math.min(2 * delay, LONGEST_DELAY_MILLIS);
        return delay;
    }

    /** There is a connection; whether it is worth something is not known yet. */
    void connected() {
        connectedAt = System.nanoTime();
    }

    /** The server answers, or there is nothing to ask it. */
    void ends() {
        away = false;
    }

    long patienceNanos() {
        return patience.toNanos();
    }

    long patienceLeftNanos() {
        return Math.max(0, patience.toNanos() - (System.nanoTime() - since));
    }
}
