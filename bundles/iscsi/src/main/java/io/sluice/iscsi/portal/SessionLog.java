package io.sluice.iscsi.portal;

import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.iscsi.session.SessionJournal;
import io.sluice.volume.log.SeldomLog;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line when a session begins and one, with the reason, when it ends; those of normal sessions into the audit log
 * too. Anybody may make discovery sessions without end, so their lines are for those who look for them, or few.
 */
final class SessionLog implements SessionJournal {

    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);
    private static final Logger AUDIT = LoggerFactory.getLogger("io.sluice.audit");

    private static final Set<EndReason> FAULTS_OF_INITIATORS = EnumSet.of(
            EndReason.NO_ANSWER,
            EndReason.ANSWERS_NOT_TAKEN,
            EndReason.DATA_MISSING,
            EndReason.PROTOCOL_ERROR,
            EndReason.DISCOVERY_TOO_LONG);

    private static final Set<EndReason> USUAL_ENDS = EnumSet.of(EndReason.LOGGED_OUT, EndReason.CLOSED_BY_INITIATOR);

    private final SeldomLog discoveries = new SeldomLog();
    private final RefusalLog refusals = new RefusalLog();

    @Override
    public void refused(String remote, String initiator, String target, LoginStatus status, String reason) {
        refusals.line(
                remote.substring(0, Math.max(0, remote.lastIndexOf(':'))),
                others -> AUDIT.info(
                        "{}@{} log in to {}: refused, {}: {}{}",
                        initiator.isEmpty() ? "somebody" : initiator,
                        remote,
                        target.isEmpty() ? "no target" : target,
                        status,
                        reason,
                        others));
    }

    @Override
    public void began(Session session) {
        if (session.target() == null) {
            LOG.debug(
                    "session={} initiator={} remote={} begins a discovery",
                    session.tsih(),
                    session.initiator(),
                    remote(session));
            return;
        }
        LOG.info(
                "session={} initiator={} target={} remote={} logged in",
                session.tsih(),
                session.initiator(),
                session.targetName(),
                remote(session));
        AUDIT.info("{} log in to {} as session {}: done", who(session), session.targetName(), session.tsih());
    }

    @Override
    public void joined(Session session, SessionConnections.Open connection) {
        LOG.info("session={} connection={} remote={} joined", session.tsih(), connection.id(), connection.remote());
        AUDIT.info(
                "{}@{} join connection {} to session {}: done",
                session.initiator().iscsiName(),
                connection.remote(),
                connection.id(),
                session.tsih());
    }

    @Override
    public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
        LOG.info(
                "session={} connection={} remote={} ended, the session goes on: {}",
                session.tsih(),
                connection.id(),
                connection.remote(),
                why.text());
        AUDIT.info(
                "{}@{} end connection {} of session {}: {}",
                session.initiator().iscsiName(),
                connection.remote(),
                connection.id(),
                session.tsih(),
                why.text());
    }

    @Override
    public void ended(Session session, SessionEnd end) {
        if (session.target() != null) {
            log(session, end, "");
            AUDIT.info("{} end session {} with {}: {}", who(session), session.tsih(), session.targetName(), end.text());
        } else if (USUAL_ENDS.contains(end.reason())) {
            LOG.debug("session={} initiator={} has ended its discovery", session.tsih(), session.initiator());
        } else {
            discoveries.line(others -> log(session, end, others));
        }
    }

    /** The connection that it came by has said so. */
    @Override
    public void rejected(Session session, RejectReason reason) {
        LOG.trace("session={} rejected a PDU: {}", session.tsih(), reason);
    }

    private static void log(Session session, SessionEnd end, String others) {
        String line = String.format(
                "session=%d initiator=%s remote=%s ended: %s%s",
                session.tsih(), session.initiator(), remote(session), end.text(), others);
        if (FAULTS_OF_INITIATORS.contains(end.reason())) {
            LOG.warn(line);
        } else {
            LOG.info(line);
        }
    }

    private static String who(Session session) {
        return session.initiator().iscsiName() + "@" + remote(session);
    }

    private static String remote(Session session) {
        return session.connections().remoteAddress();
    }
}
