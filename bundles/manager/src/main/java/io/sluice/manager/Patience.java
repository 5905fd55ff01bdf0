package io.sluice.manager;

import java.time.Duration;

/**
 * How long the gateway waits for what may never come.
 *
 * @param change for a change that someone waits for; it goes on all the same
 * @param drain for commands and sessions to end, and for stores to be closed, before a change goes on without them
 * @param stop for the same when the gateway stops, all together
 * @param retryFirst before something that is not there is tried again
 * @param retryLongest between tries at most
 */
public record Patience(Duration change, Duration drain, Duration stop, Duration retryFirst, Duration retryLongest) {

    /** What suits people. Karaf gives a bundle 30 seconds to stop. */
    public static final Patience DEFAULTS = new Patience(
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60));
}
