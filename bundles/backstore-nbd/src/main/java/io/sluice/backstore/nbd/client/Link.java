package io.sluice.backstore.nbd.client;

import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreHealth.State;
import io.sluice.backstore.Fault;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.NbdCommand;
import io.sluice.backstore.nbd.protocol.TransmissionFlag;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one export, over as many connections as it has. When one of them is lost all are made anew, the others when what is
 * under way on them is answered ({@link LeavingConnections}), and what was not answered is asked again: it is under way, so nobody
 * counts on an order between it and anything else. While there is no connection requests wait here; when the patience is over they
 * fail with NOT_READY, and the store is lost. A request that has gone down with as many connections as
 * {@link NbdRequest#MOST_SENDINGS} says fails alike, for it may be what makes the server end them.
 *
 * <p>What was acknowledged and not flushed when a connection is lost is in doubt, see {@link Trust}: reads go on, and nothing
 * else does until the store is opened anew. Requests come from any thread; all else happens at {@link Home}.
 */
public final class Link implements Connection.Owner {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    /** As many as a volume ever has waiting. */
    private static final int MOST_REQUESTS = 4096;

    private static final long CLOSE_SECONDS = 15;

    private final Connector connector;
    private final BackstoreContext context;
    private final Home home;
    private final Arrivals arrivals;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile ExportInfo info;

    // The rest is touched at home alone.
    private final Trust trust;

    private final Condition condition;
    private final Queue<NbdRequest> waiting = new ArrayDeque<>();
    private List<Connection> connections = List.of();
    private final LeavingConnections leaving;
    private final Absence absence;
    private String lastReason = "";
    private boolean over;

    private Link(Connector connector, LinkSettings settings, BackstoreContext context) {
        this.connector = connector;
        this.context = context;
        this.home = new Home(connector.loop(), connector.address().tls(), this::all, this::stop);
        this.arrivals = new Arrivals(home, this::arrived);
        this.leaving = new LeavingConnections(home);
        this.condition = new Condition(context);
        this.trust = new Trust(settings.serverKeeps());
        this.absence = new Absence(settings.patience());
    }

    /** Connects; fails with what the connection has failed with. */
    public static CompletionStage<Link> open(Connector connector, LinkSettings settings, BackstoreContext context) {
        Link link = new Link(connector, settings, context);
        return connector
                .connect()
                .thenApplyAsync(
                        made -> {
                            link.info = made.get(0).info();
                            if (!connector.loop().admit(link.home)) {
                                made.forEach(Connection::leave);
                                throw new CompletionException(link.notReady(NbdLoop.GONE));
                            }
                            if (!link.take(made)) {
                                connector.loop().dismiss(link.home);
                                throw new CompletionException(link.notReady("the connection has ended at once"));
                            }
                            return link;
                        },
                        link.home);
    }

    /** Returns what the server has told of the export. */
    public ExportInfo info() {
        return info;
    }

    /** Returns how the store is. */
    public BackstoreHealth health() {
        return condition.health();
    }

    private BackstoreException notReady(String why) {
        return new BackstoreException(Fault.NOT_READY, connector.address() + ": " + why);
    }

    /** Has a request sent; its stage is completed on the event loop of its connection. */
    public CompletionStage<Void> ask(NbdRequest request) {
        if (underWay.incrementAndGet() > MOST_REQUESTS && request.command() != NbdCommand.FLUSH) {
            fail(request, new BackstoreException(Fault.BUSY, connector.address() + " has too much to do"));
        } else if (!arrivals.add(request)) {
            arrivals.takeAll(late -> fail(late, notReady(NbdLoop.GONE)));
        }
        return request;
    }

    private void fail(NbdRequest request, Throwable reason) {
        underWay.decrementAndGet();
        request.completeExceptionally(reason);
    }

    private void arrived() {
        arrivals.takeAll(this::send);
        connections.forEach(Connection::flush);
        home.follow();
    }

    private List<Connection> all() {
        List<Connection> all = new ArrayList<>(connections);
        all.addAll(leaving.list());
        return all;
    }

    private void send(NbdRequest request) {
        BackstoreException refusal = over ? notReady(lastReason) : trust.refusal(request);
        if (refusal != null) {
            fail(request, refusal);
        } else if (connections.isEmpty()) {
            waiting.add(request);
        } else if (request.command() == NbdCommand.FLUSH && !info.has(TransmissionFlag.SEND_FLUSH)) {
            trust.flushedByItself();
            underWay.decrementAndGet();
            request.complete(null);
        } else {
            home.askedFrom(request.origin());
            request.begin(trust.changes());
            Turns.next(connections).write(request);
        }
    }

    @Override
    public void ended(NbdRequest request) {
        if (leaving.isEmpty()) {
            absence.ends();
        }
        if (trust.ended(request)) {
            refuseWrites();
        }
        underWay.decrementAndGet();
        request.end(connector.address().server());
    }

    private void refuseWrites() {
        if (!over) {
            condition.become(State.READ_ONLY, trust.doubt());
        }
        LOG.error("backstore={} takes no writes: {}", context.name(), trust.doubt());
    }

    @Override
    public void lost(Connection connection, String reason) {
        if (home.isHere()) {
            gone(connection, reason);
        } else {
            home.execute(() -> gone(connection, reason));
        }
    }

    private void gone(Connection connection, String reason) {
        if (connections.contains(connection)) {
            finishAll(reason);
        }
        if (!leaving.remove(connection)) {
            return;
        }
        waiting.addAll(connection.unanswered());
        if (leaving.isEmpty()) {
            goAway(reason);
        }
    }

    private void finishAll(String reason) {
        absence.begins();
        leaving.finish(retire(), reason, absence.patienceLeftNanos(), this::giveUpWriters);
    }

    private void giveUpWriters() {
        if (!over) {
            lastReason = "a write that it has is not answered";
            giveUp();
        }
    }

    private List<Connection> retire() {
        List<Connection> all = connections;
        leaving.add(all);
        connections = List.of();
        return all;
    }

    private void goAway(String reason) {
        long delay = absence.lost();
        if (over) {
            failWaiting();
            return;
        }
        LOG.warn("backstore={} has no connection to {}: {}", context.name(), connector.address(), reason);
        if (trust.lost()) {
            refuseWrites();
        } else if (trust.doubt() == null) {
            condition.become(State.DEGRADED, connector.address() + " is connected anew: " + reason);
        }
        waiting.removeIf(request -> refused(request) || sentTooOften(request));
        lastReason = reason;
        reconnectLater(delay);
    }

    private boolean refused(NbdRequest request) {
        BackstoreException refusal = trust.refusal(request);
        if (refusal != null) {
            fail(request, refusal);
        }
        return refusal != null;
    }

    private boolean sentTooOften(NbdRequest request) {
        boolean tooOften = request.sendings() == NbdRequest.MOST_SENDINGS;
        if (tooOften) {
            fail(
                    request,
                    notReady(NbdRequest.MOST_SENDINGS + " connections were lost under this " + request.command()));
        }
        return tooOften;
    }

    private void reconnectLater(long delay) {
        home.after(delay, TimeUnit.MILLISECONDS, this::reconnect);
    }

    private void reconnect() {
        if (over) {
            return;
        }
        connector
                .connect(absence.patienceLeftNanos())
                .whenCompleteAsync(
                        (made, failure) -> {
                            if (failure == null) {
                                home.goBack(() -> reconnected(made));
                            } else if (absence.patienceLeftNanos() == 0) {
                                giveUp();
                            } else {
                                notReconnected(NbdFailures.reason(failure));
                            }
                        },
                        home);
    }

    private void notReconnected(String reason) {
        lastReason = reason;
        reconnectLater(absence.failed());
    }

    private void reconnected(List<Connection> made) {
        ExportInfo before = info;
        ExportInfo now = made.get(0).info();
        if (over) {
            made.forEach(Connection::leave);
        } else if (!now.replaces(before)) {
            made.forEach(Connection::leave);
            notReconnected("it is not the export that it was");
        } else if (!take(made)) {
            notReconnected("the connection has ended at once");
        } else {
            info = now;
            LOG.info("backstore={} is connected to {} again", context.name(), connector.address());
            if (trust.doubt() == null) {
                condition.become(State.HEALTHY, "");
            }
            if (now.sizeBytes() > before.sizeBytes()) {
                context.raise(BackstoreEvent.CAPACITY_CHANGED);
            }
            sendWaiting();
        }
    }

    private void sendWaiting() {
        if (waiting.isEmpty()) {
            absence.ends();
        }
        List<NbdRequest> again = List.copyOf(waiting);
        waiting.clear();
        again.forEach(this::send);
        connections.forEach(Connection::flush);
    }

    private boolean take(List<Connection> made) {
        boolean alive = true;
        for (Connection connection : made) {
            alive &= connection.belongsTo(this);
        }
        if (alive) {
            connections = List.copyOf(made);
            absence.connected();
        } else {
            made.forEach(connection -> connection.broken("another one has ended"));
        }
        return alive;
    }

    private void giveUp() {
        if (over) {
            return;
        }
        condition.become(State.FAILED, connector.address() + " is away: " + lastReason);
        over = true;
        failWaiting();
    }

    /** What is under way fails when its connection has let go of it. */
    private void stop() {
        if (!over) {
            trust.lost();
            lastReason = NbdLoop.GONE;
            condition.become(State.FAILED, connector.address() + " is left: " + lastReason);
            over = true;
            retire();
            leaving.breakAll(lastReason);
            failWaiting();
        }
    }

    private void failWaiting() {
        waiting.removeIf(this::refused);
        BackstoreException reason = notReady(lastReason);
        waiting.forEach(request -> fail(request, reason));
        waiting.clear();
    }

    /**
     * Flushes what is not, and leaves the server.
     *
     * @return fails with WRITE_FAILED if something acknowledged may be lost
     */
    public CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            home.execute(() -> close(closed));
        } catch (RejectedExecutionException ended) {
            closed.completeExceptionally(trust.doubt() == null ? notReady(NbdLoop.GONE) : trust.refusal());
        }
        return closed;
    }

    private void close(CompletableFuture<Void> closed) {
        if (connections.isEmpty()) {
            trust.lost();
        }
        if (trust.doubt() != null) {
            end();
            closed.completeExceptionally(trust.refusal());
        } else if (connections.isEmpty() || !trust.hasUnflushed()) {
            end();
            closed.complete(null);
        } else {
            flushAndEnd(closed);
        }
    }

    private void flushAndEnd(CompletableFuture<Void> closed) {
        NbdRequest flush = NbdRequest.flush();
        var limit = home.after(
                CLOSE_SECONDS,
                TimeUnit.SECONDS,
                () -> flush.completeExceptionally(
                        new BackstoreException(Fault.TIMED_OUT, "the last flush was not answered in time")));
        ask(flush).whenComplete((done, failure) -> {
            limit.cancel(false);
            end();
            if (failure == null) {
                closed.complete(null);
            } else {
                closed.completeExceptionally(failure);
            }
        });
    }

    private void end() {
        connector.loop().dismiss(home);
        if (!over) {
            over = true;
            lastReason = "it was closed";
        }
        retire().forEach(Connection::leave);
    }
}
