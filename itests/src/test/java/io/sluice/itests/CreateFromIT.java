package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * A disk that is made as a copy of another file: over HTTP it has the same bytes, it may come from where disks may be and from
 * nowhere else, and one that takes long is a job of which nothing is left when it does not come to its end.
 */
public class CreateFromIT {

    private static final String SETTINGS = "io.sluice.backstore.file.cfg";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int MIB = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies take their time here: of each MiB of data a second. */
    @Rule
    public final Sluice sluice = new Sluice().light().configured(SETTINGS, "copyMiBPerSecond = 1\n");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private String server;
    private String root;
    private String token;

    @Before
    public void installRest() throws IOException {
        server = "http://127.0.0.1:" + Rest.install(sluice);
        root = server + "/api/v1";
        Rest.await(server + "/health/live");
        token = sluice.console("token:create copier --role admin").strip();
    }

    private HttpResponse<String> send(String method, String path, String document) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token);
        if (document.isEmpty()) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .header("Prefer", "wait=20")
                    .method(method, HttpRequest.BodyPublishers.ofString(document));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String disk(String name, String from) {
        return "{\"name\": \"" + name + "\", \"type\": \"file\", \"createFrom\": \"" + from + "\","
                + " \"options\": {\"path\": \"" + name + ".img\"}}";
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(sluice.volumes())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Returns what the process has open that has no name. */
    private List<String> nameless() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(sluice.pid()), "fd"))) {
            return open.map(CreateFromIT::target)
                    .filter(target -> target.contains("/volumes/") && target.endsWith(" (deleted)"))
                    .toList();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException closed) {
            return "";
        }
    }

    /** Makes a file of which a copy takes more than a minute. */
    private void makeBig() throws IOException {
        byte[] data = new byte[128 * MIB];
        new Random(7).nextBytes(data);
        Files.write(sluice.volumes().resolve("big.img"), data);
    }

    /** Returns the newest job when it has come to something. */
    private JsonNode running() throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            JsonNode jobs = JSON.readTree(send("GET", "/jobs", "").body());
            JsonNode last = jobs.path(jobs.size() - 1);
            if (last.path("state").asText().equals("running")
                    && last.path("progressPercent").asInt() > 0) {
                assertEquals("making backstore web", last.path("what").asText());
                assertTrue(last.toString(), last.path("cancellable").asBoolean());
                return last;
            }
            assertTrue("it does not get so far: " + jobs, System.nanoTime() < deadline);
        }
    }

    private void nothingIsLeft(JsonNode job) throws Exception {
        assertEquals(List.of("big.img"), files());
        assertEquals(List.of(), nameless());
        assertEquals("[]", send("GET", "/backstores", "").body());
        JsonNode over = JSON.readTree(
                send("GET", "/jobs/" + job.path("id").asText(), "").body());
        assertEquals(over.toString(), "cancelled", over.path("state").asText());
    }

    @Test
    public void aDiskThatIsMadeOverHttpHasTheBytesOfItsSource() throws Exception {
        sluice.console("target:create " + Sluice.TARGET + " --file golden.img --size 8M");
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 1M 2M", sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
        sluice.console("target:delete " + Sluice.TARGET + " --force");
        for (String name : Console.configured(sluice, "backstores")) {
            sluice.console("backstore:delete " + name);
        }
        HttpResponse<String> made = send(
                "POST",
                "/targets",
                "{\"target\": \"" + Sluice.TARGET + "\", \"backstore\": " + disk("web", "golden.img") + "}");
        assertEquals(made.body(), 201, made.statusCode());
        Tool.Result read = Tool.run(
                        "qemu-io",
                        "-f",
                        "raw",
                        "-c",
                        "read -P 0 0 1M",
                        "-c",
                        "read -P 0x5a 1M 2M",
                        "-c",
                        "read -P 0 3M 5M",
                        sluice.url(Sluice.TARGET, 0))
                .expectSuccess();
        assertFalse(read.output(), read.output().contains("verification failed"));
        String shown = send("GET", "/backstores/web", "").body();
        assertTrue(
                shown, JSON.readTree(shown).at("/options/createdFrom").asText().startsWith("golden.img, "));
        assertFalse(shown, shown.contains("createFrom\""));
    }

    @Test
    public void whatIsNoDiskIsNotCopied() throws Exception {
        Path volumes = sluice.volumes();
        Path outside = Files.write(sluice.folder().resolve("outside.img"), new byte[MIB]);
        Files.createSymbolicLink(volumes.resolve("link.img"), outside);
        Files.createSymbolicLink(volumes.resolve("folder"), sluice.folder());
        Files.createDirectory(volumes.resolve("directory"));
        Tool.run("mkfifo", volumes.resolve("fifo.img").toString()).expectSuccess();
        List<String> before = files();
        refused("../outside.img", "outside of the folders");
        refused("directory/../../outside.img", "outside of the folders");
        refused(outside.toString(), "outside of the folders");
        refused("link.img", "outside of the folders");
        refused("folder/outside.img", "outside of the folders");
        refused("/dev/zero", "outside of the folders");
        refused("/etc/passwd", "outside of the folders");
        refused("fifo.img", "cannot be copied: it is neither a regular file nor a block device");
        refused("directory", "cannot be copied: it is neither a regular file nor a block device");
        refused("none.img", "cannot be copied: it does not exist");
        assertEquals(before, files());
        assertEquals("[]", send("GET", "/backstores", "").body());
    }

    private void refused(String from, String why) throws Exception {
        HttpResponse<String> answer = send("POST", "/backstores", disk("web", from));
        assertEquals(from + ": " + answer.body(), 409, answer.statusCode());
        String line = JSON.readTree(answer.body()).path("detail").asText();
        System.out.println(from + " is refused: " + line);
        assertTrue(from + ": " + line, line.contains(why) && !line.contains("\n"));
    }

    @Test
    public void aCopyThatTakesLongIsAJobThatCanBeCancelled() throws Exception {
        makeBig();
        HttpRequest now = HttpRequest.newBuilder(URI.create(root + "/backstores"))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=0")
                .POST(HttpRequest.BodyPublishers.ofString(disk("web", "big.img")))
                .build();
        HttpResponse<String> begun = client.send(now, HttpResponse.BodyHandlers.ofString());
        assertEquals(begun.body(), 202, begun.statusCode());
        JsonNode first = running();
        assertTrue(begun.headers()
                .firstValue("Location")
                .orElse("")
                .endsWith("/jobs/" + first.path("id").asText()));
        assertEquals("it has no name yet", List.of("big.img"), files());
        assertFalse("it is somewhere", nameless().isEmpty());
        HttpResponse<String> cancelled =
                send("DELETE", "/jobs/" + first.path("id").asText(), "");
        assertEquals(cancelled.body(), 204, cancelled.statusCode());
        nothingIsLeft(first);

        String line = "backstore:create file web --path web.img --create-from big.img";
        try (Terminal terminal = Terminal.open(sluice)) {
            terminal.clear().type(line).enter();
            JsonNode second = running();
            String shown = sluice.console("gateway:jobs " + second.path("id").asText());
            assertTrue(shown, shown.contains("making backstore web") && shown.contains(" %"));
            terminal.press("\u0003");
            terminal.await("that it was cancelled", screen -> screen.screen().stream()
                    .anyMatch(row -> row.contains("making backstore web was cancelled, and nothing of it is left")));
            nothingIsLeft(second);

            CompletableFuture<Tool.Result> third = later(line);
            JsonNode last = running();
            sluice.console("gateway:job-cancel " + last.path("id").asText());
            String told = third.get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .expectFailure()
                    .output();
            assertTrue(told, told.contains("making backstore web was cancelled: there is none"));
            nothingIsLeft(last);
        }
        isCancelledAtThePage(line);
    }

    private void isCancelledAtThePage(String line) throws Exception {
        sluice.console("feature:install sluice-console");
        Rest.await(server + "/console/");
        try (Browser browser = new Browser()) {
            browser.does("open", "url", server + "/");
            browser.does("login", "token", token);
            CompletableFuture<Tool.Result> begun = later(line);
            JsonNode job = running();
            browser.does("see", "at", "#/jobs", "words", List.of("making backstore web", " %"));
            browser.does("act", "at", "#/jobs", "button", "Cancel the job", "values", Map.of());
            begun.get(LIMIT.toSeconds(), TimeUnit.SECONDS).expectFailure();
            nothingIsLeft(job);
            browser.does("see", "at", "#/jobs", "words", List.of("Nothing goes on", "cancelled"));
        }
    }

    private CompletableFuture<Tool.Result> later(String line) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return sluice.script("client", line);
            } catch (IOException cut) {
                throw new UncheckedIOException(cut);
            }
        });
    }

    @Test
    public void aProcessThatIsKilledInTheMiddleLeavesNothingAndItIsDoneAgain() throws Exception {
        makeBig();
        String line = "backstore:create file web --path web.img --create-from big.img";
        CompletableFuture<Tool.Result> begun = later(line);
        running();
        sluice.kill();
        begun.handle((done, cut) -> null).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertEquals(List.of("big.img"), files());
        Files.writeString(sluice.etc().resolve(SETTINGS), "copyMiBPerSecond = 0\n");
        sluice.start().expectSuccess();
        assertFalse(sluice.console("backstore:list").contains("web"));
        String made = sluice.console(line);
        assertTrue(made, made.contains("It was made from big.img, "));
        assertEquals(
                "the same bytes",
                -1,
                Files.mismatch(
                        sluice.volumes().resolve("big.img"), sluice.volumes().resolve("web.img")));
        assertEquals(List.of("big.img", "web.img"), files());
    }

    @Test
    public void aFileSystemThatIsFullIsAsItWasBefore() throws Exception {
        makeBig();
        Path small = Files.createDirectory(sluice.volumes().resolve("small"));
        Tool.Result mount = Tool.run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", small.toString());
        if (mount.exit() != 0) {
            System.out.println("CreateFromIT fills no file system: this machine allows no mount: " + mount.output());
        }
        assumeTrue("a mount is allowed", mount.exit() == 0);
        try {
            long before = small.toFile().getUsableSpace();
            String refused = sluice.script(
                            "client", "backstore:create file web --path small/web.img --create-from big.img")
                    .expectFailure()
                    .output();
            assertTrue(refused, refused.contains("web.img cannot be made: no space is left"));
            assertEquals(before, small.toFile().getUsableSpace());
            assertEquals(0, small.toFile().list().length);
            assertNotNull(sluice.console("backstore:list"));
            assertEquals("[]", send("GET", "/backstores", "").body());
        } finally {
            Tool.run("umount", small.toString()).expectSuccess();
        }
    }
}
