package io.sluice.iscsi.session;

import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.text.NegotiatedParameters;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** What management and other sessions may do with the connections of a session; any thread. */
public interface SessionConnections {

    /**
     * A connection of a session.
     *
     * @param id the initiator's number for it (CID)
     * @param local local address for people
     * @param remote the initiator's address for people
     */
    record Open(int id, String local, String remote) {}

    /** Stops all of them, then closes them, telling the initiator first that its session is dropped. */
    void drop();

    /**
     * Takes nothing more from the initiator: what it has sent and is not under way never will be.
     *
     * @return completes when that is so
     */
    CompletionStage<Void> stop();

    /**
     * Asks the initiator to log out, on each of them.
     *
     * @param seconds how long it has
     * @return completes when no command is under way, or all are closed
     */
    CompletionStage<Void> requestLogout(int seconds);

    /** Returns those that are open, the oldest first; the last one if none is any more. */
    List<Open> list();

    /** Returns who has come by each of them, those too that are about to join. */
    List<Admitted> admitted();

    /** Returns what holds for the session and for the oldest connection. */
    NegotiatedParameters parameters();

    /** Returns the local address of the oldest connection, for people. */
    default String localAddress() {
        return list().get(0).local();
    }

    /** Returns the initiator's address of the oldest connection, for people. */
    default String remoteAddress() {
        return list().get(0).remote();
    }
}
