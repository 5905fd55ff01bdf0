package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.http.RestSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Those who are told what changes. */
public class EventsTest {

    private static final int MOST_STREAMS = 16;
    private static final int LIMIT_MILLIS = 20_000;

    @Rule
    public final RunningServer server =
            new RunningServer(new RestSettings.Limits(32, 1000, 1500, 8 << 10, Duration.ofSeconds(30), 1, 1));

    private final List<Stream> streams = new ArrayList<>();

    /** A connection that follows. */
    private static final class Stream {
        private final Socket socket;
        private final BufferedReader reader;

        Stream(Socket socket, String head) throws IOException {
            this.socket = socket;
            socket.setSoTimeout(LIMIT_MILLIS);
            reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            send(head);
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        }

        /** Returns the next line that begins so; null at the end. */
        String next(String begin) throws IOException {
            String line = reader.readLine();
            while (line != null && !line.startsWith(begin)) {
                line = reader.readLine();
            }
            return line;
        }
    }

    @After
    public void close() throws IOException {
        for (Stream stream : streams) {
            stream.socket.close();
        }
    }

    private Stream open(String token) throws IOException {
        Stream stream = new Stream(
                server.connect(),
                "GET /api/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token + "\r\n\r\n");
        streams.add(stream);
        return stream;
    }

    private Stream follow(String token) throws IOException {
        Stream stream = open(token);
        assertEquals("HTTP/1.1 200 OK", stream.next("HTTP"));
        assertEquals("event: hello", stream.next("event: "));
        return stream;
    }

    private void assertEnds(Stream stream) throws IOException {
        assertNull(stream.next("never"));
    }

    @Test
    public void aChangeIsToldWithItsPath() throws Exception {
        Stream stream = follow(server.token(Role.VIEWER));
        server.gateway.portals = 2;
        assertEquals("event: changed", stream.next("event: "));
        assertEquals("data: {\"path\":\"/gateway\"}", stream.next("data: "));
        server.gateway.sessions = List.of();
        assertEquals("event: removed", stream.next("event: "));
        assertEquals("data: {\"path\":\"/sessions/3\"}", stream.next("data: "));
    }

    @Test
    public void streamsAreBoundedAndLeaveTheWorkersAlone() throws Exception {
        for (int i = 0; i < MOST_STREAMS; i++) {
            follow(server.token(Role.VIEWER));
        }
        HttpResponse<String> tooMany = server.send(Role.VIEWER, "GET", "/events", null);
        assertEquals(503, tooMany.statusCode());
        assertEquals("1", tooMany.headers().firstValue("Retry-After").orElse(""));
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
        streams.get(0).socket.close();
        // The server sees it when it has read the end.
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LIMIT_MILLIS);
        while (!open(server.token(Role.VIEWER)).next("HTTP").contains(" 200 ")) {
            streams.remove(streams.size() - 1).socket.close();
            assertTrue("there is room again", System.nanoTime() < end);
        }
    }

    @Test
    public void aStreamEndsWithItsToken() throws Exception {
        Stream stream = follow(server.tokens.create("ci", Role.ADMIN));
        Stream other = follow(server.token(Role.VIEWER));
        server.tokens.revoke("ci");
        assertEnds(stream);
        server.gateway.portals = 2;
        assertNotNull(other.next("event: changed"));
    }

    @Test
    public void aStreamEndsWithItsServer() throws Exception {
        Stream stream = follow(server.token(Role.VIEWER));
        server.after();
        assertEnds(stream);
    }

    @Test
    public void whoAsksForMoreBehindAStreamIsClosed() throws Exception {
        Stream stream = follow(server.token(Role.VIEWER));
        stream.send("GET /api/v1/events HTTP/1.1\r\nHost: a\r\n\r\n");
        assertEnds(stream);
        Stream halfOpen = follow(server.token(Role.VIEWER));
        halfOpen.socket.shutdownOutput();
        assertEnds(halfOpen);
    }

    @Test
    public void aStreamThatCannotBeToldEnds() throws Exception {
        Stream stream = follow(server.token(Role.VIEWER));
        server.gateway.before = () -> {
            throw new IllegalStateException("hush");
        };
        assertEnds(stream);
    }

    @Test
    public void strangersAndOtherMethodsAreRefused() throws Exception {
        assertEquals(401, server.sendAs(null, "GET", "/events", null).statusCode());
        assertEquals(401, server.sendAs("x", "GET", "/events", null).statusCode());
        assertEquals(400, server.send(Role.VIEWER, "GET", "/events?x", null).statusCode());
        HttpResponse<String> posted = server.send(Role.ADMIN, "POST", "/events", null);
        assertEquals(405, posted.statusCode());
        assertEquals("GET", posted.headers().firstValue("Allow").orElse(""));
    }
}
