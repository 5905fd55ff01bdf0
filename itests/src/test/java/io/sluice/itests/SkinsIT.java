package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/**
 * What can be done is the same at the console, over HTTP and at the page: every row of the interface is done by each that has it,
 * and what comes of it is compared.
 */
public class SkinsIT {

    @ClassRule
    public static final Sluice SLUICE = new Sluice()
            // The host does not answer pings, and its session is to be there until somebody ends it.
            .configured("io.sluice.iscsi.cfg", "pingIntervalSeconds = 3600\n")
            .light();

    private static Path foreign;

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();

    /** What is another one each time something is made, or goes on by itself. */
    private static final Set<String> CHANGING = Set.of(
            "uuid",
            "naa",
            "serial",
            "serialNumber",
            "eui64",
            "number",
            "uptimeSeconds",
            "ageSeconds",
            "idleSeconds",
            "copiedBytes",
            "progressPercent",
            "remainingSeconds",
            "operationsRunning",
            "eventLoopStalls",
            "longestStallMillis",
            "freeBytes",
            "usedBytes");

    /**
     * A disk that is well is not thrown away: one that has lost its data is not easily had. And a disk that no other gateway has is
     * not taken from one.
     */
    private static final Set<String> REFUSED = Set.of(
            "POST /backstores/{name}/reopen-empty",
            "POST /backstores/{name}/takeover",
            "POST /backstores/{name}/takeover-forced");

    private static ConsoleWorld world;
    private static String root;
    private static String token;
    private static String portal;
    private static Browser browser;

    @BeforeClass
    public static void open() throws Exception {
        String server = "http://127.0.0.1:" + Rest.install(SLUICE);
        root = server + "/api/v1";
        SLUICE.console("feature:install sluice-console");
        world = new ConsoleWorld(SLUICE);
        world.make();
        foreign = SLUICE.folder().resolve("volumes/gotgt.img");
        Files.writeString(SLUICE.etc().resolve("same.json"), SameActions.PART);
        Files.writeString(SLUICE.etc().resolve("gotgt.json"), SameActions.gotgt(foreign));
        token = SLUICE.console("token:create skins --role admin").strip();
        portal = "127.0.0.1:" + Sluice.freePort();
        Rest.await(server + "/console/");
        browser = new Browser();
        browser.does("open", "url", server + "/");
        browser.does("login", "token", token);
    }

    @AfterClass
    public static void close() throws IOException {
        if (browser != null) {
            browser.close();
        }
        if (world != null) {
            world.close();
        }
    }

    private static HttpResponse<String> send(String method, String path, String document) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
        if (document.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(document));
        }
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String named(String text) throws IOException {
        String named = text.replace("PORTAL", portal)
                .replace("PART", inJson(SameActions.PART))
                .replace("GOTGT", inJson(SameActions.gotgt(foreign)));
        if (named.contains("REVISION") || named.contains("PREVIOUS")) {
            int newest = world.revision();
            named = named.replace("REVISION", "" + newest).replace("PREVIOUS", "" + (newest - 1));
        }
        if (named.contains("JOB")) {
            named = named.replace("JOB", world.job());
        }
        if (named.contains("NUMBER")) {
            named = named.replace("NUMBER", world.portNumber());
        }
        return named.contains("SESSION") ? named.replace("SESSION", world.session()) : named;
    }

    private static String inJson(String text) {
        return text.replace("\"", "\\\"");
    }

    private static void prepare(String lines) throws IOException {
        for (String line : lines.isEmpty() ? new String[0] : lines.split("; ")) {
            world.prepare(named(line));
        }
    }

    @Test
    public void everyRowOfTheInterfaceIsDoneBothWays() throws Exception {
        Set<String> rows = new TreeSet<>();
        JsonNode paths = JSON.readTree(send("GET", "/openapi.json", "").body()).path("paths");
        paths.properties().forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
            if (!method.equals("parameters")) {
                rows.add(method.toUpperCase() + " " + path.getKey());
            }
        }));
        // A stream, which the console has not.
        rows.remove("GET /events");
        Set<String> done = new TreeSet<>();
        SameActions.CHANGES.forEach(change -> done.add(change.action()));
        SameViews.SHOWN.forEach(show -> done.add(show.action()));
        assertEquals(rows, done);
    }

    @Test
    public void whatIsShownIsTheSame() throws Exception {
        List<String> wrong = new ArrayList<>();
        requireSession();
        prepare("trace:start; backstore:create memory moved --size 1M; backstore:layer add moved throttle iops=100;"
                + " backstore:move moved memory --rate 1K");
        String first = Json.read(Console.ssh(SLUICE).run("portal:list --json"))
                .at("/0/portal")
                .asText();
        for (SameViews.Show show : SameViews.SHOWN) {
            HttpResponse<String> answer = send("GET", named(show.path()).replace("FIRST", first), "");
            if (answer.statusCode() != 200) {
                wrong.add(show.action() + ": " + answer.statusCode() + " " + answer.body());
            } else if (!show.line().isEmpty()) {
                JsonNode body = JSON.readTree(answer.body());
                JsonNode http = steady(
                        body.has("document")
                                ? JSON.readTree(body.path("document").asText())
                                : body);
                JsonNode console = steady(
                        Json.read(Console.ssh(SLUICE).run(named(show.line()))).at(show.at()));
                if (!console.equals(http)) {
                    wrong.add(show.action() + "\nat the console: " + console + "\nover HTTP:      " + http);
                }
            }
        }
        prepare("trace:stop; backstore:move-cancel moved; backstore:delete moved");
        assertEquals(String.join("\n", wrong), 0, wrong.size());
    }

    /** Where the session of the host was closed, the world is made anew. */
    private static void requireSession() throws Exception {
        if (send("GET", "/sessions", "").body().equals("[]")) {
            world.make();
        }
    }

    /** Does something, and returns what it was refused with; empty if it was done. */
    @FunctionalInterface
    private interface Skin {
        String does(SameActions.Change change) throws Exception;
    }

    @Test
    public void whatIsChangedIsTheSame() throws Exception {
        List<String> wrong = new ArrayList<>();
        for (SameActions.Change change : SameActions.CHANGES) {
            String byConsole = outcome(change, SkinsIT::line);
            String byHttp = outcome(change, SkinsIT::request);
            String atPage = change.page().isNone() ? byConsole : outcome(change, SkinsIT::page);
            if (!byConsole.equals(byHttp) || !byConsole.equals(atPage)) {
                wrong.add(change.action() + "\nby the console: " + byConsole + "\nover HTTP:      " + byHttp
                        + "\nat the page:    " + atPage);
            }
        }
        assertEquals(String.join("\n", wrong), 0, wrong.size());
        assertEquals("[]", browser.does("bad").toString());
    }

    /** Does something one way or the other, and returns the configuration then, and what the audit log says of it. */
    private static String outcome(SameActions.Change change, Skin skin) throws Exception {
        requireSession();
        Files.write(foreign, new byte[1 << 20]);
        Files.deleteIfExists(SLUICE.folder().resolve("volumes/same.img"));
        prepare(change.before());
        int audited = audit().size();
        String refused = skin.does(change);
        assertEquals(change.action() + " " + refused, REFUSED.contains(change.action()), !refused.isEmpty());
        List<String> lines = audit();
        String outcome = configuration() + "\n" + lines.subList(audited, lines.size());
        prepare(change.after());
        Files.deleteIfExists(SLUICE.folder().resolve("state/traces/same.pcap"));
        return outcome;
    }

    private static String page(SameActions.Change change) throws IOException {
        PageControl page = change.page();
        Map<String, String> values = new LinkedHashMap<>();
        for (Map.Entry<String, String> value : page.values().entrySet()) {
            values.put(value.getKey(), named(value.getValue()));
        }
        browser.does("sent");
        if (page.isForm()) {
            browser.does("form", "at", named(page.at()), "values", values, "shows", List.of(page.shows()));
        } else {
            browser.does("act", "at", named(page.at()), "button", named(page.button()), "values", values);
        }
        Pattern row =
                Pattern.compile(change.action().replaceFirst(" ", " /api/v1").replaceAll("\\{[^}]+}", "[^/]+"));
        String sent = browser.does("sent").toString();
        assertTrue(
                change.action() + " is not what the page does, but " + sent,
                row.matcher(sent).find());
        return "";
    }

    /** Returns what it was refused with; empty if it was done. */
    private static String line(SameActions.Change change) throws IOException {
        Terminal.Outcome outcome = Console.ssh(SLUICE).run(named(change.line()));
        prepare(change.page().besides());
        return outcome.failed() ? outcome.text() : "";
    }

    private static String request(SameActions.Change change) throws Exception {
        HttpResponse<String> answer = send(
                change.method(), named(change.path()), named(change.document().replace('\'', '"')));
        prepare(change.page().besides());
        return answer.statusCode() / 100 == 2 ? "" : answer.body();
    }

    /** Without the ports of groups that are gone: a target keeps their numbers for ever, until the world is made anew. */
    private static String configuration() throws IOException {
        JsonNode document = JSON.readTree(SLUICE.etc().resolve("gateway.json").toFile());
        for (JsonNode target : document.path("targets")) {
            Iterator<JsonNode> ports = target.path("ports").elements();
            while (ports.hasNext()) {
                if (ports.next().path("group").asInt() != 1) {
                    ports.remove();
                }
            }
        }
        return steady(document).toString();
    }

    /** Returns what was changed so far, without when and by whom, and without numbers that are never used again. */
    private static List<String> audit() throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of(SLUICE.folder().toString(), "data/log/audit.log"))) {
            String[] words = line.split(" ", 3);
            if (words[1].startsWith("local@") || words[1].startsWith("token:")) {
                lines.add(words[2].replaceFirst("(session|revision|job) \\S*\\d+", "$1 N"));
            }
        }
        return lines;
    }

    /** Leaves out what is another one each time. */
    private static JsonNode steady(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove(CHANGING);
        }
        node.forEach(SkinsIT::steady);
        return node;
    }
}
