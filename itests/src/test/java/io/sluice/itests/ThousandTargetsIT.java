package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.junit.Rule;
import org.junit.Test;

/**
 * A thousand targets with a disk in a file each: made by one document, changed by it under sessions that go on, measured, and
 * there again after a restart. The limits are for a machine that does something else as well; docs/performance.md has what a
 * quiet one takes.
 */
public class ThousandTargetsIT {

    private static final String TARGET = "iqn.2026-11.io.sluice:t";
    private static final int TARGETS = 1000;
    private static final int CHANGED = 500;
    private static final int SESSIONS = 64;
    private static final int LOOKS = 5;
    private static final int WRITE_PROTECTED = 0x072700;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration SCRAPE_LIMIT = Duration.ofSeconds(30);
    private static final Duration START_LIMIT = Duration.ofSeconds(200);

    @Rule
    public final Sluice sluice = new Sluice();

    /** Something of the test that is measured. */
    @FunctionalInterface
    private interface Step<T> {
        T run() throws Exception;
    }

    private static <T> T within(Duration limit, String what, Step<T> step) throws Exception {
        long begin = System.nanoTime();
        T result = step.run();
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.println(TARGETS + " targets: " + what + " takes " + took.toMillis() + " ms");
        assertTrue(what + ": " + took.toMillis() + " ms", took.compareTo(limit) < 0);
        return result;
    }

    private void write(int readOnly) throws IOException {
        StringJoiner stores = new StringJoiner(", ");
        StringJoiner targets = new StringJoiner(", ");
        for (int i = 0; i < TARGETS; i++) {
            stores.add("{\"name\": \"a" + i + "\", \"type\": \"file\", \"sizeBytes\": 1048576,"
                    + " \"options\": {\"path\": \"a" + i + ".img\"}}");
            targets.add("{\"name\": \"" + TARGET + i + "\", \"luns\": [{\"lun\": 0, \"backstore\": \"a" + i
                    + "\", \"readOnly\": " + (i == readOnly) + "}]}");
        }
        Path document = sluice.etc().resolve("all.json");
        Files.writeString(
                document, "{\"version\": 1, \"backstores\": [" + stores + "], \"targets\": [" + targets + "]}");
    }

    @Test
    public void theyAreMadeChangedMeasuredAndThereAgain() throws Exception {
        write(-1);
        String made = within(LIMIT, "gateway:apply", () -> sluice.console("gateway:apply all.json"));
        assertTrue(made, made.contains("3000 to add, 0 to change, 0 to remove"));
        assertTrue(sluice.console("gateway:plan all.json").contains("Nothing would change."));
        assertTrue(sluice.console("gateway:apply all.json").contains("Nothing has changed."));
        String list = within(LIMIT, "target:list", () -> sluice.console("target:list"));
        assertTrue(list, list.contains(TARGET + (TARGETS - 1)));
        changeOneUnderSessions();
        scrape();
        sluice.stop().expectSuccess();
        within(START_LIMIT, "a start", () -> sluice.start().expectSuccess());
        try (TestInitiator host = TestInitiator.connect(sluice.portal()).login(TARGET + (TARGETS - 1))) {
            host.execute(0, new byte[6], null, 0);
            host.read10(0, 0, 1, 512);
        }
    }

    /** A session that was lost, or an error, fails the load. */
    private void changeOneUnderSessions() throws Exception {
        List<VerifiedLoad> loads = new ArrayList<>();
        try {
            for (int i = 0; i < SESSIONS; i++) {
                loads.add(new VerifiedLoad(sluice.portal(), TARGET + (CHANGED - 1 - i), 1, PAUSE));
            }
            awaitAll(loads, 1);
            write(CHANGED);
            String plan = within(LIMIT, "gateway:plan of one LUN", () -> sluice.console("gateway:plan all.json"));
            assertTrue(plan, plan.contains("0 to add, 1 to change, 0 to remove"));
            assertTrue(plan, plan.contains(TARGET + CHANGED));
            String changed = within(LIMIT, "gateway:apply of one LUN", () -> sluice.console("gateway:apply all.json"));
            assertTrue(changed, changed.contains("0 to add, 1 to change, 0 to remove"));
            long done = loads.stream().mapToLong(VerifiedLoad::done).max().orElseThrow();
            awaitAll(loads, done + 1);
        } finally {
            loads.forEach(VerifiedLoad::close);
        }
        try (TestInitiator host = TestInitiator.connect(sluice.portal()).login(TARGET + CHANGED)) {
            host.execute(0, new byte[6], null, 0);
            host.execute(0, Cdb.write10(0, 1), new byte[512], 0).expectSense(WRITE_PROTECTED);
        }
    }

    private static void awaitAll(List<VerifiedLoad> loads, long count) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!loads.stream().allMatch(load -> load.done() >= count)) {
            assertTrue("the load stands still", System.nanoTime() < deadline);
        }
    }

    private void scrape() throws Exception {
        int port = Rest.install(sluice);
        sluice.console("feature:install sluice-metrics");
        String token = sluice.console("token:create prometheus --role viewer").strip();
        HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .timeout(LIMIT)
                .header("Authorization", "Bearer " + token)
                .build();
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!isThere(client, request)) {
            assertTrue("there is no page", System.nanoTime() < deadline);
        }
        HttpResponse<String> page = within(
                SCRAPE_LIMIT, "a look at /metrics", () -> client.send(request, HttpResponse.BodyHandlers.ofString()));
        long online = page.body()
                .lines()
                .filter(line -> line.matches("sluice_backstore_state\\{.*state=\"online\"} 1.0"))
                .count();
        System.out.println(TARGETS + " targets: /metrics has " + page.body().length() + " bytes");
        assertEquals(TARGETS, online);
        for (int i = 0; i < LOOKS; i++) {
            client.send(request, HttpResponse.BodyHandlers.discarding());
        }
        long threads = sluice.threads();
        assertTrue(threads + " threads: each look asks each store", threads < TARGETS);
    }

    private static boolean isThere(HttpClient client, HttpRequest request) throws Exception {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
        } catch (ConnectException notYet) {
            return false;
        }
    }
}
