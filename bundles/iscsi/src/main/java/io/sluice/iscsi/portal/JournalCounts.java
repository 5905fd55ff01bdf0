package io.sluice.iscsi.portal;

import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.iscsi.session.SessionJournal;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import java.net.InetAddress;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a journal is told, and tells it on. */
final class JournalCounts implements SessionJournal {

    private final SessionJournal journal;
    private final Map<LoginStatus, LongAdder> logins = adders(LoginStatus.class);
    private final Map<EndReason, LongAdder> ends = adders(EndReason.class);
    private final Map<RejectReason, LongAdder> rejections = adders(RejectReason.class);

    JournalCounts(SessionJournal journal) {
        this.journal = journal;
    }

    private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> kinds) {
        Map<E, LongAdder> adders = new EnumMap<>(kinds);
        for (E kind : kinds.getEnumConstants()) {
            adders.put(kind, new LongAdder());
        }
        return adders;
    }

    void collect(MetricSink sink) {
        tell(sink, Metric.LOGINS, logins);
        tell(sink, Metric.SESSIONS_ENDED, ends);
        tell(sink, Metric.PDUS_REJECTED, rejections);
    }

    private static <E extends Enum<E>> void tell(MetricSink sink, Metric metric, Map<E, LongAdder> counts) {
        counts.forEach(
                (kind, count) -> sink.value(metric, count.sum(), kind.name().toLowerCase(Locale.ROOT)));
    }

    @Override
    public void refused(
            InetAddress origin, String remote, String initiator, String target, LoginStatus status, String reason) {
        logins.get(status).increment();
        journal.refused(origin, remote, initiator, target, status, reason);
    }

    @Override
    public void began(Session session) {
        logins.get(LoginStatus.SUCCESS).increment();
        journal.began(session);
    }

    @Override
    public void joined(Session session, SessionConnections.Open connection) {
        logins.get(LoginStatus.SUCCESS).increment();
        journal.joined(session, connection);
    }

    @Override
    public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
        journal.left(session, connection, why);
    }

    @Override
    public void ended(Session session, SessionEnd end) {
        ends.get(end.reason()).increment();
        journal.ended(session, end);
    }

    @Override
    public void rejected(Session session, RejectReason reason, String what) {
        rejections.get(reason).increment();
        journal.rejected(session, reason, what);
    }

    @Override
    public void managed(Session session, int function) {
        journal.managed(session, function);
    }
}
