package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.http.RestSettings;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** The server waits for its peers, and not for ever. */
public class SlowPeersTest {

    /** Enough for who has something to say at once, on a machine that does something else as well. */
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private static final RestSettings.Limits LIMITS = new RestSettings.Limits(8, 1000, 1500, 8 << 10, TIMEOUT, 1, 1);

    @Rule
    public final RunningServer server = new RunningServer(LIMITS);

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String rest(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void assertStillServes() throws Exception {
        assertEquals(200, server.send(Role.VIEWER, "GET", "/gateway", null).statusCode());
    }

    @Test
    public void aRequestThatIsTooSlowIsEnded() throws Exception {
        List<String> begins = List.of(
                "G",
                server.head("GET", "/gateway"),
                server.head("POST", "/backstores") + "Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{");
        List<Socket> sockets = new ArrayList<>();
        try {
            for (String begin : begins) {
                Socket socket = server.connect();
                sockets.add(socket);
                write(socket, begin);
            }
            for (int i = 0; i < begins.size(); i++) {
                String answer = rest(sockets.get(i));
                assertTrue(begins.get(i) + answer, answer.startsWith("HTTP/1.1 408 "));
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
        assertStillServes();
    }

    @Test
    public void bytesThatTrickleWinNoTime() throws Exception {
        try (Socket socket = server.connect()) {
            write(socket, server.head("GET", "/gateway"));
            long begun = System.nanoTime();
            socket.setSoTimeout(20);
            StringBuilder answer = new StringBuilder();
            while (answer.length() == 0 && System.nanoTime() - begun < TimeUnit.SECONDS.toNanos(30)) {
                write(socket, "X-A: b\r\n");
                try {
                    int next = socket.getInputStream().read();
                    answer.append(next < 0 ? "the end" : (char) next);
                } catch (SocketTimeoutException nothingYet) {
                    // The next header goes out then.
                }
            }
            assertEquals("H", answer.toString());
        }
        assertStillServes();
    }

    @Test
    public void aConnectionThatIsIdleIsClosed() throws Exception {
        try (Socket silent = server.connect();
                Socket once = server.connect()) {
            write(once, server.head("GET", "/gateway") + "\r\n");
            String answer = rest(once);
            assertTrue(answer, answer.startsWith("HTTP/1.1 200 "));
            assertEquals("", rest(silent));
        }
    }
}
