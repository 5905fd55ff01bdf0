package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.ClassRule;
import org.junit.Test;

/** The REST interface as it is installed: beside live I/O, with tokens of the console, and gone again without a trace. */
public class RestIT {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    @ClassRule
    public static final Sluice SLUICE = new Sluice().light();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private String root;

    private HttpResponse<String> send(String method, String path, String token, String document) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LIMIT)
                .method(
                        method,
                        document.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(document));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!document.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String token(String name, String role) throws IOException {
        return SLUICE.console("token:create " + name + " --role " + role).strip();
    }

    @Test
    public void itIsInstalledUsedAndTakenOut() throws Exception {
        String without = SLUICE.script("client", "token:list").expectFailure().output();
        assertTrue(without, without.contains("feature:install " + Rest.FEATURE));

        root = "http://127.0.0.1:" + Rest.install(SLUICE) + "/api/v1";
        String admin = token("deployer", "admin");
        String viewer = token("monitor", "viewer");
        listens();

        String target = "/targets/" + Sluice.TARGET;
        assertEquals(401, send("GET", "/targets", "", "").statusCode());
        assertEquals(200, send("GET", "/openapi.json", "", "").statusCode());
        HttpResponse<String> made = send(
                "POST",
                "/targets",
                admin,
                "{\"target\": \"" + Sluice.TARGET + "\", \"backstore\": {\"name\": \"disk0\", \"type\": \"file\","
                        + " \"sizeBytes\": 8388608, \"options\": {\"path\": \"disk0.img\"}}}");
        assertEquals(made.body(), 201, made.statusCode());
        Tool.run("qemu-io", "-f", "raw", "-c", "write -P 0x5a 0 1M", SLUICE.url(Sluice.TARGET, 0))
                .expectSuccess();
        assertTrue(SLUICE.console("target:list").contains(Sluice.TARGET));
        HttpResponse<String> shown = send("GET", target, viewer, "");
        assertTrue(shown.body().contains("disk0"));
        assertEquals(412, changeIf("\"other\"", target + "/enabled", admin).statusCode());
        String tag = shown.headers().firstValue("ETag").orElseThrow();
        assertEquals(204, changeIf(tag, target + "/enabled", admin).statusCode());
        assertEquals(412, changeIf(tag, target + "/enabled", admin).statusCode());
        assertEquals("{\"status\":\"up\"}", health("live"));
        assertEquals("{\"status\":\"up\"}", health("ready"));
        HttpResponse<String> refused = send("DELETE", target, viewer, "");
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body(), refused.body().contains("needs the role admin"));
        String audit = Files.readString(SLUICE.folder().resolve("data/log/audit.log"));
        assertTrue(audit, audit.contains("deployer"));

        HttpResponse<InputStream> events = follow(viewer);
        String disk = "{\"name\": \"disk9\", \"type\": \"null\", \"sizeBytes\": 1048576}";
        assertEquals(201, send("POST", "/backstores", admin, disk).statusCode());
        awaitLine(events, "data: {\"path\":\"/backstores/disk9\"}");
        assertEquals(204, send("DELETE", "/backstores/disk9", admin, "").statusCode());
        SLUICE.console("token:revoke monitor");
        awaitLine(events, null);
        assertEquals(401, send("GET", "/targets", viewer, "").statusCode());
        assertEquals(204, send("DELETE", target, admin, "").statusCode());
        assertFalse(SLUICE.console("target:list").contains(Sluice.TARGET));
        String digests = Files.readString(SLUICE.folder().resolve("state/tokens.json"));
        assertFalse("no token is kept", digests.contains(admin) || digests.contains("monitor"));

        waitsForAPortThatIsInUse();
        makesACertificate();

        SLUICE.console("feature:uninstall " + Rest.FEATURE);
        assertTrue(isClosed());
        assertFalse(SLUICE.log(), SLUICE.log().contains("met a bug"));
    }

    private HttpResponse<String> changeIf(String tag, String path, String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + path))
                .timeout(LIMIT)
                .PUT(HttpRequest.BodyPublishers.ofString("{\"enabled\": false}"))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .header("If-Match", tag)
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private String health(String what) throws Exception {
        URI path = URI.create(root).resolve("/health/" + what);
        HttpRequest request = HttpRequest.newBuilder(path).timeout(LIMIT).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private void waitsForAPortThatIsInUse() throws Exception {
        int port;
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = taken.getLocalPort();
            Files.writeString(SLUICE.etc().resolve("io.sluice.rest.cfg"), "address = 127.0.0.1:" + port + "\n");
            long deadline = System.nanoTime() + LIMIT.toNanos();
            String status = "";
            while (!status.contains("REST does not listen") || !status.contains(":" + port)) {
                assertTrue(status, System.nanoTime() < deadline);
                status = SLUICE.console("gateway:status");
            }
        }
        root = "http://127.0.0.1:" + port + "/api/v1";
        listens();
        assertFalse(SLUICE.console("gateway:status").contains("REST does not listen"));
    }

    private HttpResponse<InputStream> follow(String token) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + "/events"))
                .header("Authorization", "Bearer " + token)
                .timeout(LIMIT)
                .build();
        HttpResponse<InputStream> events = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertEquals(200, events.statusCode());
        return events;
    }

    /** @param wanted null for the end */
    private static void awaitLine(HttpResponse<InputStream> events, String wanted) throws Exception {
        CompletableFuture.runAsync(() -> {
                    Scanner lines = new Scanner(events.body(), StandardCharsets.UTF_8);
                    while (lines.hasNextLine()) {
                        if (lines.nextLine().equals(wanted)) {
                            return;
                        }
                    }
                    assertNull("the stream has ended", wanted);
                })
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private void makesACertificate() throws Exception {
        int port = URI.create(root).getPort();
        Files.writeString(
                SLUICE.etc().resolve("io.sluice.rest.cfg"), "address = 0.0.0.0:" + port + "\ncertificate = made\n");
        Path certificate = SLUICE.folder().resolve("state/rest/certificate.pem");
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Tool.Result answer;
        do {
            assertTrue("it does not answer by its certificate", System.nanoTime() < deadline);
            answer = Tool.run(
                    "curl", "-sS", "--cacert", certificate.toString(), "https://127.0.0.1:" + port + "/health/live");
        } while (!answer.output().equals("{\"status\":\"up\"}"));
    }

    private void listens() throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (isClosed()) {
            assertTrue("it does not listen", System.nanoTime() < deadline);
        }
    }

    private boolean isClosed() throws Exception {
        try {
            send("GET", "/openapi.json", "", "");
            return false;
        } catch (ConnectException refused) {
            return true;
        }
    }
}
