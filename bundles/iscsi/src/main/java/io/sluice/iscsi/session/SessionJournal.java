package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.RejectReason;
import java.net.InetAddress;

/** Is told of sessions, and of what of initiators was refused, once each, on their event loops, so that it may not wait. */
public interface SessionJournal {

    /**
     * A login was refused.
     *
     * @param origin address that it came from
     * @param remote the same with the port, for people
     * @param initiator the name that was given; empty if none was
     * @param target the target that was asked for; empty if none was
     * @param status what the initiator is told
     * @param reason the true one, which the initiator is not told
     */
    void refused(InetAddress origin, String remote, String initiator, String target, LoginStatus status, String reason);

    /** A session has begun. */
    void began(Session session);

    /** Another connection has joined a session. */
    void joined(Session session, SessionConnections.Open connection);

    /** A connection of a session is closed, which goes on with others; its last commands may still be ending. */
    void left(Session session, SessionConnections.Open connection, SessionEnd why);

    /** The last connection of a session is closed; its last commands may still be ending. */
    void ended(Session session, SessionEnd end);

    /**
     * A PDU of a session was rejected.
     *
     * @param what which one, and why, for people
     */
    void rejected(Session session, RejectReason reason, String what);

    /**
     * An initiator has asked for a task management function.
     *
     * @param function its code
     */
    void managed(Session session, int function);
}
