package io.sluice.iscsi.session;

/** Is told of sessions, once each, on their event loops, so that it may not wait. */
public interface SessionJournal {

    /** A session has begun. */
    void began(Session session);

    /** The connection of a session is closed; its last commands may still be ending. */
    void ended(Session session, SessionEnd end);
}
