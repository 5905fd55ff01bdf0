package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.File;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.ClassRule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is measured is right, and a real Prometheus takes it, with the rules and the dashboard that come with the gateway. */
public class MetricsIT {

    private static final Duration LIMIT = Duration.ofSeconds(180);
    private static final int BLOCK = 512;
    private static final int ILLEGAL_LBA = 0x052100;
    private static final ObjectMapper JSON = new ObjectMapper();

    @ClassRule
    public static final Sluice SLUICE = new Sluice();

    @ClassRule
    public static final TemporaryFolder FOLDER = new TemporaryFolder();

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(LIMIT).build();
    private String page;

    private HttpResponse<String> get(String uri, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(LIMIT);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    public void prometheusTakesIt() throws Exception {
        int port = Rest.install(SLUICE);
        SLUICE.console("feature:install sluice-metrics");
        page = "http://127.0.0.1:" + port + "/metrics";
        String token = SLUICE.console("token:create prometheus --role viewer").strip();
        SLUICE.console("target:create " + Sluice.TARGET + " --file disk0.img --size 8M");
        awaitPage(token);

        assertEquals(401, get(page).statusCode());
        counts(token);
        formats(token);
        prometheus(port, token);

        SLUICE.console("feature:uninstall sluice-metrics");
        assertEquals(404, get(page, "Authorization", "Bearer " + token).statusCode());
        assertFalse(SLUICE.log(), SLUICE.log().contains("has no numbers"));
    }

    /** The server listens a moment after its feature was installed, and knows the page a moment later. */
    private void awaitPage(String token) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (true) {
            try {
                if (get(page, "Authorization", "Bearer " + token).statusCode() == 200) {
                    return;
                }
            } catch (ConnectException notYet) {
                // The loop below has the deadline.
            }
            assertTrue("there is no page", System.nanoTime() < deadline);
        }
    }

    private void counts(String token) throws Exception {
        try (TestInitiator initiator = TestInitiator.connect(SLUICE.portal()).login(Sluice.TARGET)) {
            initiator.execute(0, new byte[6], null, 0);
            for (int i = 0; i < 41; i++) {
                initiator.read10(0, i, 2, BLOCK);
            }
            for (int i = 0; i < 17; i++) {
                initiator.write10(0, i, new byte[BLOCK], BLOCK);
            }
            for (int i = 0; i < 3; i++) {
                initiator.execute(0, Cdb.read10(1L << 31, 1), null, BLOCK).expectSense(ILLEGAL_LBA);
            }
        }
        List<String> lines =
                get(page, "Authorization", "Bearer " + token).body().lines().toList();
        String lun = "backstore=\"disk\",lun=\"0\",";
        String of = ",target=\"" + Sluice.TARGET + "\"}";
        String seconds = "sluice_lun_operation_duration_seconds_count{" + lun + "operation=";
        contains(lines, seconds + "\"read\"" + of + " 44");
        contains(lines, seconds + "\"write\"" + of + " 17");
        contains(lines, "sluice_lun_bytes_total{" + lun + "operation=\"read\"" + of + " " + (double) 41 * 2 * BLOCK);
        contains(lines, "sluice_lun_bytes_total{" + lun + "operation=\"write\"" + of + " " + (double) 17 * BLOCK);
        contains(lines, "sluice_lun_errors_total{" + lun + "sense_key=\"illegal_request\"" + of + " 3.0");
        contains(lines, "sluice_backstore_state{backstore=\"disk\",state=\"online\"} 1.0");
        contains(lines, "sluice_logins_total{result=\"success\"} 1.0");
    }

    private static void contains(List<String> lines, String line) {
        assertTrue(line + " is not in\n" + String.join("\n", lines), lines.contains(line));
    }

    private void formats(String token) throws Exception {
        HttpResponse<String> text = get(page, "Authorization", "Bearer " + token);
        Path file = FOLDER.newFile("page.txt").toPath();
        Files.writeString(file, text.body());
        Tool.Result checked = Tool.run("sh", "-c", "promtool check metrics < " + file);
        checked.expectSuccess();
        // What it says of others is not ours to change.
        assertEquals(
                List.of(),
                checked.lines().stream().filter(line -> line.contains("sluice")).toList());
        HttpResponse<String> open =
                get(page, "Authorization", "Bearer " + token, "Accept", "application/openmetrics-text;version=1.0.0");
        assertTrue(open.body(), open.body().endsWith("# EOF\n"));
        Path prometheus = SLUICE.etc().resolve("prometheus");
        Tool.run(
                        "promtool",
                        "check",
                        "rules",
                        prometheus.resolve("sluice-alerts.yml").toString())
                .expectSuccess();
    }

    private void prometheus(int port, String token) throws Exception {
        File folder = FOLDER.newFolder("prometheus");
        Path shipped = SLUICE.etc().resolve("prometheus");
        Files.copy(shipped.resolve("sluice-alerts.yml"), folder.toPath().resolve("sluice-alerts.yml"));
        Files.writeString(folder.toPath().resolve("sluice.token"), token);
        Files.writeString(
                folder.toPath().resolve("prometheus.yml"),
                Files.readString(shipped.resolve("prometheus.yml"))
                        .replace("15s", "1s")
                        .replace("127.0.0.1:8445", "127.0.0.1:" + port));
        Tool.run("promtool", "check", "config", folder + "/prometheus.yml").expectSuccess();
        int own = Sluice.freePort();
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + folder + "/prometheus.yml",
                        "--storage.tsdb.path=" + folder + "/data",
                        "--web.listen-address=127.0.0.1:" + own)
                .redirectErrorStream(true)
                .redirectOutput(new File(folder, "log"))
                .start();
        try (TestInitiator initiator = TestInitiator.connect(SLUICE.portal()).login(Sluice.TARGET)) {
            queries("http://127.0.0.1:" + own + "/api/v1/", initiator);
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private void queries(String api, TestInitiator initiator) throws Exception {
        List<String> missing = expressions();
        assertTrue(missing.toString(), missing.size() > 20);
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!missing.isEmpty()) {
            assertTrue("no data for " + missing, System.nanoTime() < deadline);
            initiator.execute(0, Cdb.read10(0, 1), null, BLOCK);
            initiator.execute(0, Cdb.write10(0, 1), new byte[BLOCK], 0);
            initiator.execute(0, Cdb.read10(1L << 31, 1), null, BLOCK);
            List<String> still = new ArrayList<>();
            for (String expression : missing) {
                if (!hasData(api, expression)) {
                    still.add(expression);
                }
            }
            missing = still;
        }
        JsonNode groups = JSON.readTree(get(api + "rules").body()).path("data").path("groups");
        int rules = 0;
        for (JsonNode rule : groups.path(0).path("rules")) {
            assertTrue(
                    rule.toString(),
                    List.of("ok", "unknown").contains(rule.path("health").asText()));
            assertEquals(rule.toString(), "", rule.path("lastError").asText());
            rules++;
        }
        assertEquals(9, rules);
    }

    /** The queries of the dashboard, with what Grafana puts in the place of its variables. */
    private static List<String> expressions() throws IOException {
        List<String> expressions = new ArrayList<>();
        JsonNode dashboard =
                JSON.readTree(SLUICE.etc().resolve("grafana/sluice.json").toFile());
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(
                        target.path("expr").asText().replace("$target", ".*").replace("$__rate_interval", "10s"));
            }
        }
        return expressions;
    }

    private boolean hasData(String api, String expression) throws Exception {
        try {
            HttpResponse<String> answer =
                    get(api + "query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
            if (answer.statusCode() == 503) {
                return false;
            }
            JsonNode json = JSON.readTree(answer.body());
            assertEquals(
                    expression + ": " + json, "success", json.path("status").asText());
            return !json.path("data").path("result").isEmpty();
        } catch (ConnectException notYet) {
            return false;
        }
    }
}
