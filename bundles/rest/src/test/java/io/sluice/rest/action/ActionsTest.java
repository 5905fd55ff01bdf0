package io.sluice.rest.action;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;

import io.sluice.management.AccessManagement;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Gateway;
import io.sluice.management.JobManagement;
import io.sluice.management.LayerManagement;
import io.sluice.management.Role;
import io.sluice.management.TraceManagement;
import io.sluice.rest.ExampleRequests;
import io.sluice.rest.FakeGateway;
import io.sluice.rest.RunningServer;
import io.sluice.rest.json.Json;
import io.sluice.rest.shape.Field;
import io.sluice.rest.shape.Shape;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.ClassRule;
import org.junit.Test;

/** The table is complete, and says what is so. */
public class ActionsTest {

    @ClassRule
    public static final RunningServer SERVER = new RunningServer(RunningServer.FEW);

    private static final Path ROOT = Path.of("..", "..");
    private static final String ACL = "etc/org.apache.karaf.command.acl.";

    @Test
    public void everythingThatCanBeDoneHasARow() {
        Set<String> used = Actions.ALL.stream()
                .flatMap(action -> action.uses().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> there = Stream.of(
                        Gateway.class,
                        AccessManagement.class,
                        JobManagement.class,
                        LayerManagement.class,
                        ConfigurationManagement.class,
                        TraceManagement.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> !method.isDefault())
                .map(FakeGateway::name)
                .filter(name -> !List.of(
                                "layers()",
                                "access()",
                                "configuration()",
                                "trace()",
                                "jobs()",
                                "stateProblem()",
                                "changeIf(Predicate, Change)",
                                "within(Duration, Change)")
                        .contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(there, used);
    }

    @Test
    public void eachRowUsesWhatItNamesAndAnswersWhatItSays() throws Exception {
        for (Action action : Actions.ALL) {
            SERVER.gateway.methods.clear();
            String path = ExampleRequests.path(action);
            String query = action.query().fields().stream()
                    .map(field -> field.name() + "=true")
                    .collect(Collectors.joining("&"));
            for (Map<String, Object> body : ExampleRequests.bodies(action)) {
                String whole = path + (query.isEmpty() ? "" : "?" + query);
                HttpResponse<String> answer = SERVER.send(Role.ADMIN, action.method(), whole, body);
                String said = action.method() + " " + whole + " " + body + ": " + answer.body();
                assertEquals(said, action.status(), answer.statusCode());
                checkAnswer(said, action, answer);
            }
            Set<String> used = new HashSet<>(SERVER.gateway.methods);
            if (Tags.shows(action) && !action.uses().contains("config()")) {
                assertTrue("for the tag of " + path, used.remove("config()"));
            }
            assertEquals(action.method() + " " + path, action.uses(), used);
        }
    }

    private static void checkAnswer(String said, Action action, HttpResponse<String> answer) throws IOException {
        if (action.answer() == null) {
            assertEquals(said, "", answer.body());
            return;
        }
        assertEquals(
                "application/json", answer.headers().firstValue("Content-Type").orElse(""));
        if (action.many()) {
            Map<?, ?> wrapped = Json.object(("{\"all\":" + answer.body() + "}").getBytes(StandardCharsets.UTF_8));
            assertTrue(said, wrapped.get("all") instanceof List<?> list && !list.isEmpty());
            Shape.of("", Field.objects("all", action.answer())).check(wrapped);
        } else {
            action.answer().check(Json.object(answer.body().getBytes(StandardCharsets.UTF_8)));
        }
        if (action.status() == 201) {
            String location = answer.headers().firstValue("Location").orElseThrow();
            assertTrue(location, location.startsWith(Actions.ROOT + "/"));
            assertNotNull(Actions.find("GET", RequestPath.parse(location)));
        }
    }

    @Test
    public void noTwoRowsAreForTheSameRequest() {
        Set<String> seen = new HashSet<>();
        for (Action action : Actions.ALL) {
            String request = action.method() + " " + action.path().replaceAll("\\{[^}]*\\}", "*");
            assertTrue(request, seen.add(request));
        }
    }

    /** Options of commands that fewer may use than the rest of the command. */
    private static final Set<String> STRICTER = Set.of("--empty", "--force");

    @Test
    public void rolesAreThoseOfTheCommands() throws IOException {
        for (Action action : Actions.ALL) {
            if (action.command().isEmpty()) {
                assertEquals(action.path(), "/config", action.path());
                continue;
            }
            String[] command = action.command().split(" ")[0].split(":");
            Properties roles = new Properties();
            try (var lines = Files.newBufferedReader(ROOT.resolve(ACL + command[0] + ".cfg"))) {
                roles.load(lines);
            }
            String[] words = action.command().split(" ");
            String key = STRICTER.contains(words[words.length - 1])
                    ? command[1] + "[/(?s).*" + words[words.length - 1] + ".*/]"
                    : command[1];
            String named = roles.getProperty(key);
            assertNotNull(action.command(), named);
            Role least = Stream.of(Role.values())
                    .filter(role -> List.of(named.split(", ")).contains(role.label()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(action.method() + " " + action.path(), least, action.role());
        }
    }

    @Test
    public void keysAreThoseOfTheCommands() throws IOException {
        Map<String, Shape> shapes = Map.ofEntries(
                Map.entry("backstore:list", BackstoreViews.ROW),
                Map.entry("backstore:info", BackstoreViews.INFO),
                Map.entry("backstore:moves", BackstoreViews.MOVE),
                Map.entry("backstore:types", BackstoreViews.TYPE),
                Map.entry("backstore:layers", BackstoreViews.LAYER),
                Map.entry("gateway:apply", ConfigurationActions.DIFFERENCE),
                Map.entry("gateway:history", ConfigurationActions.REVISION),
                Map.entry("gateway:import", ConfigurationActions.REPORT),
                Map.entry("gateway:jobs", JobViews.JOB),
                Map.entry("gateway:plan", ConfigurationActions.DIFFERENCE),
                Map.entry("gateway:rollback", ConfigurationActions.DIFFERENCE),
                Map.entry("gateway:status", GatewayViews.STATUS),
                Map.entry("initiator:list", InitiatorViews.ROW),
                Map.entry("initiator:info", InitiatorViews.INFO),
                Map.entry("lun:list", TargetViews.LUN),
                Map.entry("portal:list", GatewayViews.PORTAL),
                Map.entry("session:list", SessionViews.ROW),
                Map.entry("session:info", SessionViews.INFO),
                Map.entry("gateway:doctor", TraceViews.ADVICE),
                Map.entry("trace:show", TraceViews.LINE),
                Map.entry("trace:status", TraceViews.STATUS),
                Map.entry("target:list", TargetViews.ROW),
                Map.entry("target:info", TargetViews.INFO));
        List<String> lines = Files.readAllLines(ROOT.resolve("docs/json.md"));
        for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
            Set<String> keys = lines.stream()
                    .dropWhile(line -> !line.equals("## `" + entry.getKey() + "`"))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("## "))
                    .filter(line -> line.startsWith("| `"))
                    .map(line -> line.split("`")[1])
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> own = new TreeSet<>();
            keys(entry.getValue(), "", own);
            assertEquals(entry.getKey(), keys, own);
        }
    }

    private static void keys(Shape shape, String place, Set<String> keys) {
        for (Field field : shape.fields()) {
            keys.add(place + field.name());
            if (field.shape() != null) {
                keys(field.shape(), place + field.name() + "[].", keys);
            }
        }
    }

    @Test
    public void noSecretComesBack() throws Exception {
        for (Action action : Actions.ALL) {
            if (action.method().equals("GET")) {
                String answer = SERVER.send(Role.ADMIN, "GET", ExampleRequests.path(action), null)
                        .body();
                assertTrue(action.path(), !answer.contains("name-of-a") && !answer.contains("ecret\":"));
            }
        }
    }

    @Test
    public void methodsAreNamedAsTheyAreDeclared() throws NoSuchMethodException {
        Method method = Gateway.class.getMethod("resizeBackstore", String.class, long.class);
        assertEquals("resizeBackstore(String, long)", FakeGateway.name(method));
    }
}
