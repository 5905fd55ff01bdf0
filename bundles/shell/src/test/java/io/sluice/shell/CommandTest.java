package io.sluice.shell;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreOption;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LayerConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.TransportStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.support.CommandException;
import org.junit.Test;

/** Every command: what it asks of the gateway, what it prints, and how it fails. */
public class CommandTest {

    private static final String TARGET = "iqn.2026-11.io.sluice:disk0";
    private static final BackstoreConfig DISK = BackstoreConfig.builder("disk0", "file")
            .sizeBytes(10L << 30)
            .physicalBlockSize(4096)
            .thin(true)
            .unmap(true)
            .identity(new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f809", "0123456789abcdef"))
            .options(Map.of("path", "/srv/disk0"))
            .layers(List.of(new LayerConfig("limit", Map.of()), new LayerConfig("count", Map.of())))
            .build();
    private static final TargetConfig CONFIG = new TargetConfig(
            new IscsiName(TARGET), true, AccessState.ACTIVE_OPTIMIZED, List.of(new LunConfig(0, "disk0", false)));
    private static final SessionStatus SESSION = new SessionStatus(
            3,
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
            Map.of("InitialR2T", "No"));

    private final List<String> calls = new ArrayList<>();
    private ConfigException refusal;
    private BackstoreStatus.State state = BackstoreStatus.State.ONLINE;
    private String problem = "";
    private TransportStatus transport;

    /** A gateway with one of everything, which writes down what changes it is asked for. */
    private Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "config":
                            return new GatewayConfig(List.of(), List.of(DISK), List.of(CONFIG));
                        case "backstoreTypes":
                            return List.of(new BackstoreTypeStatus(
                                    "file",
                                    "files",
                                    List.of(
                                            new BackstoreOption("path", true, "where"),
                                            new BackstoreOption(
                                                    "key", BackstoreOption.Type.SECRET, false, "the key"))));
                        case "backstores":
                            return List.of(new BackstoreStatus(
                                    DISK,
                                    state,
                                    problem,
                                    new BackstoreStatus.Operations(3, 2, 1),
                                    new BackstoreStatus.Space(OptionalLong.of(4096), OptionalLong.of(1 << 20)),
                                    new BackstoreStatus.Traffic(5, 6, 2560, 3072, 1),
                                    List.of(TARGET + " lun 0")));
                        case "targets":
                            return List.of(new TargetStatus(CONFIG, 1));
                        case "portals":
                            return List.of(new PortalStatus(PortalConfig.parse("127.0.0.1:3260"), true, ""));
                        case "sessions":
                            return List.of(SESSION);
                        case "status":
                            return new GatewayStatus(
                                    "1.2",
                                    Duration.ofSeconds(61),
                                    1,
                                    1,
                                    1,
                                    5,
                                    6,
                                    1,
                                    Optional.ofNullable(transport),
                                    problem.isEmpty() ? List.of() : List.of(problem));
                        default:
                            if (refusal != null) {
                                throw refusal;
                            }
                            calls.add(method.getName() + Arrays.toString(arguments));
                            return DISK;
                    }
                });
    }

    /** Runs a command with arguments by index and options by name, and returns what it prints. */
    private String run(GatewayCommand command, Object... words) throws CommandException {
        int index = 0;
        for (int i = 0; i < words.length; i++) {
            if (words[i] instanceof String word && word.startsWith("-")) {
                set(command, word, -1, words[++i]);
            } else {
                set(command, null, index++, words[i]);
            }
        }
        command.use(gateway());
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream console = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            command.execute();
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    private static void set(Object command, String option, int index, Object value) {
        for (Class<?> type = command.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                Option named = field.getAnnotation(Option.class);
                Argument placed = field.getAnnotation(Argument.class);
                boolean meant = option == null
                        ? placed != null && placed.index() == index
                        : named != null
                                && (named.name().equals(option)
                                        || List.of(named.aliases()).contains(option));
                if (meant) {
                    try {
                        field.setAccessible(true);
                        field.set(command, value);
                        return;
                    } catch (IllegalAccessException impossible) {
                        throw new AssertionError(impossible);
                    }
                }
            }
        }
        throw new AssertionError("no " + (option == null ? "argument " + index : option));
    }

    @Test
    public void changesReachTheGateway() throws CommandException {
        run(new BackstoreResizeCommand(), "disk0", "20G");
        run(new BackstoreReopenCommand(), "disk0");
        run(new BackstoreDeleteCommand(), "disk0");
        run(new TargetCreateCommand(), TARGET, "--backstore", List.of("disk0"));
        run(new TargetEnableCommand(), TARGET);
        run(new TargetAccessCommand(), TARGET, "standby");
        run(new TargetDisableCommand(), TARGET);
        run(new TargetDeleteCommand(), TARGET, "--force", true);
        run(new LunMapCommand(), TARGET, "disk1", "--read-only", true);
        run(new LunMapCommand(), TARGET, "disk1", "--lun", 7);
        run(new LunUnmapCommand(), TARGET, 7);
        run(new PortalCreateCommand(), "[::1]:3261");
        run(new PortalDeleteCommand(), "127.0.0.1");
        run(new SessionCloseCommand(), 3);
        assertEquals(
                List.of(
                        "resizeBackstore[disk0, 21474836480]",
                        "reopenBackstore[disk0, false]",
                        "deleteBackstore[disk0]",
                        "createTarget[" + TARGET + ", [disk0]]",
                        "setTargetEnabled[" + TARGET + ", true]",
                        "setTargetAccessState[" + TARGET + ", STANDBY]",
                        "setTargetEnabled[" + TARGET + ", false]",
                        "deleteTarget[" + TARGET + ", true]",
                        "mapLun[" + TARGET + ", LunConfig[lun=1, backstore=disk1, readOnly=true]]",
                        "mapLun[" + TARGET + ", LunConfig[lun=7, backstore=disk1, readOnly=false]]",
                        "unmapLun[" + TARGET + ", 7, false]",
                        "createPortal[[::1]:3261]",
                        "deletePortal[127.0.0.1:3260]",
                        "closeSession[3]"),
                calls);
    }

    @Test
    public void storageIsAskedForAsTheOptionsSay() throws CommandException {
        run(
                new BackstoreCreateCommand(),
                "file",
                "d1",
                "--path",
                "x.img",
                "--size",
                "1M",
                "--block-size",
                4096,
                "--thick",
                true,
                "--removable",
                true,
                "-o",
                List.of("preallocate=true"));
        run(
                new BackstoreCreateCommand(),
                "memory",
                "d2",
                "--size",
                "1M",
                "--no-unmap",
                true,
                "--threshold",
                80,
                "--read-only",
                true);
        run(new TargetCreateCommand(), TARGET, "--file", "y.img", "--size", "2M");
        assertEquals(
                List.of(
                        "createBackstore["
                                + new BackstoreRequest(
                                        "d1",
                                        "file",
                                        1 << 20,
                                        4096,
                                        0,
                                        false,
                                        false,
                                        true,
                                        false,
                                        0,
                                        Map.of("path", "x.img", "preallocate", "true"))
                                + "]",
                        "createBackstore["
                                + new BackstoreRequest(
                                        "d2", "memory", 1 << 20, 512, 0, true, true, false, false, 80, Map.of())
                                + "]",
                        "createTarget[" + TARGET + ", "
                                + new BackstoreRequest(
                                        "disk0-2",
                                        "file",
                                        2 << 20,
                                        512,
                                        0,
                                        true,
                                        false,
                                        false,
                                        true,
                                        0,
                                        Map.of("path", "y.img"))
                                + "]"),
                calls);
    }

    @Test
    public void listsAreAligned() throws CommandException {
        assertEquals(
                """
                Name    Type   Size   Block   State    Mapped
                disk0   file   10G    512     online   iqn.2026-11.io.sluice:disk0 lun 0
                """,
                run(new BackstoreListCommand()));
        assertEquals(
                """
                Target                        State     LUNs   Sessions
                iqn.2026-11.io.sluice:disk0   enabled   1      1
                """,
                run(new TargetListCommand()));
        assertTrue(run(new LunListCommand(), TARGET).contains("0     disk0       read-write"));
        assertTrue(run(new PortalListCommand()).contains("127.0.0.1:3260   listening"));
        assertTrue(run(new SessionListCommand()).contains("3    iqn.host"));
        assertTrue(run(new BackstoreTypesCommand()).contains("path (required), key (file with a secret)"));
    }

    @Test
    public void propertiesAreAligned() throws CommandException {
        assertTrue(run(new BackstoreInfoCommand(), "disk0").contains("Physical block size   4096\n"));
        assertTrue(run(new TargetInfoCommand(), TARGET).contains("LUNs       0 disk0\n"));
        assertTrue(run(new SessionInfoCommand(), 3).contains("InitialR2T      No\n"));
        assertTrue(run(new GatewayStatusCommand()).contains("Problems            none\n"));
    }

    @Test
    public void whatIsWrongIsShownEverywhere() throws CommandException {
        state = BackstoreStatus.State.READ_ONLY;
        problem = "a flush has failed: mend that, then use backstore:reopen disk0";
        transport = new TransportStatus(1024, 2048, 7, "iqn.host for 3 s", 9, 8, 4, 123);
        assertTrue(run(new BackstoreListCommand()).contains("read-only"));
        String info = run(new BackstoreInfoCommand(), "disk0");
        assertTrue(info, info.contains("State                 read-only\n"));
        assertTrue(info, info.contains("Problem               " + problem + "\n"));
        assertTrue(info, info.contains("Operations running    3\n"));
        assertTrue(info, info.contains("Operations held       2\n"));
        assertTrue(info, info.contains("Operations overdue    1\n"));
        assertTrue(info, info.contains("Layers                limit\n                      count\n"));
        String status = run(new GatewayStatusCommand());
        for (String line : List.of(
                "Backstores away      5",
                "Backstores fenced    6",
                "Connections          9",
                "Not logged in        8",
                "Data memory          1024",
                "Data memory limit    2048",
                "Waiting for memory   7",
                "Longest wait         iqn.host for 3 s",
                "Event loop stalls    4",
                "Longest stall        123 ms",
                "Problems             " + problem)) {
            assertTrue(status, status.contains(line + "\n"));
        }
        String json = run(new BackstoreInfoCommand(), "disk0", "--json", true);
        assertTrue(json, json.contains("\"Operations overdue\":1,"));
    }

    @Test
    public void jsonSaysTheSame() throws CommandException {
        assertEquals(
                "[{\"Target\":\"" + TARGET + "\",\"State\":\"enabled\",\"LUNs\":1,\"Sessions\":1}]\n",
                run(new TargetListCommand(), "--json", true));
        assertTrue(run(new GatewayStatusCommand(), "--json", true).startsWith("{\"Version\":\"1.2\","));
    }

    @Test
    public void failuresAreOneLine() {
        refusal = new ConfigException("backstore disk0 is in use: unmap it first");
        assertFails("backstore disk0 is in use: unmap it first", new BackstoreDeleteCommand(), "disk0");
        assertFails("'disk0' is not an iSCSI name", new TargetEnableCommand(), "disk0");
        assertFails("'gone' is not an access state", new TargetAccessCommand(), TARGET, "gone");
        assertFails(
                "--no-unmap and --threshold are for thin disks",
                new BackstoreCreateCommand(),
                "memory",
                "d3",
                "--thick",
                true,
                "--no-unmap",
                true);
        assertFails("'1X' is not a size", new BackstoreResizeCommand(), "disk0", "1X");
        assertFails("there is no backstore other", new BackstoreInfoCommand(), "other");
        assertFails("there is no session 4", new SessionInfoCommand(), 4);
        assertFails("there is no target iqn.2026-11.io.sluice:x", new TargetInfoCommand(), "iqn.2026-11.io.sluice:x");
        assertFails("exclude each other", new BackstoreCreateCommand(), "file", "d", "--thin", true, "--thick", true);
        assertFails("go with --file", new TargetCreateCommand(), TARGET, "--size", "1G");
        assertFails("write it like key=value", new BackstoreCreateCommand(), "file", "d", "-o", List.of("colour"));
    }

    private void assertFails(String message, GatewayCommand command, Object... words) {
        CommandException failure = assertThrows(CommandException.class, () -> run(command, words));
        assertTrue(failure.getMessage(), failure.getMessage().contains(message));
        assertFalse(failure.getMessage().contains("\n"));
    }

    @Test
    public void everyCommandIsDeclaredWhole() throws Exception {
        for (Class<?> type : OptionsFirstTest.commands()) {
            Command command = type.getAnnotation(Command.class);
            assertFalse(type.getSimpleName(), command.description().isEmpty());
            assertTrue(
                    type.getSimpleName(),
                    command.detailedDescription().startsWith("Example: " + command.scope() + ":" + command.name()));
        }
    }
}
