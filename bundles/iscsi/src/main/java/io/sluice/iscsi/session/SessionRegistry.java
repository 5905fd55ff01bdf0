package io.sluice.iscsi.session;

import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.login.TargetDirectory;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.scsi.target.TargetUnavailableException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** All sessions: gives out handles, finds the one that a new login replaces, and ends them. Thread-safe. */
public final class SessionRegistry {

    private static final int HANDLES = 0xFFFF;

    /** Discovery sessions are counted apart, and are so many times fewer. */
    private static final int DISCOVERY_PART = 4;

    private final int limit;
    private final Clock clock;
    private final TargetDirectory targets;
    private final SessionJournal journal;
    private final Map<Integer, Session> byHandle = new TreeMap<>();
    private final Map<Identity, Session> byIdentity = new HashMap<>();
    private int lastHandle;

    /** What makes two sessions the same one (RFC 7143 6.3.5): the initiator port and the target. */
    private record Identity(InitiatorPort initiator, String target) {}

    /**
     * @param limit most normal sessions at a time
     * @param clock tells when sessions begin
     * @param targets the targets that are served
     * @param journal is told what begins and ends
     */
    public SessionRegistry(int limit, Clock clock, TargetDirectory targets, SessionJournal journal) {
        this.limit = limit;
        this.clock = clock;
        this.targets = targets;
        this.journal = journal;
    }

    /**
     * Ends the session that a new one would be the same as (RFC 7143 6.3.5).
     *
     * @param remote where the new one comes from
     * @return completes when none of its tasks can change data any more; at once if there is none
     */
    public CompletionStage<Void> reinstate(InitiatorPort initiator, ScsiTarget target, String remote) {
        Session old;
        synchronized (this) {
            old = target == null ? null : byIdentity.get(new Identity(initiator, target.name()));
        }
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        old.endsBecause(EndReason.REPLACED, remote);
        old.connections().drop();
        return end(old);
    }

    /**
     * Begins a session.
     *
     * @param target the target, or null for a discovery session
     * @throws LoginException if there are too many, or the same session was begun meanwhile
     */
    public synchronized Session begin(
            InitiatorPort initiator, ScsiTarget target, int groupTag, SessionConnections connections)
            throws LoginException {
        int normal = byIdentity.size();
        if (target != null && normal >= limit) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, "more than " + limit + " sessions");
        }
        if (target == null && byHandle.size() - normal >= Math.max(1, limit / DISCOVERY_PART)) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, "too many discovery sessions");
        }
        Identity identity = target == null ? null : new Identity(initiator, target.name());
        if (identity != null && byIdentity.containsKey(identity)) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, "two logins of the same session at once");
        }
        Nexus nexus = target == null ? null : open(initiator, target, groupTag);
        Session session = new Session(nextHandle(), initiator, target, nexus, connections, clock.instant());
        byHandle.put(session.tsih(), session);
        if (identity != null) {
            byIdentity.put(identity, session);
        }
        return session;
    }

    /** The target is asked again here: it may have been deleted or disabled since the login began. */
    private Nexus open(InitiatorPort initiator, ScsiTarget target, int groupTag) throws LoginException {
        if (targets.find(target.name()) != target) {
            throw new LoginException(LoginStatus.NOT_FOUND, "target " + target.name() + " is no longer there");
        }
        try {
            return target.open(initiator, new TargetPort(target.name(), groupTag, groupTag), NexusRights.ALL);
        } catch (TargetUnavailableException unavailable) {
            throw new LoginException(
                    unavailable.gone() ? LoginStatus.NOT_FOUND : LoginStatus.SERVICE_UNAVAILABLE,
                    unavailable.getMessage());
        }
    }

    /** Handles are not used again soon, so that a stale one is noticed. */
    private int nextHandle() {
        do {
            lastHandle = lastHandle % HANDLES + 1;
        } while (byHandle.containsKey(lastHandle));
        return lastHandle;
    }

    /**
     * Ends a session: its connections begin nothing more, so that all tasks there will ever be are known; they are aborted;
     * then it is forgotten. May be called more than once.
     */
    public CompletionStage<Void> end(Session session) {
        if (session.beginEnd()) {
            session.connections()
                    .stop()
                    .thenCompose(stopped -> closeNexus(session))
                    .whenComplete((done, failure) -> {
                        forget(session);
                        if (failure == null) {
                            session.ended().complete(null);
                        } else {
                            session.ended().completeExceptionally(failure);
                        }
                    });
        }
        return session.ended();
    }

    /** A session that was begun has been told to its initiator. */
    public void announce(Session session) {
        journal.began(session);
    }

    /** A connection has joined a session that has others, and its initiator was told so. */
    public void joined(Session session, SessionConnections.Open connection) {
        journal.joined(session, connection);
    }

    /** A connection of a session is closed that goes on with others. */
    public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
        journal.left(session, connection, why);
    }

    /** The last connection of a session is closed. If nobody has said why, the initiator did it. */
    public void connectionClosed(Session session) {
        session.endsBecause(EndReason.CLOSED_BY_INITIATOR);
        end(session);
        journal.ended(session, session.end());
    }

    private static CompletionStage<Void> closeNexus(Session session) {
        return session.target() == null
                ? CompletableFuture.completedFuture(null)
                : session.target().close(session.nexus());
    }

    private synchronized void forget(Session session) {
        byHandle.remove(session.tsih());
        if (session.target() != null) {
            byIdentity.remove(new Identity(session.initiator(), session.targetName()), session);
        }
    }

    /**
     * Finds the session that a connection is to join. Somebody else's session is answered like one that does not exist.
     *
     * @throws LoginException if there is none
     */
    public Session findToJoin(int tsih, InitiatorPort initiator, ScsiTarget target) throws LoginException {
        Session session = find(tsih);
        boolean own = session != null
                && target != null
                && session.target() == target
                && session.initiator().equals(initiator)
                && !session.isEnding();
        if (!own) {
            throw new LoginException(LoginStatus.SESSION_DOES_NOT_EXIST, "it has no session " + tsih);
        }
        return session;
    }

    /** Returns the session of a handle, or null. */
    public synchronized Session find(int tsih) {
        return byHandle.get(tsih);
    }

    /** Returns all sessions, by handle. */
    public synchronized List<Session> all() {
        return new ArrayList<>(byHandle.values());
    }
}
