package io.sluice.rest;

import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Secret;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.ChapConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LayerConfig;
import io.sluice.config.LimitConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.Network;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.AccessManagement;
import io.sluice.management.Advice;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Difference;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.ImportReport;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import io.sluice.management.LayerManagement;
import io.sluice.management.LayerTypeStatus;
import io.sluice.management.MoveStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.Revision;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.TraceLine;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceManagement;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.metrics.CommandKind;
import io.sluice.metrics.CommandStatistics;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.InitiatorStatistics;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.security.AccessController;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import javax.security.auth.Subject;

/** A gateway with one of everything, which writes down what it is asked for. */
public final class FakeGateway {

    public static final String TARGET = "iqn.2026-11.io.sluice:disk1";

    static final BackstoreConfig DISK = BackstoreConfig.builder("disk1", "file")
            .sizeBytes(10L << 30)
            .physicalBlockSize(4096)
            .thin(true)
            .unmap(true)
            .identity(new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f809", "0123456789abcdef"))
            .options(Map.of("path", "/srv/disk1"))
            .layers(List.of(new LayerConfig("throttle", Map.of("iops", "1000"))))
            .build();

    private static final TargetConfig CONFIG = new TargetConfig(
            new IscsiName(TARGET),
            true,
            AccessState.ACTIVE_OPTIMIZED,
            List.of(new LunConfig(5, "disk1", false)),
            List.of(new GrantConfig("web1", List.of(new LunView(7, 5, true)), false, true)),
            List.of(1, 2),
            List.of(new TargetPortConfig(1, 5, null), new TargetPortConfig(2, 6, AccessState.STANDBY)),
            null);

    private static final List<InitiatorConfig> INITIATORS = List.of(new InitiatorConfig(
            "web1",
            List.of("iqn.1993-08.org.debian:01:web1"),
            List.of(Network.parse("192.0.2.0/24")),
            new ChapConfig("webuser", "name-of-a-secret"),
            new ChapConfig("sluice", "name-of-another"),
            new LimitConfig(1000, 100 << 20, 2000)));

    private static final SessionStatus SESSION = session(3);

    /** Returns a session. */
    public static SessionStatus session(int id) {
        return new SessionStatus(
                id,
                "iqn.host",
                "000000000001",
                TARGET,
                "127.0.0.1:3260",
                "127.0.0.1:9",
                Instant.EPOCH,
                7,
                512,
                1024,
                new SessionStatus.Rates(70, 5120, 10_240),
                "web1",
                "webuser",
                List.of(new SessionStatus.Connection(0, "127.0.0.1:3260", "127.0.0.1:9")),
                Map.of("InitialR2T", "No"));
    }

    private static final Difference DIFFERENCE = new Difference(
            Difference.Change.CHANGE,
            "backstore",
            "disk1",
            List.of(new Difference.Field("sizeBytes", "1", "2")),
            List.of(3),
            "backstore disk1 resized");

    /** Methods that were called, as the table names them. */
    public final List<String> methods = new CopyOnWriteArrayList<>();

    /** Changes that were asked for, with their arguments. */
    public final List<String> changes = new CopyOnWriteArrayList<>();

    /** How long callers wait for their changes. */
    public final List<Duration> waits = new CopyOnWriteArrayList<>();

    /** Who asked for a change. */
    public final List<String> callers = new CopyOnWriteArrayList<>();

    private volatile GatewayConfig kept;

    /** What it answers to a change, instead of making it. */
    public volatile Throwable refusal;

    /** The backstore that there is. */
    public volatile BackstoreConfig disk = DISK;

    /** Runs between the call of a change that expects something, and the change. */
    public volatile Runnable meanwhile = () -> {};

    /** What initiators have done with the backstore. */
    public volatile BackstoreStatus.Traffic traffic = new BackstoreStatus.Traffic(5, 6, 2560, 3072, 1);

    /** Sessions that there are. */
    public volatile List<SessionStatus> sessions = List.of(SESSION);

    /** How far the job is that goes on. */
    public volatile OptionalDouble progress = OptionalDouble.of(0.25);

    /** How many portals listen. */
    public volatile int portals = 1;

    /** Runs before each call. */
    public volatile Runnable before = () -> {};

    /** Has each call say that it has begun, and wait until it may go on, a minute at most. */
    void hold(CountDownLatch begun, CountDownLatch go) {
        before = () -> {
            begun.countDown();
            try {
                assertTrue(go.await(60, TimeUnit.SECONDS));
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        };
    }

    public Gateway gateway() {
        return proxy(Gateway.class);
    }

    private <T> T proxy(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call(method, arguments)));
    }

    /** Returns a method as the table names it. */
    public static String name(Method method) {
        return method.getName()
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", ", "(", ")"));
    }

    @SuppressWarnings("unchecked")
    private Object call(Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "layers":
                return proxy(LayerManagement.class);
            case "access":
                return proxy(AccessManagement.class);
            case "jobs":
                return proxy(JobManagement.class);
            case "within":
                waits.add((Duration) arguments[0]);
                return ((Gateway.Change<?>) arguments[1]).make();
            case "changeIf":
                return changedIf((Predicate<GatewayConfig>) arguments[0], (Gateway.Change<?>) arguments[1]);
            case "configuration":
                return proxy(ConfigurationManagement.class);
            case "trace":
                return proxy(TraceManagement.class);
            default:
                before.run();
                methods.add(name(method));
                if (method.getDeclaringClass() == TraceManagement.class) {
                    return traced(method, arguments);
                }
                return arguments == null && !method.getName().equals("applyConfiguration")
                        ? told(method.getName())
                        : changed(method, arguments);
        }
    }

    private Object changedIf(Predicate<GatewayConfig> expected, Gateway.Change<?> change) throws ConfigException {
        meanwhile.run();
        if (!expected.test((GatewayConfig) told("config"))) {
            throw new ConfigException(ConfigException.Kind.CHANGED, "it was changed");
        }
        return change.make();
    }

    private Object traced(Method method, Object[] arguments) throws Throwable {
        TraceLine line = new TraceLine(
                7, Instant.EPOCH, 3, "iqn.host", TARGET, 5, "READ(10) lba=0 blocks=8", "GOOD", 1000, 2000, 3000);
        return switch (method.getName()) {
            case "status" ->
                new TraceStatus(
                        true, TraceRequest.ALL, Instant.EPOCH, Instant.EPOCH.plusSeconds(600), 8, 8, 9, 9, 4096);
            case "lines" -> new TraceLines(List.of(line), 8, 0, true);
            case "export" -> {
                changed(method, arguments);
                yield "/state/traces/" + arguments[0];
            }
            default -> changed(method, arguments);
        };
    }

    @SuppressWarnings("removal")
    private Object changed(Method method, Object[] arguments) throws Throwable {
        if (refusal != null) {
            throw refusal;
        }
        Subject caller = Subject.getSubject(AccessController.getContext());
        callers.add(
                caller == null
                        ? "nobody"
                        : caller.getPrincipals().stream()
                                .map(one -> one.getClass().getSimpleName() + " " + one.getName())
                                .sorted()
                                .collect(Collectors.joining(", ")));
        changes.add(method.getName() + Arrays.toString(shown(arguments)));
        return switch (method.getName()) {
            case "replaceLun" -> "disk0";
            case "applyConfiguration" -> List.of("backstore disk1 was added");
            case "export", "revision" -> "{\"version\": 1}";
            case "plan", "apply", "rollback" -> List.of(DIFFERENCE);
            case "planImport", "importForeign" -> new ImportReport(List.of(DIFFERENCE), List.of("tape"));
            default -> BackstoreConfig.class == method.getReturnType() ? DISK : null;
        };
    }

    private static Object[] shown(Object[] arguments) {
        return Arrays.stream(arguments == null ? new Object[0] : arguments)
                .map(argument -> argument instanceof Map<?, ?> map
                                && map.values().stream().anyMatch(Secret.class::isInstance)
                        ? map.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + ((Secret) entry.getValue()).revealText())
                                .toList()
                        : argument)
                .toArray();
    }

    /** The same one as long as nothing changes. */
    private GatewayConfig config() {
        GatewayConfig now = new GatewayConfig(
                List.of(new PortalConfig("192.0.2.1", 3260)),
                List.of(disk),
                List.of(CONFIG),
                INITIATORS,
                List.of(new InitiatorGroupConfig("cluster", List.of("web1"))),
                new SecurityConfig(List.of(ChapAlgorithm.SHA256, ChapAlgorithm.MD5), true));
        if (!now.equals(kept)) {
            kept = now;
        }
        return kept;
    }

    /** Something is changed, and changed back. */
    public void changeAndChangeBack() {
        kept = null;
    }

    private Object told(String name) {
        return switch (name) {
            case "config" -> config();
            case "backstoreTypes" ->
                List.of(new BackstoreTypeStatus("file", "files", List.of(new BackstoreOption("path", true, "where"))));
            case "types" ->
                List.of(new LayerTypeStatus(
                        "throttle",
                        "limits",
                        List.of(new BackstoreOption("key", BackstoreOption.Type.SECRET, false, "the key")),
                        true));
            case "backstores" ->
                List.of(new BackstoreStatus(
                        disk,
                        BackstoreStatus.State.ONLINE,
                        "",
                        new BackstoreStatus.Operations(3, 2, 1),
                        new BackstoreStatus.Space(OptionalLong.of(4096), OptionalLong.empty()),
                        traffic,
                        List.of(TARGET + " lun 5")));
            case "statistics" ->
                new Statistics(
                        List.of(new LunStatistics(
                                TARGET,
                                5,
                                "disk1",
                                1,
                                Map.of(CommandKind.READ, new CommandStatistics(DurationHistogram.NONE, 512)),
                                Map.of("medium_error", 2L),
                                Map.of("busy", 3L))),
                        List.of(new InitiatorStatistics(
                                "iqn.host", TARGET, Map.of(CommandKind.READ, 7L), Map.of(CommandKind.READ, 512L))));
            case "moves" ->
                List.of(new MoveStatus(
                        "disk1",
                        MoveStatus.State.COPYING,
                        DISK,
                        DISK.withOption("path", "moved.img"),
                        0.5,
                        2,
                        4096,
                        8192,
                        1,
                        1024,
                        ""));
            case "list" ->
                List.of(new JobStatus(
                        "3",
                        "making backstore disk1",
                        "token:ci@127.0.0.1",
                        Instant.EPOCH,
                        Optional.empty(),
                        JobStatus.State.RUNNING,
                        progress,
                        true,
                        "",
                        ""));
            case "targets" -> List.of(new TargetStatus(CONFIG, 1));
            case "portals" -> List.of(new PortalStatus(new PortalConfig("192.0.2.1", 3260), portals > 0, ""));
            case "sessions" -> sessions;
            case "history" ->
                List.of(new Revision(
                        7, Instant.EPOCH, "alice@127.0.0.1", "more room", List.of("backstore disk1 made")));
            case "advice" ->
                List.of(new Advice("one-path", 3, "iqn.host", TARGET, "it has one path", Map.of("linux", "log in")));
            case "status" ->
                new GatewayStatus("1.2", Duration.ofSeconds(61), portals, 1, 1, 0, 0, 1, Optional.empty(), List.of());
            case "stateProblem" -> Optional.empty();
            default -> throw new AssertionError("the gateway is asked for " + name);
        };
    }
}
