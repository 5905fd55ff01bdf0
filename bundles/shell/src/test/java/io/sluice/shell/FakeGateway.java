package io.sluice.shell;

import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Secret;
import io.sluice.config.ChapAlgorithm;
import io.sluice.config.GatewayConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Advice;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.Difference;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.MoveStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.TokenManagement;
import io.sluice.management.TransportStatus;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.karaf.shell.api.console.Registry;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.api.console.Terminal;
import org.jline.reader.UserInterruptException;

/** A gateway with one of everything, and the console of a user who types lines. */
final class FakeGateway {

    /** What somebody types who leaves. */
    static final String CTRL_C = "\u0003";

    /** What changes the gateway was asked for. */
    final List<String> calls = new ArrayList<>();
    /** What secrets it was given. */
    final List<String> secrets = new ArrayList<>();
    /** What the user types when he is asked for something. */
    final Deque<String> typed = new ArrayDeque<>();
    /** What it answers to a change, instead of making it. */
    Exception refusal;
    /** The only change that is refused; empty for all of them. */
    String refused = "";

    BackstoreStatus.State state = BackstoreStatus.State.ONLINE;
    String medium = "";
    String caution = "";
    String problem = "";
    TargetConfig target = OneOfEverything.CONFIG;
    TransportStatus transport;
    /** Variables of the session; a null asks for the names of all. */
    final Map<Object, Object> values = new HashMap<>(Map.of(Session.SCOPE, "*"));

    String portal = "127.0.0.1:3260";
    List<String> changes = List.of();
    boolean thin = true;
    /** Whether the REST interface is there. */
    boolean rest = true;
    /** Columns of the terminal; null if there is none. */
    Integer width;
    /** What the last line wrote as an error. */
    String errors = "";

    FakeGateway() {
        values.put(null, Set.of());
    }

    private final FakeParts parts = new FakeParts(this);

    private final List<ConsoleCommand> commands =
            Commands.consoleCommands(gateway(), this::tokens).toList();

    /** Returns the tokens; null if there is no REST interface. */
    TokenManagement tokens() {
        return rest ? parts.tokens() : null;
    }

    Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "config":
                            return new GatewayConfig(
                                    List.of(),
                                    List.of(OneOfEverything.DISK),
                                    List.of(target),
                                    OneOfEverything.INITIATORS,
                                    List.of(new InitiatorGroupConfig("cluster", List.of("web1", "esx1"))),
                                    new SecurityConfig(List.of(ChapAlgorithm.SHA256, ChapAlgorithm.MD5), true));
                        case "backstoreTypes":
                            return List.of(new BackstoreTypeStatus(
                                    "file",
                                    "files",
                                    List.of(
                                            new BackstoreOption("path", true, "where"),
                                            new BackstoreOption("key", BackstoreOption.Type.SECRET, false, "the key"),
                                            new BackstoreOption("now", BackstoreOption.Type.FLAG, false, "at once"))));
                        case "backstores":
                            return List.of(new BackstoreStatus(
                                    OneOfEverything.DISK,
                                    state,
                                    problem,
                                    new BackstoreStatus.Operations(3, 2, 1),
                                    new BackstoreStatus.Space(OptionalLong.of(4096), OptionalLong.of(1 << 20))
                                            .on(medium, caution),
                                    new BackstoreStatus.Traffic(5, 6, 2560, 3072, 1),
                                    List.of(OneOfEverything.TARGET + " lun 0")));
                        case "statistics":
                            return new Statistics(
                                    List.of(new LunStatistics(
                                            OneOfEverything.TARGET, 0, "disk0", 1, Map.of(), Map.of(), Map.of())),
                                    List.of());
                        case "moves":
                            return List.of(new MoveStatus(
                                    "disk0",
                                    MoveStatus.State.FAILED,
                                    OneOfEverything.DISK,
                                    OneOfEverything.DISK.withOption("path", "moved.img"),
                                    0.5,
                                    2,
                                    4096,
                                    8192,
                                    1,
                                    1024,
                                    "there is no room"));
                        case "targets":
                            return List.of(new TargetStatus(target, 1));
                        case "portals":
                            PortalConfig address = PortalConfig.parse(portal);
                            PortalConfig config =
                                    new PortalConfig(address.host(), address.port(), 2, "198.51.100.7:3260", true);
                            return List.of(new PortalStatus(config, true, ""));
                        case "sessions":
                            return List.of(OneOfEverything.SESSION);
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
                        case "layers":
                            return parts.layers();
                        case "access":
                            return parts.access();
                        case "trace":
                            return parts.trace();
                        case "advice":
                            return List.of(new Advice(
                                    "one-path",
                                    3,
                                    "iqn.host",
                                    OneOfEverything.TARGET,
                                    "it has one path",
                                    Map.of("linux", "log in")));
                        case "configuration":
                            return parts.configuration();
                        case "jobs":
                            return parts.jobs();
                        default:
                            if (refuses(method)) {
                                throw refusal;
                            }
                            calls.add(call(method.getName(), arguments));
                            if (method.getName().equals("replaceLun")) {
                                return "disk0";
                            }
                            return method.getName().equals("applyConfiguration")
                                    ? changes
                                    : OneOfEverything.DISK.toBuilder()
                                            .thin(thin)
                                            .unmap(thin)
                                            .build();
                    }
                });
    }

    List<Difference> differences = List.of(
            new Difference(
                    Difference.Change.CHANGE,
                    "target",
                    OneOfEverything.TARGET,
                    List.of(new Difference.Field("enabled", "true", "false")),
                    List.of(3, 4),
                    "target disabled"),
            new Difference(Difference.Change.ADD, "backstore", "d1", List.of(), List.of(), "backstore d1 made"),
            new Difference(Difference.Change.REMOVE, "portal", "p", List.of(), List.of(), "portal \u001b[2Jp closed"));

    boolean refuses(Method method) {
        return refusal != null && (refused.isEmpty() || method.getName().equals(refused));
    }

    String call(String name, Object[] arguments) {
        if (name.endsWith("eInitiator") && arguments.length == 2) {
            Map<?, ?> given = (Map<?, ?>) arguments[1];
            given.values().forEach(secret -> secrets.add(((Secret) secret).revealText()));
            return name + "[" + arguments[0] + (given.isEmpty() ? "]" : ", new " + given.keySet() + "]");
        }
        if (name.equals("createPortal") || name.equals("changePortal")) {
            PortalConfig made = (PortalConfig) arguments[0];
            return name + "[" + made + ", group " + made.group() + ", " + made.announced()
                    + (made.openToAll() ? ", open to all]" : "]");
        }
        return name + (arguments == null ? "[]" : Arrays.toString(arguments));
    }

    /** Types a line at the console and returns what it prints. */
    String run(String line) throws Exception {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("\"([^\"]*)\"|(\\S+)").matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
        }
        ConsoleCommand command = command(words.get(0));
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        ByteArrayOutputStream wrong = new ByteArrayOutputStream();
        PrintStream out = System.out;
        PrintStream err = System.err;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(wrong, true, StandardCharsets.UTF_8));
        try {
            command.execute(session(), List.copyOf(words.subList(1, words.size())));
        } finally {
            System.setOut(out);
            System.setErr(err);
            errors = wrong.toString(StandardCharsets.UTF_8);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    ConsoleCommand command(String name) {
        return commands.stream()
                .filter(command -> (command.getScope() + ":" + command.getName()).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no command " + name));
    }

    /** Returns a console session, in which a short name means the first command that has it. */
    Session session() {
        return (Session) Proxy.newProxyInstance(
                Session.class.getClassLoader(), new Class<?>[] {Session.class}, (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "getTerminal":
                            return width == null ? null : terminal();
                        case "resolveCommand":
                            return commands.stream()
                                    .filter(command -> command.getName().equals(arguments[0]))
                                    .map(command -> command.getScope() + ":" + command.getName())
                                    .findFirst()
                                    .orElse((String) arguments[0]);
                        case "readLine":
                            String answer = typed.remove();
                            if (answer.equals(CTRL_C)) {
                                throw new UserInterruptException("");
                            }
                            return answer;
                        case "execute":
                            return "what " + arguments[0] + " says";
                        case "getRegistry":
                            return registry();
                        case "get":
                            return values.get(arguments[0]);
                        default:
                            throw new AssertionError("a command asks its session for " + method.getName());
                    }
                });
    }

    private Registry registry() {
        return (Registry) Proxy.newProxyInstance(
                Registry.class.getClassLoader(), new Class<?>[] {Registry.class}, (proxy, method, arguments) -> {
                    return method.getName().equals("getCommands") ? List.copyOf(commands) : null;
                });
    }

    private Terminal terminal() {
        return (Terminal) Proxy.newProxyInstance(
                Terminal.class.getClassLoader(),
                new Class<?>[] {Terminal.class},
                (proxy, method, arguments) -> method.getName().equals("getType") ? terminalType : width);
    }

    /** What the terminal says that it is. */
    String terminalType = "dumb";
}
