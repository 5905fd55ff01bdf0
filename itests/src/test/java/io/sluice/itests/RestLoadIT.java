package io.sluice.itests;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.net.InetSocketAddress;
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
import java.util.Set;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Much at a time over HTTP: of those who may, and of those who may not. */
public class RestLoadIT {

    private static final int TARGETS = 1000;

    /** Of a machine that does nothing else; one that builds something meanwhile takes longer for everything. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final Duration TIME = Duration.ofSeconds(Integer.getInteger("flood.seconds", 3));
    private static final int CONNECTIONS = 8;

    /** A p99 may be so many times what it was before; what this machine gives others varies, so it is looked at again. */
    private static final int WANTED = 2;

    private static final int WORST = 10;
    private static final int LOOKS = 3;

    /** Strangers are answered ten times a second by each connection, but for the first ten. */
    private static final double SLOWED = CONNECTIONS * 10 + 20;

    /** Everybody else together is let in 500 times a second, and as many times more at once after a second without any. */
    private static final double PACED = 500 + 500.0 / TIME.toSeconds() + 50;

    @Rule
    public final Sluice sluice = new Sluice();

    private int port;
    private String admin;

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(ANSWER).build();

    @Before
    public void install() throws Exception {
        port = Rest.install(sluice);
        admin = sluice.console("token:create load --role admin").strip();
    }

    private int send(String method, String path, String document) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1" + path))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + admin)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(document))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    public void aThousandTargetsWithADiskEachByOneRequestEach() throws Exception {
        Duration before = processorTime();
        long begin = System.nanoTime();
        for (int i = 0; i < TARGETS; i++) {
            int status = send(
                    "POST",
                    "/targets",
                    "{\"target\": \"" + Sluice.TARGET + ":" + i + "\", \"backstore\": {\"name\": \"many" + i
                            + "\", \"type\": \"file\", \"sizeBytes\": 1048576, \"options\": {\"path\": \"many" + i
                            + ".img\"}}}");
            assertEquals("target " + i, 201, status);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        System.out.printf(
                "a thousand targets by a request each take %d ms where %.1f want each processor, and %d ms of a processor%n",
                took.toMillis(), Machine.share(), processorTime().minus(before).toMillis());
        assertEquals(
                TARGETS,
                Console.configured(sluice, "targets").stream()
                        .filter(name -> name.startsWith(Sluice.TARGET + ":"))
                        .count());
        assertTrue(took.toMillis() + " ms", took.toMillis() < LIMIT.toMillis() * Machine.share());
    }

    private Duration processorTime() throws Exception {
        return ProcessHandle.of(sluice.pid())
                .flatMap(gateway -> gateway.info().totalCpuDuration())
                .orElseThrow();
    }

    @Test
    public void thousandsOfRequestsASecondHarmNobody() throws Exception {
        sluice.console("target:create " + Sluice.TARGET + " --file flooded.img --size 16M");
        String revoked = sluice.console("token:create gone --role admin").strip();
        sluice.console("token:revoke gone");
        Map<String, String> tokens = new LinkedHashMap<>();
        tokens.put("no token", null);
        tokens.put("a wrong token", "sluice_" + "A".repeat(43));
        tokens.put("a revoked token", revoked);
        Path document = sluice.etc().resolve("gateway.json");
        String before = Files.readString(document);
        try (VerifiedLoad load = new VerifiedLoad(sluice.portal(), Sluice.TARGET, 1)) {
            load.over(Duration.ofSeconds(5));
            for (Map.Entry<String, String> who : tokens.entrySet()) {
                flood(load, who.getKey(), who.getValue(), true);
            }
            flood(load, "no token, and no patience", null, false);
            flood(load, "a token that counts", admin, true);
        }
        assertEquals(before, Files.readString(document));
        assertEquals(200, send("GET", "/backstores", ""));
        assertFalse(sluice.log(), sluice.log().contains("met a bug"));
    }

    /** Who has a token that counts reads; all others want the disk that is in use to be gone. */
    private void flood(VerifiedLoad load, String who, String token, boolean patient) throws Exception {
        boolean known = admin.equals(token);
        String line = known ? "GET /api/v1/backstores" : "DELETE /api/v1/targets/" + Sluice.TARGET + "?force=true";
        InetSocketAddress server = new InetSocketAddress("127.0.0.1", port);
        double worse = Double.MAX_VALUE;
        for (int look = 0; look < LOOKS && worse > WANTED; look++) {
            VerifiedLoad.Figures quiet = load.over(TIME.dividedBy(3));
            VerifiedLoad.Figures during;
            Map<Integer, Long> answers;
            List<String> lines;
            long begin = System.nanoTime();
            try (RestFlood flood = new RestFlood(server, CONNECTIONS, line, token, patient)) {
                during = load.over(TIME);
                answers = flood.end();
                lines = flood.refusals();
            }
            double rate =
                    answers.values().stream().mapToLong(Long::longValue).sum() * 1e9 / (System.nanoTime() - begin);
            System.out.printf(
                    "%s: %.0f requests a second, answered %s; p99 %d us before and %d us during, %.0f and %.0f a second%n",
                    who, rate, answers, quiet.p99Micros(), during.p99Micros(), quiet.perSecond(), during.perSecond());
            worse = Math.min(worse, (double) during.p99Micros() / quiet.p99Micros());
            if (known) {
                assertEquals(Set.of(200), answers.keySet());
                assertTrue(rate + " a second", rate < PACED);
            } else if (patient) {
                assertEquals(Set.of(401, 429), answers.keySet());
                assertTrue(rate + " a second", rate < SLOWED);
                lines.forEach(text -> assertTrue(text, text.contains("\"detail\":\"") && !text.contains("\n")));
            }
        }
        assertTrue(who + ": p99 is " + worse + " times what it was", worse <= WORST);
    }
}
