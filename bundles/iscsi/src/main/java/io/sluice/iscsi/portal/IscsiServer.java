package io.sluice.iscsi.portal;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.sluice.access.AccessControl;
import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.auth.Challenges;
import io.sluice.iscsi.connection.ConnectionLimit;
import io.sluice.iscsi.connection.Logins;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.login.FailedLogins;
import io.sluice.iscsi.loop.BusyPoll;
import io.sluice.iscsi.loop.EventLoops;
import io.sluice.iscsi.session.Directory;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Habits;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionJournal;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.trace.Tracer;
import io.sluice.iscsi.transfer.DataBudget;
import io.sluice.management.SessionHabits;
import io.sluice.management.SessionStatus;
import io.sluice.management.Transport;
import io.sluice.management.TransportStatus;
import io.sluice.management.TransportTrace;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import io.sluice.metrics.MetricSource;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An iSCSI server: portals, targets and sessions (RFC 7143). Plain Java; thread-safe. */
public final class IscsiServer implements Transport, MetricSource, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IscsiServer.class);
    private static final long DRAIN_SECONDS = 10;
    private static final long STALL_MILLIS = 500;

    /** Memory is taken from the system and given back in chunks of 4 MiB, by one arena for each event loop. */
    private static final int PAGE_BYTES = 8192;

    private static final int CHUNK_ORDER = 9;
    /** Buffers of a size that an event loop keeps for itself, and gives back when it has not needed them for a while. */
    private static final int CACHED_SMALL = 256;

    private static final int CACHED_NORMAL = 64;

    private final ServerSettings settings;
    private final SessionRegistry sessions;
    private final JournalCounts counts;
    private final Logins logins;
    private final DataBudget budget;
    private final EventLoopGroup group;
    private final boolean epoll = Epoll.isAvailable();
    private final PooledByteBufAllocator allocator;
    private final LoopWatchdog watchdog;
    private final Tracer tracer;
    private final Map<String, ScsiTarget> targets = new ConcurrentHashMap<>();
    private final Map<PortalConfig, Listening> portals = new TreeMap<>();
    /** For those who may not wait for the lock of {@link #portals}, which is held while a socket is opened. */
    private volatile List<PortalConfig> listening = List.of();

    /** Guarded by {@link #portals}. */
    private boolean closed;

    private final ConnectionLimit connections;

    /**
     * Starts event loops, but listens nowhere yet.
     *
     * @param access who may use what
     */
    public IscsiServer(ServerSettings settings, AccessControl access) {
        this(
                settings,
                access,
                new FailedLogins(
                        System::nanoTime,
                        Duration.ofSeconds(1),
                        settings.loginTimeout().dividedBy(3)),
                new SessionLog());
    }

    IscsiServer(ServerSettings settings, AccessControl access, FailedLogins failed, SessionJournal journal) {
        this.settings = settings;
        this.counts = new JournalCounts(journal);
        this.logins = new Logins(targets::get, access, new Challenges(), failed, counts);
        this.sessions = new SessionRegistry(settings.maxSessions(), Clock.systemUTC(), targets::get, access, counts);
        this.budget = new DataBudget(settings.dataMemoryBytes());
        this.connections = new ConnectionLimit(settings.maxConnections());
        int threads = settings.threads() > 0
                ? settings.threads()
                : Runtime.getRuntime().availableProcessors();
        IoHandlerFactory handlers;
        if (epoll) {
            handlers = settings.busyPoll().isZero()
                    ? EpollIoHandler.newFactory()
                    : EpollIoHandler.newFactory(0, new BusyPoll(settings.busyPoll()));
        } else {
            LOG.warn("epoll is not available, using NIO: {}", String.valueOf(Epoll.unavailabilityCause()));
            handlers = NioIoHandler.newFactory();
        }
        group = new EventLoops(threads, handlers);
        allocator = new PooledByteBufAllocator(
                true, 0, threads, PAGE_BYTES, CHUNK_ORDER, CACHED_SMALL, CACHED_NORMAL, false);
        long period = settings.pingInterval().toNanos() / 3;
        group.forEach(loop ->
                loop.scheduleWithFixedDelay(allocator::trimCurrentThreadCache, period, period, TimeUnit.NANOSECONDS));
        group.next().scheduleWithFixedDelay(this::sampleRates, 1, 1, TimeUnit.SECONDS);
        tracer = new Tracer(group);
        watchdog = new LoopWatchdog(group, STALL_MILLIS);
    }

    /** Returns the threads on which all connections are served; who uses them too lets go of them before {@link #close}. */
    public EventLoopGroup loops() {
        return group;
    }

    /** Serves a target from now on. */
    public void addTarget(ScsiTarget target) {
        if (targets.putIfAbsent(target.name(), target) != null) {
            throw new IllegalStateException("target " + target.name() + " is there already");
        }
    }

    /** Stops serving a target, and begins to end its sessions: {@link #closeSessions} waits for that. */
    public void removeTarget(ScsiTarget target) {
        if (targets.remove(target.name(), target)) {
            beginEnd(sessionsOf(target.name()), EndReason.TARGET_DELETED);
        }
    }

    @Override
    public void listen(PortalConfig portal) throws ConfigException {
        bind(portal);
    }

    /**
     * Listens on an address and returns the one that it really is, which tells the port if 0 was asked for.
     *
     * @throws ConfigException if the address cannot be had
     */
    InetSocketAddress bind(PortalConfig portal) throws ConfigException {
        InetSocketAddress address = new InetSocketAddress(portal.host(), portal.port());
        if (address.isUnresolved()) {
            throw new ConfigException("portal " + portal + ": the host name cannot be resolved");
        }
        synchronized (portals) {
            if (closed) {
                throw new ConfigException("portal " + portal + " is not opened: the iSCSI server stops");
            }
            Optional<PortalConfig> present =
                    portals.keySet().stream().filter(portal::sameAddress).findFirst();
            if (present.isPresent()) {
                return change(present.get(), portal);
            }
            try {
                Listening opened = bind(address, portal);
                put(portal, opened);
                LOG.info("portal={} listening", portal);
                return opened.address();
            } catch (ExecutionException refused) {
                throw new ConfigException(
                        "portal " + portal + " cannot be opened: " + reason(refused.getCause())
                                + "; choose another address or port, or stop what uses it",
                        refused.getCause());
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new ConfigException("portal " + portal + ": interrupted while opening it", interrupted);
            }
        }
    }

    /** Binds to any free port of the loopback address, for tests. */
    InetSocketAddress bindLoopback() throws InterruptedException, ExecutionException {
        Listening opened = bind(new InetSocketAddress("127.0.0.1", 0), new PortalConfig("127.0.0.1", 1));
        synchronized (portals) {
            put(new PortalConfig("127.0.0.1", opened.address().getPort()), opened);
        }
        return opened.address();
    }

    /** A socket, and what knows by which portal somebody comes who is accepted there. */
    private record Listening(Channel channel, ConnectionInitializer connections) {

        InetSocketAddress address() {
            return (InetSocketAddress) channel.localAddress();
        }
    }

    private void put(PortalConfig portal, Listening opened) {
        portals.put(portal, opened);
        listening = List.copyOf(portals.keySet());
    }

    /** The socket stays, so that nobody is kept out. */
    private InetSocketAddress change(PortalConfig before, PortalConfig after) {
        Listening same = portals.remove(before);
        same.connections().portal(after);
        put(after, same);
        return same.address();
    }

    private Listening bind(InetSocketAddress address, PortalConfig portal)
            throws InterruptedException, ExecutionException {
        ConnectionInitializer initializer = new ConnectionInitializer(
                settings, sessions, budget, connections, logins, tracer, portal, this::directory);
        return new Listening(PortalListener.bind(group, epoll, allocator, address, initializer), initializer);
    }

    private Directory directory() {
        return new Directory(targets.values(), listening(), logins.access().rules());
    }

    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.contains("Address already in use")
                ? "the address is in use"
                : message.contains("Cannot assign requested address") ? "this machine has no such address" : message;
    }

    @Override
    public void unlisten(PortalConfig portal) {
        synchronized (portals) {
            Listening closed = portals.remove(portal);
            listening = List.copyOf(portals.keySet());
            if (closed != null) {
                closed.channel().close().syncUninterruptibly();
                LOG.info("portal={} closed", portal);
            }
        }
    }

    @Override
    public List<PortalConfig> listening() {
        return listening;
    }

    @Override
    public TransportStatus status() {
        DataBudget.Usage usage = budget.usage();
        return new TransportStatus(
                usage.used(),
                usage.limit(),
                usage.waiters(),
                usage.longestWaiter(),
                connections.open(),
                connections.halfOpen(),
                watchdog.stalls(),
                watchdog.longestMillis());
    }

    @Override
    public void collect(MetricSink sink) {
        DataBudget.Usage usage = budget.usage();
        sink.value(Metric.DATA_MEMORY, usage.used());
        sink.value(Metric.DATA_MEMORY_LIMIT, usage.limit());
        sink.value(Metric.DATA_MEMORY_WAITERS, usage.waiters());
        sink.value(Metric.CONNECTIONS, connections.open());
        sink.value(Metric.CONNECTIONS_WITHOUT_LOGIN, connections.halfOpen());
        counts.collect(sink);
        watchdog.collect(sink);
    }

    @Override
    public List<SessionStatus> sessions() {
        return sessions.all().stream().map(IscsiServer::status).toList();
    }

    @Override
    public List<SessionHabits> habits() {
        return Habits.of(sessions.all());
    }

    @Override
    public TransportTrace trace() {
        return tracer;
    }

    private void sampleRates() {
        long now = System.nanoTime();
        sessions.all().forEach(session -> session.rates().sample(now));
    }

    private static SessionStatus status(Session session) {
        return new SessionStatus(
                session.tsih(),
                session.initiator().iscsiName(),
                String.format("%012x", session.initiator().isid()),
                session.targetName() == null ? "" : session.targetName(),
                session.connections().localAddress(),
                session.connections().remoteAddress(),
                session.since(),
                session.commands().sum(),
                session.readBytes().sum(),
                session.writtenBytes().sum(),
                session.rates().rates(System.nanoTime()),
                session.admitted().grant().by(),
                session.admitted().user() == null ? "" : session.admitted().user(),
                session.connections().list().stream()
                        .map(open -> new SessionStatus.Connection(open.id(), open.local(), open.remote()))
                        .toList(),
                session.connections().parameters().asText());
    }

    @Override
    public boolean closeSession(int id) {
        Session session = sessions.find(id);
        if (session == null) {
            return false;
        }
        await(beginEnd(List.of(session), EndReason.CLOSED_BY_OPERATOR));
        return true;
    }

    @Override
    public void closeSessions(String target, Cause cause) {
        EndReason reason =
                switch (cause) {
                    case TARGET_DELETED -> EndReason.TARGET_DELETED;
                    case TARGET_DISABLED -> EndReason.TARGET_DISABLED;
                    case GATEWAY_STOPS -> EndReason.GATEWAY_STOPS;
                };
        await(beginEnd(sessionsOf(target), reason));
    }

    private List<Session> sessionsOf(String target) {
        return sessions.all().stream()
                .filter(session -> target.equals(session.targetName()))
                .toList();
    }

    @Override
    public void accessChanged() {
        await(List.of(sessions.reconsider()));
    }

    private List<CompletionStage<Void>> beginEnd(List<Session> ending, EndReason reason) {
        return ending.stream()
                .map(session -> {
                    session.endsBecause(reason);
                    session.connections().drop();
                    return sessions.end(session);
                })
                .toList();
    }

    private static void await(List<CompletionStage<Void>> stages) {
        CompletableFuture<?>[] ends =
                stages.stream().map(CompletionStage::toCompletableFuture).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException stuck) {
            LOG.error("commands still run after {} s: their storage does not answer", DRAIN_SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            LOG.error("a session could not be ended", bug);
        }
    }

    /** Returns the bytes of data memory that are reserved now. */
    long dataBytesInUse() {
        return budget.used();
    }

    /** Returns the number of buffers that are in use now. */
    long activeBuffers() {
        return allocator.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** Returns the bytes of memory for buffers that have been taken from the system. */
    long bufferMemory() {
        return allocator.metric().usedDirectMemory();
    }

    @Override
    public void close() {
        close(EndReason.GATEWAY_STOPS);
    }

    /**
     * Closes portals, lets commands that are under way end, then closes sessions and event loops.
     *
     * @param reason what is said of the sessions
     */
    public void close(EndReason reason) {
        sessions.close();
        // Somebody may want to open one just now; nobody would close it, and whoever serves next could not have it.
        synchronized (portals) {
            closed = true;
        }
        listening().forEach(this::unlisten);
        await(sessions.all().stream()
                .map(session -> {
                    session.endsBecause(reason);
                    return session.connections().requestLogout((int) DRAIN_SECONDS);
                })
                .toList());
        await(beginEnd(sessions.all(), reason));
        // A loop may end without a last look at what is open.
        connections.closeHalfOpen();
        watchdog.close();
        group.shutdownGracefully(0, DRAIN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
