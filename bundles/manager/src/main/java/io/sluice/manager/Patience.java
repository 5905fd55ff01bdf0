package io.sluice.manager;

import io.sluice.manager.volume.SharingPatience;
import java.time.Duration;

/**
 * How long the gateway waits for what may never come.
 *
 * @param change for a change that someone waits for; it goes on all the same
 * @param making for storage to be made or made larger, each, from when it last told how far it is, if it tells; a large thick file
 *     may be written all over
 * @param drain for commands and sessions to end, and for stores to be closed, before a change goes on without them
 * @param withdrawal for stores to be closed whose bundle goes, which waits for it; they stay away until they are closed
 * @param stop for all to end when the gateway stops: together with a withdrawal before it less than a stop may take
 * @param retryFirst before something that is not there is tried again
 * @param retryLongest between tries at most
 * @param sharing for other gateways that have a disk too
 */
public record Patience(
        Duration change,
        Duration making,
        Duration drain,
        Duration withdrawal,
        Duration stop,
        Duration retryFirst,
        Duration retryLongest,
        SharingPatience sharing) {

    /** What suits people. Karaf gives a bundle 30 seconds to stop. */
    public static final Patience DEFAULTS = new Patience(
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            Duration.ofSeconds(30),
            Duration.ofSeconds(8),
            Duration.ofSeconds(15),
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            SharingPatience.DEFAULTS);
}
