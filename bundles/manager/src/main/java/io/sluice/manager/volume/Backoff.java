package io.sluice.manager.volume;

import java.time.Duration;

/** How long to wait before something is tried again: twice as long each time, up to a limit. Guarded by its owner. */
public final class Backoff {

    private final Duration first;
    private final Duration longest;
    private Duration next;

    /** @param first before the second try */
    public Backoff(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.next = first;
    }

    /** Returns how long to wait now. */
    public Duration next() {
        Duration now = next;
        Duration doubled = now.multipliedBy(2);
        next = doubled.compareTo(longest) < 0 ? doubled : longest;
        return now;
    }

    /** It has worked, and for long: the next failure is a new one. */
    public void reset() {
        next = first;
    }
}
