package io.sluice.iscsi.connection;

import io.sluice.iscsi.transfer.DataBudget;
import java.time.Duration;

/**
 * The knobs of the iSCSI server.
 *
 * <p>What initiators can make it hold is {@code dataMemoryBytes} for all their data together, whatever they do, and for each
 * connection besides: before the login 64 KiB of text and 8 KiB of a PDU; after it, at most one data segment of 256 KiB that
 * is still coming, one receive buffer of 512 KiB if it does not take its answers, and 1,024 answers of less than half a KiB
 * and their text, which the budget counts. Two receive buffers for each event loop, and what the allocator has in chunks of
 * 4 MiB that are partly in use, come on top.
 *
 * @param threads event loops; 0 means one per processor
 * @param maxConnections connections that are open at a time, logged in or not; half of them may be without a login
 * @param maxSessions normal sessions at a time, of which an initiator may have a quarter from each address; discovery sessions may be a
 *     quarter of that, besides
 * @param loginTimeout time from the connection to the end of the login
 * @param pingInterval silence after which the initiator is pinged
 * @param pingTimeout time that it has to answer, and to send some of the data that it owes; ten times that for all a
 *     command owes, and four times for a discovery session
 * @param endTimeout time that a session's or a task's end may take; more than the engine gives a store to answer
 * @param commandWindow commands of a session that may be under way
 * @param maxConnectionsPerSession connections that an initiator may have in a session
 * @param asyncEvents whether initiators are told at once of other LUNs, capacities and access states
 * @param localSendFileBytes from which length on the kernel sends reads from a file to an initiator on this machine too,
 *     which pays for the first touch of the data then
 * @param busyPoll how long after the last event an event loop looks for the next one before it sleeps; each loop takes
 *     a whole processor for that time
 * @param dataMemoryBytes memory for the data of all sessions; an initiator may have a quarter, see {@link DataBudget}
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
        int maxConnectionsPerSession,
        boolean asyncEvents,
        int localSendFileBytes,
        Duration busyPoll,
        long dataMemoryBytes) {

    /** Whoever sends nothing for so long would not notice. */
    public static final Duration LONGEST_BUSY_POLL = Duration.ofMillis(100);

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
            8,
            true,
            512 << 10,
            Duration.ZERO,
            128L << 20);

    /** Handles have 16 bits, some are for discovery, and one is not used again soon. */
    public static final int MOST_SESSIONS = 32_768;

    /** All connections of a session share an event loop. */
    public static final int MOST_CONNECTIONS = 64;

    public ServerSettings {
        if (threads < 0 || maxConnections < 1 || maxSessions < 1 || commandWindow < 1) {
            throw new IllegalArgumentException("threads and limits of the iSCSI server have to be positive");
        }
        if (maxConnectionsPerSession < 1 || maxConnectionsPerSession > MOST_CONNECTIONS) {
            throw new IllegalArgumentException("a session has 1 to " + MOST_CONNECTIONS + " connections");
        }
        if (dataMemoryBytes < DataBudget.MINIMUM) {
            throw new IllegalArgumentException(
                    "the iSCSI server needs " + (DataBudget.MINIMUM >> 20) + " MiB of memory for data at least");
        }
        if (maxSessions > MOST_SESSIONS) {
            throw new IllegalArgumentException("there are handles for " + MOST_SESSIONS + " sessions at most");
        }
        if (busyPoll.isNegative() || busyPoll.compareTo(LONGEST_BUSY_POLL) > 0) {
            throw new IllegalArgumentException("an event loop looks for events for " + LONGEST_BUSY_POLL.toMillis()
                    + " ms at most before it sleeps");
        }
        for (Duration time : new Duration[] {loginTimeout, pingInterval, pingTimeout, endTimeout}) {
            if (time.isZero() || time.isNegative()) {
                throw new IllegalArgumentException("times of the iSCSI server have to be at least a second");
            }
        }
    }
}
