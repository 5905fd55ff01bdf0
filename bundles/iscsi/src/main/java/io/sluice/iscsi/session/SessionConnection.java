package io.sluice.iscsi.session;

import java.util.concurrent.CompletionStage;

/** What management and other sessions may do with a session's connection; any thread. */
public interface SessionConnection {

    /** Stops the connection, then closes it, telling the initiator first that its session is dropped. */
    void drop();

    /**
     * Takes nothing more from the initiator: what it has sent and is not under way never will be.
     *
     * @return completes when that is so
     */
    CompletionStage<Void> stop();

    /**
     * Asks the initiator to log out.
     *
     * @param seconds how long it has
     * @return completes when no command is under way, or the connection is closed
     */
    CompletionStage<Void> requestLogout(int seconds);

    /** Returns the local address for people. */
    String localAddress();

    /** Returns the initiator's address for people. */
    String remoteAddress();
}
