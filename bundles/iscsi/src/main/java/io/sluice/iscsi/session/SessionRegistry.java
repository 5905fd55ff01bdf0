package io.sluice.iscsi.session;

import io.sluice.access.AccessControl;
import io.sluice.access.AccessRules;
import io.sluice.access.Grant;
import io.sluice.config.LunView;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.login.Origin;
import io.sluice.iscsi.login.TargetDirectory;
import io.sluice.iscsi.pdu.RejectReason;
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
import java.util.stream.Collectors;

/** All sessions: gives out handles, finds the one that a new login replaces, and ends them. Thread-safe. */
public final class SessionRegistry {

    private static final int HANDLES = 0xFFFF;

    /** Discovery sessions are counted apart, and are so many times fewer. */
    private static final int DISCOVERY_PART = 4;

    /** An initiator may have a part of all normal sessions, but so many in any case. */
    private static final int SHARES = 4;

    private static final int LEAST_SHARE = 16;

    private final int limit;
    private final int share;
    private final Clock clock;
    private final TargetDirectory targets;
    private final AccessControl access;
    private final SessionJournal journal;
    private final Map<Integer, Session> byHandle = new TreeMap<>();
    private final Map<Identity, Session> byIdentity = new HashMap<>();
    /** How many normal sessions each initiator has. */
    private final Map<Owner, Integer> shares = new HashMap<>();
    /** Held from when the rules are asked for until all sessions have been seen, so that older rules never come last. */
    private final Object reconsidering = new Object();

    private int lastHandle;
    private boolean closed;

    /**
     * What makes two sessions the same one: the initiator port and the target port, which is a portal group of the target (RFC 7143
     * 4.4.3, the ISID rule, and 6.3.5).
     */
    private record Identity(InitiatorPort initiator, String target, int groupTag) {

        static Identity of(InitiatorPort initiator, ScsiTarget target, int groupTag) {
            return target == null ? null : new Identity(initiator, target.name(), groupTag);
        }
    }

    /** An initiator, as far as the number of sessions is concerned: it chooses its ISIDs. */
    private record Owner(String initiator, String origin) {

        static Owner of(InitiatorPort initiator, Admitted admitted) {
            return new Owner(initiator.iscsiName(), Origin.of(admitted.caller().remote()));
        }
    }

    /**
     * @param limit most normal sessions at a time; an initiator may have a quarter of them, or 16 if that is more
     * @param clock tells when sessions begin
     * @param targets the targets that are served
     * @param access who may use them
     * @param journal is told what begins and ends
     */
    public SessionRegistry(
            int limit, Clock clock, TargetDirectory targets, AccessControl access, SessionJournal journal) {
        this.limit = limit;
        this.share = Math.max(limit / SHARES, LEAST_SHARE);
        this.clock = clock;
        this.targets = targets;
        this.access = access;
        this.journal = journal;
    }

    /** Takes no new session any more: everything stops. */
    public synchronized void close() {
        closed = true;
    }

    /**
     * Looks whether anybody may log in. While the gateway stops, and before it knows who may, an initiator that was refused as
     * if its target were not there would not come back.
     *
     * @throws LoginException if nobody may, for now
     */
    public synchronized void requireOpen() throws LoginException {
        if (closed || access.rules() == AccessRules.NOBODY) {
            throw new LoginException(LoginStatus.SERVICE_UNAVAILABLE, "the gateway stops, or has not begun yet");
        }
    }

    /**
     * Ends the session that a new one would be the same as (RFC 7143 6.3.5). One whose initiator has proven who he is gives way
     * to the same CHAP user only: a name is soon said.
     *
     * @param groupTag portal group by which it comes
     * @param admitted who begins the new one
     * @param remote where he comes from
     * @return completes when none of its tasks can change data any more; at once if there is none
     * @throws LoginException if it is somebody else's
     */
    public CompletionStage<Void> reinstate(
            InitiatorPort initiator, ScsiTarget target, int groupTag, Admitted admitted, String remote)
            throws LoginException {
        Session old;
        synchronized (this) {
            old = byIdentity.get(Identity.of(initiator, target, groupTag));
        }
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        String proven = old.admitted().user();
        if (proven != null && !old.isEnding() && !proven.equals(admitted.user())) {
            throw new LoginException(
                    LoginStatus.AUTHORIZATION_FAILURE,
                    "session " + old.tsih()
                            + " of the same name and ISID is of a CHAP user who was proven, not of this one");
        }
        old.endsBecause(EndReason.REPLACED, remote);
        old.connections().drop();
        return end(old);
    }

    /**
     * Begins a session.
     *
     * @param target the target, or null for a discovery session
     * @param groupTag portal group by which it comes
     * @param admitted who was let in; the rules are asked again here, for they may have changed since
     * @throws LoginException if there are too many, the same session was begun meanwhile, or nothing is granted any more
     */
    public synchronized Session begin(
            InitiatorPort initiator, ScsiTarget target, int groupTag, Admitted admitted, SessionConnections connections)
            throws LoginException {
        requireOpen();
        Owner owner = Owner.of(initiator, admitted);
        requireRoom(owner, target == null);
        Identity identity = Identity.of(initiator, target, groupTag);
        if (identity != null && byIdentity.containsKey(identity)) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, "two logins of the same session at once");
        }
        Admitted now = askAgain(admitted, target);
        Nexus nexus = target == null ? null : open(initiator, target, groupTag, rights(now));
        Session session = new Session(nextHandle(), initiator, target, nexus, now, connections, clock.instant());
        byHandle.put(session.tsih(), session);
        if (identity != null) {
            byIdentity.put(identity, session);
            shares.merge(owner, 1, Integer::sum);
        }
        return session;
    }

    private void requireRoom(Owner owner, boolean discovery) throws LoginException {
        int normal = byIdentity.size();
        String full = null;
        if (discovery) {
            full = byHandle.size() - normal >= Math.max(1, limit / DISCOVERY_PART)
                    ? "too many discovery sessions"
                    : null;
        } else if (normal >= limit) {
            full = "more than " + limit + " sessions: maxSessions in io.sluice.iscsi.cfg says how many there may be";
        } else if (shares.getOrDefault(owner, 0) >= share) {
            full = "more than " + share + " sessions of one initiator from one address, of " + limit
                    + " in all: maxSessions in io.sluice.iscsi.cfg says how many there may be";
        }
        if (full != null) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, full);
        }
    }

    /** The target is asked again here: it may have been deleted or disabled since the login began. */
    private Nexus open(InitiatorPort initiator, ScsiTarget target, int groupTag, NexusRights rights)
            throws LoginException {
        if (targets.find(target.name()) != target) {
            throw new LoginException(LoginStatus.NOT_FOUND, "target " + target.name() + " is no longer there");
        }
        try {
            return target.open(initiator, port(target, groupTag), rights);
        } catch (TargetUnavailableException unavailable) {
            throw new LoginException(
                    unavailable.gone() ? LoginStatus.NOT_FOUND : LoginStatus.SERVICE_UNAVAILABLE,
                    unavailable.getMessage());
        }
    }

    /** A target whose ports nobody has numbered has one for each group, of the same number. */
    private static TargetPort port(ScsiTarget target, int groupTag) {
        int number = target.ports().stream()
                .filter(port -> port.groupTag() == groupTag)
                .mapToInt(ScsiTarget.Port::number)
                .findFirst()
                .orElse(groupTag);
        return new TargetPort(target.name(), groupTag, number);
    }

    /** Who is refused here learns no more than at the beginning of a login. */
    private Admitted askAgain(Admitted admitted, ScsiTarget target) throws LoginException {
        AccessRules rules = access.rules();
        String name = target == null ? null : target.name();
        return admitted.again(rules, name)
                .orElseThrow(() -> new LoginException(
                        rules.admission(admitted.caller(), name).byChap()
                                ? LoginStatus.AUTHENTICATION_FAILURE
                                : LoginStatus.NOT_FOUND,
                        "what was granted has been taken away meanwhile"));
    }

    private static NexusRights rights(Admitted admitted) {
        Grant grant = admitted.grant();
        Map<Integer, NexusRights.View> luns = grant.luns().isEmpty()
                ? null
                : grant.luns().stream()
                        .collect(Collectors.toMap(
                                LunView::lun, view -> new NexusRights.View(view.of(), view.readOnly())));
        return new NexusRights(luns, grant.readOnly(), grant.manage(), grant.principal(), grant.by());
    }

    /**
     * Who may use what has changed: all sessions are looked at anew. One whose initiator may not use its target any more ends at
     * once, and so does one of several connections if that is so for one of them. Others get the rights that they have now.
     *
     * @return completes when no command runs that could not begin any more
     */
    public CompletionStage<Void> reconsider() {
        synchronized (reconsidering) {
            AccessRules rules = access.rules();
            return CompletableFuture.allOf(all().stream()
                    .map(session -> reconsider(session, rules).toCompletableFuture())
                    .toArray(CompletableFuture[]::new));
        }
    }

    private CompletionStage<Void> reconsider(Session session, AccessRules rules) {
        Admitted now = session.admitted().again(rules, session.targetName()).orElse(null);
        boolean allIn = session.connections().admitted().stream()
                .allMatch(one -> one.again(rules, session.targetName()).isPresent());
        if (now == null || !allIn) {
            session.endsBecause(EndReason.ACCESS_TAKEN_AWAY);
            session.connections().drop();
            return end(session);
        }
        session.admitted(now);
        return session.target() == null
                ? CompletableFuture.completedFuture(null)
                : session.target().change(session.nexus(), rights(now));
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

    /**
     * Asks the rules again about somebody who has come by another connection of a session.
     *
     * @throws LoginException if nothing is granted any more
     */
    public void requireAdmitted(Session session, Admitted admitted) throws LoginException {
        askAgain(admitted, session.target());
    }

    /** A connection has joined a session that has others, and its initiator was told so. */
    public void joined(Session session, SessionConnections.Open connection) {
        journal.joined(session, connection);
    }

    /** A connection of a session is closed that goes on with others. */
    public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
        journal.left(session, connection, why);
    }

    /**
     * A PDU of a session was rejected.
     *
     * @param what which one, and why, for people
     */
    public void rejected(Session session, RejectReason reason, String what) {
        journal.rejected(session, reason, what);
    }

    /** An initiator has asked for a task management function, of this code. */
    public void managed(Session session, int function) {
        journal.managed(session, function);
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

    private static Identity identity(Session session) {
        return Identity.of(
                session.initiator(),
                session.target(),
                session.nexus().targetPort().groupTag());
    }

    private synchronized void forget(Session session) {
        byHandle.remove(session.tsih());
        if (session.target() != null && byIdentity.remove(identity(session), session)) {
            shares.computeIfPresent(
                    Owner.of(session.initiator(), session.admitted()), (owner, count) -> count == 1 ? null : count - 1);
        }
    }

    /**
     * Finds the session that a connection is to join. Somebody else's session is answered like one that does not exist.
     *
     * @param groupTag portal group by which the connection has come
     * @throws LoginException if there is none, or it is of another portal group
     */
    public Session findToJoin(int tsih, InitiatorPort initiator, ScsiTarget target, int groupTag, Admitted admitted)
            throws LoginException {
        Session session = find(tsih);
        boolean own = session != null
                && target != null
                && session.target() == target
                && session.initiator().equals(initiator)
                && session.admitted().sameRight(admitted)
                && !session.isEnding();
        if (!own) {
            throw new LoginException(LoginStatus.SESSION_DOES_NOT_EXIST, "it has no session " + tsih);
        }
        int ofSession = session.nexus().targetPort().groupTag();
        if (groupTag != ofSession) {
            throw new LoginException(
                    LoginStatus.CANNOT_INCLUDE_IN_SESSION,
                    "session " + tsih + " is of portal group " + ofSession + ", this portal of " + groupTag);
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
