package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** How many connections there may be. */
public class ConnectionsTest {

    @Rule
    public final RunningServer server = new RunningServer(RunningServer.FEW);

    /** Returns the first byte of an answer; -1 if the connection is closed without one. */
    private int ask(Socket socket) {
        try {
            String request = server.head("GET", "/gateway") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return socket.getInputStream().read();
        } catch (IOException closed) {
            return -1;
        }
    }

    @Test
    public void oneConnectionTooManyIsClosed() throws Exception {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < RunningServer.FEW.connections(); i++) {
                Socket socket = server.connect();
                open.add(socket);
                assertEquals('H', ask(socket));
            }
            try (Socket tooMany = server.connect()) {
                assertEquals(-1, ask(tooMany));
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
        // Connections are counted until the server has seen their end.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        int answer;
        do {
            assertTrue("it serves again", System.nanoTime() < end);
            try (Socket socket = server.connect()) {
                answer = ask(socket);
            }
        } while (answer < 0);
        assertEquals('H', answer);
    }

    private boolean listens() {
        try (Socket socket = server.connect()) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    public void aChangeThatIsMadeIsAnsweredWhenTheServerEnds() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        server.gateway.hold(begun, go);
        try (Socket socket = server.connect()) {
            String request = server.head("DELETE", "/backstores/disk1") + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            assertTrue(begun.await(30, TimeUnit.SECONDS));
            Thread closer = new Thread(server::close);
            closer.start();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (listens()) {
                assertTrue("it takes nothing new", System.nanoTime() < end);
            }
            go.countDown();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertTrue(answer, answer.startsWith("HTTP/1.1 204 "));
            closer.join(TimeUnit.SECONDS.toMillis(30));
            assertFalse(closer.isAlive());
        }
    }
}
