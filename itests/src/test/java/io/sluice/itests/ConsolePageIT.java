package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.AfterClass;
import org.junit.BeforeClass;
import org.junit.ClassRule;
import org.junit.Test;

/** The web page in a browser, over a gateway as users have it: what it says is so, and what it does is done. */
public class ConsolePageIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PREFIX = "iqn.2026-11.io.sluice:";
    private static final String NASTY = "<img src=x onerror=alert(1)>'\"";

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private static String server;
    private static Browser browser;

    @BeforeClass
    public static void logIn() throws Exception {
        SLUICE.console("feature:install sluice-console");
        int port = Sluice.freePort();
        Files.writeString(SLUICE.etc().resolve("io.sluice.rest.cfg"), "address = 127.0.0.1:" + port + "\n");
        server = "http://127.0.0.1:" + port;
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (status("/console/") != 200) {
            assertTrue("the page is not served", System.nanoTime() < deadline);
        }
        browser = new Browser();
        browser.does("open", "url", server + "/");
        String refused = browser.does("refusedLogin", "token", "sluice_wrong").asText();
        assertTrue(refused, refused.contains("token") && refused.endsWith("focus=token"));
        browser.does(
                "login",
                "token",
                SLUICE.console("token:create page --role admin").strip());
    }

    private static int status(String path) {
        try {
            return get(path).statusCode();
        } catch (IOException notYet) {
            return 0;
        }
    }

    private static HttpResponse<String> get(String path) throws IOException {
        try {
            HttpRequest request = HttpRequest.newBuilder(URI.create(server + path))
                    .timeout(LIMIT)
                    .build();
            return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    @After
    public void nothingWasBad() throws IOException {
        assertEquals("[]", browser.does("bad").toString());
    }

    @AfterClass
    public static void end() throws IOException {
        if (browser != null) {
            browser.close();
        }
    }

    private static void create(String name, String size, String... more) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("name", name);
        values.put("sizeBytes", size);
        values.put("type", "file");
        values.put("option.path", name + ".img");
        for (int i = 0; i < more.length; i += 2) {
            values.put(more[i], more[i + 1]);
        }
        browser.does("form", "at", "#/create", "values", values, "shows", List.of("is served at", "ESXi"));
    }

    private static String disk(String name) {
        return "#/disks/" + name;
    }

    private static String target(String name) {
        return "#/targets/" + (PREFIX + name).replace(":", "%3A");
    }

    private static void act(String at, String button, Map<String, String> values) throws IOException {
        browser.does("act", "at", at, "button", button, "values", values);
    }

    @Test
    public void aDiskIsMadeUsedMovedAndDeleted() throws Exception {
        create("page1", "64M");
        assertTrue(SLUICE.console("backstore:list").contains("page1"));
        browser.does(
                "form",
                "at",
                "#/create",
                "values",
                Map.of("name", "page1", "sizeBytes", "1M", "option.path", "x"),
                "shows",
                List.of("page1", "already"));

        String url = SLUICE.url(PREFIX + "page1", 0);
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 32M", url).expectSuccess();
        Process host = new ProcessBuilder("qemu-io", "-f", "raw", url)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "page-host.log").toFile())
                .start();
        try {
            browser.does("see", "at", "#/sessions", "words", List.of(PREFIX + "page1", "127.0.0.1"));
            browser.does("see", "at", target("page1"), "words", List.of("127.0.0.1", "read and write"));

            act(
                    disk("page1"),
                    "Move",
                    Map.of("type", "file", "option.path", "moved.img", "rateBytesPerSecond", "256K"));
            browser.does("see", "at", "#/jobs", "words", List.of("moving backstore page1", "token:page", "%"));
            browser.does("see", "at", disk("page1"), "words", List.of("Move of page1", "256 KiB/s"));
            act(disk("page1"), "Change the limit", Map.of("rateBytesPerSecond", ""));
            browser.does("see", "at", disk("page1"), "words", List.of("page1: done", "100 %"));
            browser.does("see", "at", "#/jobs", "words", List.of("backstore page1 is at", "moved.img"));
            assertTrue(SLUICE.console("backstore:info page1").contains("moved.img"));

            act(disk("page1"), "Resize", Map.of("sizeBytes", "96M"));
            browser.does("see", "at", disk("page1"), "words", List.of("96 MiB"));
            String smaller = browser.does(
                            "refused", "at", disk("page1"), "button", "Resize", "values", Map.of("sizeBytes", "big"))
                    .asText();
            assertEquals("The size is a number with K, M, G or T behind it, such as 10G. focus=sizeBytes", smaller);

            String inUse = browser.does("refused", "at", target("page1"), "button", "Unmap LUN 0")
                    .asText();
            assertTrue(inUse, inUse.contains("session"));
        } finally {
            host.destroy();
            host.waitFor();
        }
        act(target("page1"), "Unmap LUN 0", Map.of());
        String name = browser.does(
                        "refused", "at", disk("page1"), "button", "Delete", "values", Map.of("confirm", "page"))
                .asText();
        assertEquals("Type page1 to confirm. focus=confirm", name);
        act(disk("page1"), "Delete", Map.of("confirm", "page1"));
        browser.does("never", "at", "#/disks", "words", List.of("page1"));
        assertFalse(SLUICE.console("backstore:list").contains("page1"));
    }

    @Test
    public void aJobIsCancelled() throws Exception {
        SLUICE.console("backstore:create memory slow --size 64M");
        SLUICE.console("backstore:move slow memory --rate 1K");
        browser.does("see", "at", "#/", "words", List.of("moving backstore slow"));
        act("#/jobs", "Cancel the job", Map.of());
        browser.does("see", "at", "#/jobs", "words", List.of("Nothing goes on", "cancelled"));
        assertTrue(SLUICE.console("backstore:moves").contains("cancelled"));
    }

    @Test
    public void whatHostsDoIsMeasuredAndWhatIsMadeElsewhereComes() throws Exception {
        SLUICE.console("feature:install sluice-metrics");
        create("busy", "8M");
        try (VerifiedLoad load = new VerifiedLoad(SLUICE.portal(), PREFIX + "busy", 1)) {
            String latency = browser.does("measured", "lun", PREFIX + "busy lun 0 (busy)")
                    .asText();
            assertTrue(latency, latency.matches("Latency: operations now take [\\d.]+ (µs|ms|s) at most"));
            assertTrue(load.done() > 0);
        }
        browser.does("leave", "at", "#/disks", "words", List.of("busy"));
        SLUICE.console("backstore:create memory elsewhere --size 1M");
        browser.does("came", "words", List.of("elsewhere"));
    }

    @Test
    public void layersPortsAndRedirectsAreShownAndSet() throws Exception {
        create("paths", "8M");
        SLUICE.console("backstore:layer add paths throttle iops=1000");
        browser.does("see", "at", disk("paths"), "words", List.of("throttle (iops=1000)"));
        act(target("paths"), "Access of all ports", Map.of("accessState", "standby"));
        browser.does("see", "at", target("paths"), "words", List.of("standby"));
        JsonNode ports = Json.read(Console.ssh(SLUICE).run("target:info " + PREFIX + "paths --json"))
                .path("ports");
        assertEquals("standby", ports.path(0).path("accessState").asText());
        String port = "Access of port " + ports.path(0).path("number").asText();
        act(target("paths"), port, Map.of("accessState", "active-non-optimized"));
        browser.does("see", "at", target("paths"), "words", List.of("active-non-optimized"));
        String nowhere = browser.does("refused", "at", target("paths"), "button", "Redirect", "values", Map.of())
                .asText();
        assertEquals("Say where initiators are sent. focus=redirectedTo", nowhere);
        act(target("paths"), "Redirect", Map.of("redirectedTo", "192.0.2.2:3260", "redirectedForGood", "on"));
        browser.does("see", "at", target("paths"), "words", List.of("192.0.2.2:3260, for good"));
        act(target("paths"), "Keep initiators", Map.of());
        browser.does("never", "at", target("paths"), "words", List.of("192.0.2.2:3260"));
    }

    @Test
    public void theLinesForHostsWork() throws Exception {
        create("lines", "8M");
        browser.does("see", "at", target("lines"), "words", List.of("lines"));
        create(
                "chap",
                "8M",
                "who",
                "+",
                "initiator",
                "guest",
                "chapUser",
                "o'neil, sr",
                "chapSecret",
                "a secret of 20 bytes");
        String qemu = browser.does("lines", "label", "lines for QEMU")
                .asText()
                .lines()
                .findFirst()
                .orElseThrow();
        Path folder = Files.createTempDirectory(Path.of("target"), "chap").toAbsolutePath();
        Files.writeString(folder.resolve("chap.secret"), "a secret of 20 bytes");
        Tool.Result info = SLUICE.shell("cd " + folder + " && " + qemu).expectSuccess();
        assertTrue(info.output(), info.output().contains("virtual size: 8 MiB"));
        Files.writeString(folder.resolve("chap.secret"), "another of 20 bytes!");
        SLUICE.shell("cd " + folder + " && " + qemu).expectFailure();
    }

    @Test
    public void keysAloneAreEnough() throws Exception {
        String outline = browser.does(
                        "keys", "name", "keys", "size", "8M", "path", "keys.img", "shows", List.of("is served at"))
                .asText();
        assertTrue(SLUICE.console("backstore:list").contains("keys.img")
                || SLUICE.console("backstore:list").contains("keys"));
        String copied = browser.does("copied", "label", "lines for QEMU").asText();
        String url = SLUICE.url(PREFIX + "keys", 0);
        assertTrue(outline + copied, copied.startsWith("qemu-img info " + url + "\n"));
        Tool.Result info =
                SLUICE.shell(copied.lines().findFirst().orElseThrow()).expectSuccess();
        assertTrue(info.output(), info.output().contains("virtual size: 8 MiB"));
    }

    @Test
    public void whatOthersWroteIsTextAndNothingElse() throws Exception {
        act(
                "#/initiators",
                "Add an initiator",
                Map.of("name", "nasty", "chapUser", NASTY, "chapSecret", "twelve bytes!"));
        browser.does("see", "at", "#/initiators", "words", List.of(NASTY));
        act("#/initiators", "Delete nasty", Map.of());
        browser.does(
                "form",
                "at",
                "#/create",
                "values",
                Map.of("name", "nasty", "sizeBytes", "1M", "option.path", NASTY + "/no.img"),
                "shows",
                List.of(NASTY));
        create("nasty", "1M", "option.path", NASTY + ".img");
        browser.does("see", "at", disk("nasty"), "words", List.of(NASTY));
        browser.does(
                "see",
                "at",
                "#/disks/" + "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E",
                "words",
                List.of("<img src=x onerror=alert(1)>"));
        assertEquals(0, browser.does("count", "selector", "main img").asInt());
    }

    @Test
    public void aThousandTargetsAreShownAPageAtATime() throws Exception {
        assertEquals(50, browser.does("many", "count", 1000).asInt());
    }

    @Test
    public void theServerGuardsThePage() throws Exception {
        HttpResponse<String> page = get("/console/");
        assertTrue(
                page.headers().firstValue("Content-Security-Policy").orElse("").contains("default-src 'none'"));
        assertTrue(page.headers().firstValue("ETag").isPresent());
        assertEquals(404, status("/console/Page.class"));
        assertEquals(400, status("/console/%2e%2e/Page.class"));
    }

    /** With {@code -Dpage.images=FOLDER} pictures of the pages are left there. */
    @Test
    public void everyPageCanBeReadInBothColoursAndOnATelephone() throws Exception {
        create("seen", "1G");
        SLUICE.console("initiator:create web1 --iqn iqn.1993-08.org.debian:01:web1 --address 192.0.2.0/24");
        Map<String, String> pages = Map.of(
                "overview",
                "#/",
                "disks",
                "#/disks",
                "disk",
                disk("seen"),
                "create",
                "#/create",
                "targets",
                "#/targets",
                "target",
                target("seen"),
                "sessions",
                "#/sessions",
                "initiators",
                "#/initiators",
                "jobs",
                "#/jobs",
                "portals",
                "#/portals");
        Map<String, String> words = Map.of(
                "overview",
                "portals",
                "disks",
                "seen",
                "disk",
                "Serial number",
                "create",
                "Who may use it",
                "targets",
                "seen",
                "target",
                "Who may use it",
                "sessions",
                "Sessions",
                "initiators",
                "web1",
                "jobs",
                "Jobs",
                "portals",
                "listening");
        // What the form has made is shown in its place until one leaves.
        browser.does("see", "at", "#/portals", "words", List.of("listening"));
        String images = System.getProperty("page.images", "");
        for (Map.Entry<String, String> page : pages.entrySet()) {
            List<String> shown = List.of(words.get(page.getKey()));
            JsonNode found = browser.does("look", "at", page.getValue(), "words", shown);
            assertEquals(page.getKey(), "[]", found.toString());
            for (String theme : images.isEmpty() ? List.<String>of() : List.of("light", "dark")) {
                Path file = Path.of(images, "console-" + page.getKey() + "-" + theme + ".png")
                        .toAbsolutePath();
                browser.does("shot", "at", page.getValue(), "words", shown, "theme", theme, "file", file.toString());
            }
        }
        JsonNode colours = browser.does("switchColours");
        assertEquals("light rgb(255, 255, 255)", colours.get(0).asText());
        assertEquals("dark rgb(20, 24, 28)", colours.get(1).asText());
    }
}
