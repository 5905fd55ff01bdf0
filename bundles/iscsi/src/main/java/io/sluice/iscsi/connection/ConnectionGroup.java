package io.sluice.iscsi.connection;

import io.netty.channel.EventLoop;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.AsyncMessagePdu;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.CommandWindow;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.scsi.TaskManagementFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;

/**
 * The connections of a session, and what they share: the command window, the commands that wait and task management. All of
 * them live on the event loop of the first one, and all of this is touched there only, except for what
 * {@link SessionConnections} names.
 */
final class ConnectionGroup implements SessionConnections {

    /** Requests for the logout of other connections that may wait. */
    private static final int LOGOUTS = 16;

    private final EventLoop eventLoop;
    private final SessionRegistry sessions;
    private final ServerSettings settings;
    private final CommandWindow<EarlyCommand> window;
    /** Those that are open, about to join, or closed with commands that are still ending. */
    private volatile List<Connection> members;

    private Session session;
    private CommandDispatcher commands;
    private TaskManager taskManager;
    private GapWatch gapWatch;
    private ResponseFence fence;
    private int logouts;
    /** Whether all connections were dropped: one that joined now would be left over when the session ends. */
    private boolean dropped;

    /** @param leading the first connection, whose login begins the numbering of commands */
    ConnectionGroup(Connection leading, int cmdSn, SessionRegistry sessions, ServerSettings settings) {
        this.eventLoop = leading.channel().eventLoop();
        this.sessions = sessions;
        this.settings = settings;
        this.members = List.of(leading);
        this.window = new CommandWindow<>(settings.commandWindow(), cmdSn, this::tight);
    }

    /** The session has been registered. */
    void begin(Session begun) {
        session = begun;
        commands = new CommandDispatcher(this, begun, settings);
        taskManager = new TaskManager(this, begun, sessions);
        gapWatch = new GapWatch(this, settings);
        fence = new ResponseFence(this, settings.endTimeout());
        if (settings.asyncEvents() && begun.nexus() != null) {
            begun.nexus().listener(new AsyncEvents(eventLoop, this::tell));
        }
    }

    /** Goes over a connection whose initiator takes what it is sent, or over none. */
    private void tell(AsyncMessagePdu event) {
        for (Connection member : members) {
            if (member.isInFullFeaturePhase() && member.isOpen() && !member.paused()) {
                member.write(event);
                return;
            }
        }
        event.data().release();
    }

    Session session() {
        return session;
    }

    EventLoop eventLoop() {
        return eventLoop;
    }

    CommandWindow<EarlyCommand> window() {
        return window;
    }

    CommandDispatcher commands() {
        return commands;
    }

    TaskManager taskManager() {
        return taskManager;
    }

    GapWatch gapWatch() {
        return gapWatch;
    }

    ResponseFence fence() {
        return fence;
    }

    private boolean tight() {
        List<Connection> all = members;
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).isTight()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the task that a tag is in use for, whatever connection it has come by, or null. */
    IscsiTask task(int initiatorTaskTag) {
        return task(initiatorTaskTag, false);
    }

    /** Returns the task of a tag that is still ending though its connection is closed, or null. */
    IscsiTask endingTask(int initiatorTaskTag) {
        return task(initiatorTaskTag, true);
    }

    private IscsiTask task(int initiatorTaskTag, boolean closed) {
        List<Connection> all = members;
        for (int i = 0; i < all.size(); i++) {
            IscsiTask task = all.get(i).tasks().get(initiatorTaskTag);
            if (task != null && all.get(i).end().isClosed() == closed) {
                return task;
            }
        }
        return null;
    }

    /** Returns the tasks that are so, whatever connections they have come by. */
    List<IscsiTask> tasks(Predicate<IscsiTask> which) {
        List<IscsiTask> tasks = new ArrayList<>();
        for (Connection member : members) {
            member.tasks().values().stream().filter(which).forEach(tasks::add);
        }
        return tasks;
    }

    /** Returns whether the session has more than one connection. */
    boolean isMultiple() {
        return members.size() > 1;
    }

    /** Returns the other connections that an initiator may be sent responses over. */
    List<Connection> others(Connection exceptFor) {
        return members.stream()
                .filter(member -> member != exceptFor && member.isInFullFeaturePhase() && member.isOpen())
                .toList();
    }

    /**
     * Ends a connection that the initiator calls so, by a request that came by another one (RFC 7143 11.14), who waits for that
     * until {@link #endLogout}.
     *
     * @throws ProtocolException if too many requests wait already
     */
    CompletionStage<?> beginLogout(int connectionId) throws ProtocolException {
        if (logouts >= LOGOUTS) {
            throw ProtocolException.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "too many logouts are under way");
        }
        logouts++;
        return endAll(connectionId, EndReason.LOGGED_OUT, "");
    }

    /** A request that has waited is answered. */
    void endLogout() {
        logouts--;
    }

    private CompletionStage<?> endAll(int connectionId, EndReason why, String detail) {
        return CompletableFuture.allOf(members.stream()
                .filter(member -> member.connectionId() == connectionId)
                .map(member -> {
                    member.end().because(why, detail);
                    CompletionStage<?> ended = end(member);
                    member.channel().close();
                    return ended.toCompletableFuture();
                })
                .toArray(CompletableFuture[]::new));
    }

    /** Returns the connection that the initiator calls so, perhaps closed with tasks that are still ending, or null. */
    Connection find(int connectionId) {
        return members.stream()
                .filter(member -> member.connectionId() == connectionId)
                .findAny()
                .orElse(null);
    }

    /**
     * Takes a connection in that has logged in, and ends the one that had its number (RFC 7143 6.3.4).
     *
     * @return completes when none of the tasks of the latter can change data any more; at once if there is none
     * @throws LoginException if the session is ending or has as many as it may
     */
    CompletionStage<?> join(Connection joining) throws LoginException {
        if (dropped || session.isEnding()) {
            throw new LoginException(LoginStatus.SESSION_DOES_NOT_EXIST, "its session is ending");
        }
        int connectionId = joining.connectionId();
        long others = members.stream()
                .filter(member ->
                        member.connectionId() != connectionId && !member.end().isClosed())
                .count();
        if (others >= parameters().maxConnections()) {
            throw new LoginException(LoginStatus.TOO_MANY_CONNECTIONS, "its session has " + others + " connections");
        }
        CompletionStage<?> ended = endAll(connectionId, EndReason.REPLACED, joining.remoteAddress());
        List<Connection> more = new ArrayList<>(members);
        more.add(joining);
        members = List.copyOf(more);
        // From here on it is seen by whoever takes something away; what was taken away before is seen here.
        sessions.requireAdmitted(session, joining.admitted());
        return ended;
    }

    /**
     * Ends one of several connections: it takes nothing any more, and its tasks end.
     *
     * @return completes when none of its tasks can change data any more
     */
    CompletionStage<?> end(Connection connection) {
        connection.stopNow();
        return connection
                .end()
                .ofTasks(() ->
                        CompletableFuture.allOf(List.copyOf(connection.tasks().values()).stream()
                                .map(task -> session.target()
                                        .manage(TaskManagementFunction.ABORT_TASK, session.nexus(), task.lun(), task)
                                        .toCompletableFuture())
                                .toArray(CompletableFuture[]::new)));
    }

    /** The login of a connection that was about to join is refused; it may have taken the place of the last other one. */
    void refused(Connection joining) {
        if (members.contains(joining)) {
            closed(joining);
        }
    }

    /** A connection is closed. With the last one the session ends; with another one its tasks do, and it is forgotten. */
    void closed(Connection connection) {
        connection.stopNow();
        connection.end().close();
        if (members.stream().allMatch(member -> member.end().isClosed())) {
            session.endsBecause(connection.end().reason());
            sessions.connectionClosed(session);
            return;
        }
        gapWatch.connectionLost();
        connection.await(end(connection), (ended, failure) -> forget(connection));
        if (!session.isEnding() && connection.isInFullFeaturePhase()) {
            sessions.left(session, connection.asOpen(), connection.end().reason());
        }
    }

    /** After the last one the session is over, and its record is still asked where it came from. */
    private void forget(Connection connection) {
        List<Connection> rest =
                members.stream().filter(member -> member != connection).toList();
        if (!rest.isEmpty()) {
            members = rest;
        }
    }

    /** Says on the other connections that one is about to be dropped (RFC 7143 11.9.1). */
    void tellDropped(Connection dropped) {
        int timeToWait = parameters().defaultTime2Wait();
        for (Connection member : others(dropped)) {
            member.write(
                    new AsyncMessagePdu(AsyncMessagePdu.CONNECTION_DROPPED, dropped.connectionId(), timeToWait, 0));
        }
    }

    /** Closes all others: the session has been logged out by one of them. */
    void closeOthers(Connection exceptFor) {
        for (Connection member : members) {
            if (member != exceptFor) {
                member.channel().close();
            }
        }
    }

    @Override
    public void drop() {
        eventLoop.execute(() -> {
            dropped = true;
            members.forEach(Connection::drop);
        });
    }

    @Override
    public CompletionStage<Void> stop() {
        CompletableFuture<Void> result = new CompletableFuture<>();
        Runnable stop = () -> {
            members.forEach(Connection::stopNow);
            result.complete(null);
        };
        if (eventLoop.inEventLoop()) {
            stop.run();
            return result;
        }
        try {
            eventLoop.execute(stop);
        } catch (RejectedExecutionException eventLoopIsGone) {
            result.complete(null);
        }
        return result;
    }

    @Override
    public CompletionStage<Void> requestLogout(int seconds) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        eventLoop.execute(() -> CompletableFuture.allOf(members.stream()
                        .map(member -> member.requestLogout(seconds))
                        .toArray(CompletableFuture[]::new))
                .thenRun(() -> result.complete(null)));
        return result;
    }

    @Override
    public List<Open> list() {
        List<Connection> all = members;
        List<Open> open = all.stream()
                .filter(member -> member.isInFullFeaturePhase() && !member.end().isClosed())
                .map(Connection::asOpen)
                .toList();
        return open.isEmpty() ? List.of(all.get(0).asOpen()) : open;
    }

    @Override
    public List<Admitted> admitted() {
        return members.stream().map(Connection::admitted).toList();
    }

    @Override
    public NegotiatedParameters parameters() {
        return members.get(0).parameters();
    }
}
