package io.sluice.iscsi.session;

/** What management and other sessions may do with a session's connection; any thread. */
public interface SessionConnection {

    /** Closes the connection, telling the initiator first that its session is dropped. */
    void drop();

    /** Returns the local address for people. */
    String localAddress();

    /** Returns the initiator's address for people. */
    String remoteAddress();
}
