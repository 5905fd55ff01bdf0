package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.http.RestSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** What strangers and friends cannot do to the server. */
public class LimitsTest {

    private static final RestSettings.Limits SMALL =
            new RestSettings.Limits(4, 1000, 1500, 8 << 10, Duration.ofSeconds(30), 1, 1);
    private static final String DOCUMENT = "Content-Type: application/json\r\n";

    @Rule
    public final RunningServer server = new RunningServer(SMALL);

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void assertStillServes() throws Exception {
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
    }

    @Test
    public void aDocumentThatIsTooLargeIsRefusedBeforeItComes() throws Exception {
        String answer = server.raw(server.head("POST", "/backstores") + DOCUMENT + "Content-Length: 1001\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 ") && answer.contains("problem+json"));
        answer = server.raw(server.head("POST", "/backstores") + DOCUMENT + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n"
                + " ".repeat(1001) + "\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 "));
        String half = "258\r\n" + " ".repeat(600) + "\r\n";
        answer = server.raw(
                server.head("POST", "/backstores") + DOCUMENT + "Transfer-Encoding: chunked\r\n\r\n" + half + half);
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 "));
        answer = server.raw(server.head("POST", "/backstores") + DOCUMENT + "Content-Length: 9999999999999999\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 "));
        answer = server.raw(
                server.head("POST", "/backstores") + DOCUMENT + "Expect: 100-continue\r\nContent-Length: 1001\r\n\r\n");
        assertTrue(answer, answer.startsWith("HTTP/1.1 413 "));
        assertStillServes();
    }

    @Test
    public void whoExpectsToContinueMay() throws Exception {
        try (Socket socket = server.connect()) {
            write(
                    socket,
                    server.head("POST", "/backstores") + DOCUMENT
                            + "Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
            byte[] head = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n".length());
            assertEquals("HTTP/1.1 100 Continue\r\n", new String(head, StandardCharsets.US_ASCII));
            write(socket, "{}");
            String answer = rest(socket);
            assertTrue(answer, answer.contains("HTTP/1.1 400 "));
        }
    }

    @Test
    public void allDocumentsTogetherHaveALimit() throws Exception {
        String answer = "";
        String begin = server.head("POST", "/backstores") + DOCUMENT + "Connection: close\r\nContent-Length: ";
        for (int i = 0; i < 20 && !answer.startsWith("HTTP/1.1 503 "); i++) {
            try (Socket first = server.connect()) {
                write(first, begin + "1000\r\n\r\n" + " ".repeat(900));
                answer = server.raw(begin + "900\r\n\r\n" + " ".repeat(900));
            }
        }
        assertTrue(answer, answer.startsWith("HTTP/1.1 503 ") && answer.contains("Retry-After: 1"));
    }

    @Test
    public void thoseWhoSayNothingKeepNobodyOut() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try (Socket known = server.connect()) {
            write(known, server.head("GET", "/gateway") + "\r\n");
            assertEquals('H', known.getInputStream().read());
            for (int i = 0; i < 2 * SMALL.connections(); i++) {
                silent.add(server.connect());
            }
            String answer = server.raw("GET /health/live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
            assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
            write(known, server.head("GET", "/gateway") + "Connection: close\r\n\r\n");
            String both = rest(known);
            assertTrue(both, both.contains("HTTP/1.1 200 "));
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    public void requestsThatNobodyCanDoYetAreSentAway() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        server.gateway.hold(begun, go);
        String request = server.head("GET", "/moves") + "Connection: close\r\n\r\n";
        try (Socket running = server.connect();
                Socket second = server.connect();
                Socket third = server.connect()) {
            write(running, request);
            assertTrue(begun.await(30, TimeUnit.SECONDS));
            write(second, request);
            write(third, request);
            // One of the two waits, and the other one is one too many.
            CompletableFuture<String> one = CompletableFuture.supplyAsync(() -> restOf(second));
            CompletableFuture<String> other = CompletableFuture.supplyAsync(() -> restOf(third));
            String answer = (String) CompletableFuture.anyOf(one, other).get(30, TimeUnit.SECONDS);
            assertTrue(answer, answer.startsWith("HTTP/1.1 503 ") && answer.contains("Retry-After: 1"));
            go.countDown();
            assertTrue(rest(running).startsWith("HTTP/1.1 200 "));
            String both = one.get(30, TimeUnit.SECONDS) + other.get(30, TimeUnit.SECONDS);
            assertTrue(both, both.contains("HTTP/1.1 200 "));
        }
    }

    @Test
    public void whoSendsManyAtOnceGetsAllAnswers() throws Exception {
        try (Socket socket = server.connect()) {
            write(socket, (server.head("GET", "/gateway") + "\r\n").repeat(100));
            socket.shutdownOutput();
            assertEquals(100, rest(socket).split("HTTP/1.1 200 ", -1).length - 1);
        }
    }

    @Test
    public void aDocumentWithoutEndIsNotHeardToItsEnd() throws Exception {
        try (Socket socket = server.connect()) {
            write(socket, server.head("POST", "/backstores") + DOCUMENT + "Transfer-Encoding: chunked\r\n\r\n");
            String chunk = "10000\r\n" + " ".repeat(0x10000) + "\r\n";
            long begun = System.nanoTime();
            assertThrows(IOException.class, () -> {
                while (System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(20)) {
                    write(socket, chunk);
                }
            });
        }
        assertStillServes();
    }

    private static String restOf(Socket socket) {
        try {
            return rest(socket);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Test
    public void requestsAreDoneOneAfterTheOther() throws Exception {
        String pair = server.head("DELETE", "/backstores/a") + "\r\n" + server.head("DELETE", "/backstores/b") + "\r\n";
        String answers = server.raw(pair + server.head("GET", "/gateway") + "Connection: close\r\n\r\n");
        assertEquals(answers, 2, answers.split("HTTP/1.1 204 ", -1).length - 1);
        assertEquals(answers, 1, answers.split("HTTP/1.1 200 ", -1).length - 1);
        assertEquals(List.of("deleteBackstore[a]", "deleteBackstore[b]"), server.gateway.changes);
    }

    @Test
    public void whoHasSaidEverythingIsStillAnswered() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Socket socket = server.connect()) {
                write(socket, server.head("GET", "/gateway") + "\r\n");
                socket.shutdownOutput();
                String answer = rest(socket);
                assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
            }
        }
    }

    @Test
    public void whoStopsInTheMiddleIsLeftAlone() throws Exception {
        for (String part : List.of(
                "",
                "GE",
                server.head("GET", "/gateway"),
                server.head("POST", "/backstores") + DOCUMENT + "Content-Length: 9\r\n\r\n{")) {
            try (Socket socket = server.connect()) {
                write(socket, part);
                socket.shutdownOutput();
                String answer = rest(socket);
                assertTrue(part + answer, answer.isEmpty() || answer.startsWith("HTTP/1.1 400 "));
            }
        }
        assertEquals(List.of(), server.gateway.methods);
        assertStillServes();
    }

    @Test
    public void manyRequestsGetTheirAnswers() throws Exception {
        for (int i = 0; i < 1000; i++) {
            assertStillServes();
        }
    }

    @Test
    public void aDocumentOfAStrangerIsNotRead() throws Exception {
        try (Socket socket = server.connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(("POST /api/v1/backstores HTTP/1.1\r\nHost: a\r\n" + DOCUMENT
                            + "Transfer-Encoding: chunked\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            String answer = rest(socket);
            assertTrue(answer, answer.startsWith("HTTP/1.1 401 "));
        }
    }
}
