package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.LogoutRequestPdu;
import io.sluice.iscsi.pdu.LogoutResponsePdu;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionRegistry;

/** Logout requests and their answers (RFC 7143 11.14, 11.15). */
final class LogoutExchange {

    private static final int CLOSED = 0;
    private static final int CID_NOT_FOUND = 1;
    private static final int RECOVERY_NOT_SUPPORTED = 2;
    private static final int CLEANUP_FAILED = 3;
    private static final int CLOSE_CONNECTION = 1;
    private static final int REMOVE_FOR_RECOVERY = 2;

    private final Connection connection;
    private final Session session;
    private final SessionRegistry sessions;
    private final ConnectionGroup group;

    LogoutExchange(Connection connection, SessionRegistry sessions) {
        this.connection = connection;
        this.session = connection.session();
        this.sessions = sessions;
        this.group = connection.group();
    }

    /** Takes a request; it is answered when no command of what it ends can change data any more. */
    void onRequest(LogoutRequestPdu pdu) throws ProtocolException {
        int reason = pdu.reason();
        if (reason > REMOVE_FOR_RECOVERY) {
            throw ProtocolException.reject(RejectReason.INVALID_PDU_FIELD, "logout reason " + reason);
        }
        boolean own = pdu.connectionId() == connection.connectionId();
        if (reason == REMOVE_FOR_RECOVERY) {
            answer(pdu, RECOVERY_NOT_SUPPORTED);
        } else if (reason == CLOSE_CONNECTION && group.find(pdu.connectionId()) == null) {
            answer(pdu, CID_NOT_FOUND);
        } else if (reason == CLOSE_CONNECTION && !own) {
            connection.await(group.beginLogout(pdu.connectionId()), (ended, failure) -> {
                group.endLogout();
                answer(pdu, failure == null ? CLOSED : CLEANUP_FAILED);
            });
        } else if (reason == CLOSE_CONNECTION && group.isMultiple()) {
            connection.end().because(EndReason.LOGGED_OUT, "");
            connection.await(group.end(connection), (ended, failure) -> lastAnswer(pdu, failure == null));
        } else {
            session.endsBecause(EndReason.LOGGED_OUT);
            connection.await(sessions.end(session), (ended, failure) -> {
                if (failure != null) {
                    session.loggedOutTooEarly();
                }
                group.closeOthers(connection);
                lastAnswer(pdu, failure == null);
            });
        }
    }

    private void lastAnswer(LogoutRequestPdu pdu, boolean clean) {
        connection.writeAndClose(new LogoutResponsePdu(pdu.initiatorTaskTag(), clean ? CLOSED : CLEANUP_FAILED, 0, 0));
    }

    private void answer(LogoutRequestPdu pdu, int response) {
        connection.write(new LogoutResponsePdu(
                pdu.initiatorTaskTag(),
                response,
                connection.parameters().defaultTime2Wait(),
                connection.parameters().defaultTime2Retain()));
    }
}
