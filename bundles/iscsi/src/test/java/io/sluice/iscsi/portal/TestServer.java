package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;

import io.netty.util.ResourceLeakDetector;
import io.sluice.access.AccessRules;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.login.FailedLogins;
import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionConnections;
import io.sluice.iscsi.session.SessionEnd;
import io.sluice.iscsi.session.SessionJournal;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeRuntime;
import io.sluice.volume.VolumeSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.junit.rules.ExternalResource;

/**
 * A server with one disk of 8,192 blocks over the real engine. After each test it stops and fails the test if a command's
 * data, a buffer or a thread is left.
 */
public final class TestServer extends ExternalResource {

    public static final String TARGET = "iqn.2026-11.io.sluice:disk0";
    public static final int BLOCK = 512;
    public static final long BLOCKS = 8192;
    public static final long LUN_0 = 0;

    /** Its threads end with the process. */
    private static final VolumeRuntime RUNTIME = new VolumeRuntime();

    private final ServerSettings config;
    private final TestStore store = new TestStore(BLOCKS);
    private final List<TestInitiator> initiators = new ArrayList<>();
    private ScsiTarget target;
    private Volume volume;
    private IscsiServer server;
    private InetSocketAddress portal;
    private int nextIsid;
    private FailedLogins failed = new FailedLogins(System::nanoTime);

    /** What the server has said of sessions that have ended, in that order. */
    private final List<SessionEnd> ends = new CopyOnWriteArrayList<>();

    private final List<String> refusals = new CopyOnWriteArrayList<>();
    private final List<RejectReason> rejections = new CopyOnWriteArrayList<>();

    /** Every target is open to all, unless a test says otherwise. */
    private volatile GatewayConfig access = GatewayConfig.EMPTY;

    private volatile AccessRules rules = AccessRules.NOBODY;
    private volatile UnaryOperator<AccessRules> asked = UnaryOperator.identity();

    private final List<SessionConnections.Open> joined = new CopyOnWriteArrayList<>();
    private final List<SessionEnd> left = new CopyOnWriteArrayList<>();
    private final List<Session> begun = new CopyOnWriteArrayList<>();

    public TestServer() {
        this(config(Duration.ofSeconds(60), Duration.ofMinutes(5)));
    }

    public TestServer(ServerSettings config) {
        this.config = config;
    }

    /** What tests of time-outs vary; the rest does not matter to them. */
    public static ServerSettings config(Duration loginTimeout, Duration other) {
        return config(loginTimeout, other, Duration.ofSeconds(60));
    }

    /** Pings an initiator that is silent for a fifth of a second, and gives it two seconds to answer. */
    public static ServerSettings pinging() {
        return new ServerSettings(
                2,
                64,
                32,
                Duration.ofSeconds(60),
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                Duration.ofSeconds(60),
                128,
                8,
                true,
                0,
                Duration.ZERO,
                64L << 20);
    }

    public static ServerSettings config(Duration loginTimeout, Duration other, Duration end) {
        return new ServerSettings(
                2, 64, 32, loginTimeout, other, other, end, 128, 8, true, 0, Duration.ZERO, 64L << 20);
    }

    /** As it is, but for how long whoever guesses has to wait. */
    TestServer counting(FailedLogins by) {
        failed = by;
        return this;
    }

    @Override
    protected void before() throws Exception {
        if (ResourceLeakDetector.getLevel() != ResourceLeakDetector.Level.PARANOID) {
            throw new IllegalStateException("tests need paranoid leak detection");
        }
        target = newTarget(TARGET);
        volume = new Volume("disk0", store.geometry(), VolumeSettings.DEFAULTS, RUNTIME);
        LogicalUnit unit = new LogicalUnit(volume, UnitIdentity.random(), new UnitOptions(false, false, false));
        volume.attach(store).toCompletableFuture().join();
        target.map(0, unit, false);
        server = new IscsiServer(config, () -> asked.apply(rules), failed, new SessionJournal() {
            @Override
            public void refused(
                    InetAddress origin,
                    String remote,
                    String initiator,
                    String target,
                    LoginStatus status,
                    String reason) {
                refusals.add(initiator + " at " + target + ": " + status + ": " + reason);
            }

            @Override
            public void began(Session session) {
                begun.add(session);
            }

            @Override
            public void joined(Session session, SessionConnections.Open connection) {
                joined.add(connection);
            }

            @Override
            public void left(Session session, SessionConnections.Open connection, SessionEnd why) {
                left.add(why);
            }

            @Override
            public void ended(Session session, SessionEnd end) {
                ends.add(end);
            }

            @Override
            public void rejected(Session session, RejectReason reason, String what) {
                rejections.add(reason);
            }

            @Override
            public void managed(Session session, int function) {}
        });
        addTarget(target);
        portal = server.bindLoopback();
    }

    @Override
    protected void after() {
        store.letGo();
        for (TestInitiator initiator : initiators) {
            try {
                initiator.close();
            } catch (IOException failure) {
                throw new AssertionError(failure);
            }
        }
        server.close();
        if (server.dataBytesInUse() != 0) {
            throw new AssertionError(server.dataBytesInUse() + " bytes of data are still reserved");
        }
        if (server.activeBuffers() != 0) {
            throw new AssertionError(server.activeBuffers() + " buffers were not released");
        }
    }

    /** Waits until so many sessions have ended, and returns how the last of them did. */
    public SessionEnd end(int count) {
        until(() -> ends.size() >= count);
        assertEquals("sessions that have ended", count, ends.size());
        return ends.get(count - 1);
    }

    /** Waits until so many connections have left sessions that went on, and returns why the last of them did. */
    public SessionEnd left(int count) {
        until(() -> left.size() >= count);
        assertEquals("connections that have ended", count, left.size());
        return left.get(count - 1);
    }

    /** Returns the last session that began. */
    public Session session() {
        return begun.get(begun.size() - 1);
    }

    /** Returns whether the last session that began is ending, or has ended. */
    public boolean isEnding() {
        return session().isEnding();
    }

    /** Returns how many sessions have ended. */
    public int ended() {
        return ends.size();
    }

    /** Returns how many connections have joined sessions. */
    public int joined() {
        return joined.size();
    }

    /** Returns how many sessions have begun. */
    public int begun() {
        return begun.size();
    }

    /** Returns why PDUs were rejected. */
    public List<RejectReason> rejections() {
        return rejections;
    }

    /** Returns what the server has said of logins that it refused. */
    public List<String> refusals() {
        return refusals;
    }

    /** Serves a target that is open to all. */
    public void addTarget(ScsiTarget added) {
        List<TargetConfig> targets = new ArrayList<>(access.targets());
        targets.add(new TargetConfig(new IscsiName(added.name()), true, null, List.of()));
        allow(access.withTargets(targets), Map.of());
        server.addTarget(added);
    }

    /**
     * Says who may use what.
     *
     * @param secrets by name
     */
    public void allow(GatewayConfig config, Map<String, String> secrets) {
        access = config;
        rules = new AccessRules(
                config, name -> secrets.containsKey(name) ? secrets.get(name).getBytes(StandardCharsets.UTF_8) : null);
    }

    /** Has something done to the rules whenever the server asks for them. */
    public void askedForRules(UnaryOperator<AccessRules> then) {
        asked = then;
    }

    public static ScsiTarget newTarget(String name) {
        ScsiTarget target = new ScsiTarget(name);
        target.setEnabled(true);
        return target;
    }

    public IscsiServer server() {
        return server;
    }

    public ScsiTarget target() {
        return target;
    }

    /** Returns how many bytes of data the server holds for initiators. */
    public long dataBytesInUse() {
        return server.dataBytesInUse();
    }

    /** Returns where the blocks of the disk are. */
    public Volume volume() {
        return volume;
    }

    public TestStore store() {
        return store;
    }

    public InetSocketAddress portal() {
        return portal;
    }

    /** Connects an initiator port of its own. */
    public TestInitiator connect() throws IOException {
        return connect(Duration.ofSeconds(30), 0);
    }

    public TestInitiator connect(Duration timeout, int receiveBufferBytes) throws IOException {
        TestInitiator initiator =
                TestInitiator.connect(portal, timeout, receiveBufferBytes).isid(0x8000_0000_0000L + nextIsid++);
        initiators.add(initiator);
        return initiator;
    }

    /** Connects from an address of this machine. */
    public TestInitiator connectFrom(String host) throws IOException {
        TestInitiator initiator = TestInitiator.connectFrom(host, portal).isid(0x8000_0000_0000L + nextIsid++);
        initiators.add(initiator);
        return initiator;
    }

    /** As {@link #login()}, as another initiator. */
    public TestInitiator login(String name) throws IOException {
        return ready(connect().name(name).login(TARGET));
    }

    /** Connects and logs in, and takes away the unit attention of a new nexus. */
    public TestInitiator login() throws IOException {
        return ready(connect().login(TARGET));
    }

    public static TestInitiator ready(TestInitiator initiator) throws IOException {
        initiator.execute(LUN_0, new byte[6], null, 0).expectSense(0x062900);
        initiator.execute(LUN_0, new byte[6], null, 0).expectGood();
        return initiator;
    }

    /** Waits, without sleeping, until something is so; fails after thirty seconds. */
    public static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("did not become so in time");
            }
            Thread.onSpinWait();
        }
    }

    /** Returns blocks whose bytes differ from one another. */
    public static byte[] pattern(int blocks, int seed) {
        byte[] data = new byte[blocks * BLOCK];
        for (int i = 0; i < data.length; i++) {
            data[i] = (byte) (i * 31 + i / BLOCK + seed);
        }
        return data;
    }
}
