package io.sluice.iscsi.session;

/** Is told of sessions and of refused logins, once each, on their event loops, so that it may not wait. */
public interface SessionJournal {

    /**
     * A login was refused.
     *
     * @param remote where it came from
     * @param initiator the name that was given; empty if none was
     * @param target the target that was asked for; empty if none was
     * @param reason the true one, which the initiator is not told
     */
    void refused(String remote, String initiator, String target, String reason);

    /** A session has begun. */
    void began(Session session);

    /** Another connection has joined a session. */
    void joined(Session session, SessionConnections.Open connection);

    /** A connection of a session is closed, which goes on with others; its last commands may still be ending. */
    void left(Session session, SessionConnections.Open connection, SessionEnd why);

    /** The last connection of a session is closed; its last commands may still be ending. */
    void ended(Session session, SessionEnd end);
}
