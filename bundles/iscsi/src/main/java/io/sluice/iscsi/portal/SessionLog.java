package io.sluice.iscsi.portal;

import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.login.Origin;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.HostLog;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.iscsi.session.SessionJournal;
import io.sluice.volume.log.SeldomLog;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line when a session begins and one, with the reason, when it ends; those of normal sessions into the audit log
 * too. Anybody may make discovery sessions without end, so their lines are for those who look for them, or few; and of no host are
 * there more than a log can take.
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

    /** A host that logs in to all of its targets at once is told of for each; a flood of logins is not. */
    private static final int LINES_OF_A_HOST = 200;

    private static final int LINES_OF_ALL = 2_000;

    private final SeldomLog discoveries = new SeldomLog();
    private final HostLog refusals = new HostLog();
    private final HostLog rejections = new HostLog();
    private final HostLog functions = new HostLog();
    private final HostLog begins = new HostLog(LINES_OF_A_HOST, LINES_OF_ALL);
    private final HostLog ends = new HostLog(LINES_OF_A_HOST, LINES_OF_ALL);

    @Override
    public void refused(
            InetAddress origin, String remote, String initiator, String target, LoginStatus status, String reason) {
        refusals.line(
                Origin.of(origin),
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
        begins.line(session, others -> {
            LOG.info(
                    "session={} initiator={} target={} remote={} logged in{}",
                    session.tsih(),
                    session.initiator(),
                    session.targetName(),
                    remote(session),
                    others);
            AUDIT.info(
                    "{} log in to {} as session {}: done{}",
                    who(session),
                    session.targetName(),
                    session.tsih(),
                    others);
        });
    }

    @Override
    public void joined(Session session, SessionConnections.Open connection) {
        begins.line(session, others -> {
            LOG.info(
                    "session={} connection={} remote={} joined{}",
                    session.tsih(),
                    connection.id(),
                    connection.remote(),
                    others);
            AUDIT.info(
                    "{}@{} join connection {} to session {}: done{}",
                    session.initiator().iscsiName(),
                    connection.remote(),
                    connection.id(),
                    session.tsih(),
                    others);
        });
    }

    @Override
    public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
        ends.line(session, others -> {
            LOG.info(
                    "session={} connection={} remote={} ended, the session goes on: {}{}",
                    session.tsih(),
                    connection.id(),
                    connection.remote(),
                    why.text(),
                    others);
            AUDIT.info(
                    "{}@{} end connection {} of session {}: {}{}",
                    session.initiator().iscsiName(),
                    connection.remote(),
                    connection.id(),
                    session.tsih(),
                    why.text(),
                    others);
        });
    }

    @Override
    public void ended(Session session, SessionEnd end) {
        if (session.target() != null) {
            ends.line(session, others -> {
                log(session, end, others);
                AUDIT.info(
                        "{} end session {} with {}: {}{}",
                        who(session),
                        session.tsih(),
                        session.targetName(),
                        end.text(),
                        others);
            });
        } else if (USUAL_ENDS.contains(end.reason())) {
            LOG.debug("session={} initiator={} has ended its discovery", session.tsih(), session.initiator());
        } else {
            discoveries.line(others -> log(session, end, others));
        }
    }

    @Override
    public void rejected(Session session, RejectReason reason, String what) {
        rejections.line(session, others -> LOG.warn("session={} rejected a {}{}", session.tsih(), what, others));
    }

    @Override
    public void managed(Session session, int function) {
        functions.line(
                session,
                others -> LOG.info("session={} task management function {}{}", session.tsih(), function, others));
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
