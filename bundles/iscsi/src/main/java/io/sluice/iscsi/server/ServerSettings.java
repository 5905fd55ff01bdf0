package io.sluice.iscsi.server;

import java.time.Duration;

/**
 * The knobs of the iSCSI server.
 *
 * @param threads event loops; 0 means one per processor
 * @param maxConnections connections that are open at a time, logged in or not
 * @param maxSessions sessions at a time
 * @param loginTimeout time from the connection to the end of the login
 * @param pingInterval silence after which the initiator is pinged
 * @param pingTimeout time that it has to answer, and to send data that it owes
 * @param endTimeout time that a session's or a task's end may take; more than the engine gives a store to answer
 * @param commandWindow commands of a session that may be under way
 * @param dataMemoryBytes memory for the data of all sessions
 */
public record ServerSettings(
        int threads,
        int maxConnections,
        int maxSessions,
        Duration loginTimeout,
        Duration pingInterval,
        Duration pingTimeout,
        Duration endTimeout,
        int commandWindow,
        long dataMemoryBytes) {

    /** Settings that suit most. */
    public static final ServerSettings DEFAULTS = new ServerSettings(
            0,
            2048,
            1024,
            Duration.ofSeconds(15),
            Duration.ofSeconds(15),
            Duration.ofSeconds(30),
            Duration.ofSeconds(35),
            128,
            128L << 20);

    public ServerSettings {
        if (threads < 0 || maxConnections < 1 || maxSessions < 1 || commandWindow < 1 || dataMemoryBytes < 1) {
            throw new IllegalArgumentException("threads, limits and memory of the iSCSI server have to be positive");
        }
        for (Duration time : new Duration[] {loginTimeout, pingInterval, pingTimeout, endTimeout}) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("times of the iSCSI server have to be at least a second");
            }
        }
    }
}
