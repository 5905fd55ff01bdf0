package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.rest.http.Listener;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A server that cannot listen at once. */
public class ListenerTest {

    private static final Duration SOON = Duration.ofMillis(10);
    private static final long LIMIT_NANOS = 60_000_000_000L;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final AtomicInteger made = new AtomicInteger();
    private TokenStore tokens;

    @Before
    public void makeTokens() {
        tokens = new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> "");
    }

    private RestServer server(int port) {
        return server(port, Instant.MAX);
    }

    private RestServer server(int port, Instant renewal) {
        made.incrementAndGet();
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return new RestServer(
                new RestSettings(address, null, null, RunningServer.FEW).with(null, null, renewal),
                new FakeGateway().gateway(),
                tokens,
                new Resources());
    }

    private static void awaitListening(Listener listener) {
        long until = System.nanoTime() + LIMIT_NANOS;
        while (listener.address() == null) {
            assertTrue(listener.problem(), System.nanoTime() < until);
            Thread.onSpinWait();
        }
    }

    @Test
    public void aPortThatIsInUseIsHadWhenItIsFree() throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        try (Listener listener = new Listener(() -> server(taken.getLocalPort()), "etc/x.cfg", SOON)) {
            assertNull(listener.address());
            assertTrue(
                    listener.problem(),
                    listener.problem().startsWith("REST does not listen, see etc/x.cfg: ")
                            && listener.problem().contains("cannot be had"));
            taken.close();
            awaitListening(listener);
            assertEquals("", listener.problem());
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), taken.getLocalPort())) {
                assertTrue(socket.isConnected());
            }
        }
    }

    @Test
    public void whatCannotBeMadeIsMadeLater() {
        AtomicInteger tries = new AtomicInteger();
        try (Listener listener = new Listener(
                () -> {
                    switch (tries.getAndIncrement()) {
                        case 0:
                            throw new IOException("not yet");
                        case 1:
                            throw new IllegalStateException("hush");
                        default:
                            return server(0);
                    }
                },
                "etc/x.cfg",
                SOON)) {
            awaitListening(listener);
            assertEquals("", listener.problem());
            assertEquals(3, tries.get());
        }
    }

    /** Port 0 would be another one each time. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static boolean answers(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    @Test
    public void oneGoesOnUntilTheNextIsMade() throws Exception {
        int port = freePort();
        AtomicInteger tries = new AtomicInteger();
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        try (Listener listener = new Listener(
                () -> {
                    switch (tries.getAndIncrement()) {
                        case 0:
                            return server(port, Instant.MIN);
                        case 1:
                            throw new IOException("no keytool");
                        default:
                            answered.complete(answers(port));
                            return server(port);
                    }
                },
                "etc/x.cfg",
                SOON)) {
            assertTrue(answered.get(60, TimeUnit.SECONDS));
            awaitListening(listener);
            assertTrue(answers(port));
            assertEquals(2, made.get());
        }
    }

    @Test
    public void whatCannotBeginAnewIsTold() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (Listener listener = new Listener(
                () -> {
                    if (tries.getAndIncrement() == 0) {
                        return server(0, Instant.MIN);
                    }
                    throw new IOException("no keytool");
                },
                "etc/x.cfg",
                SOON)) {
            long until = System.nanoTime() + LIMIT_NANOS;
            while (listener.problem().isEmpty()) {
                assertTrue(System.nanoTime() < until);
                Thread.onSpinWait();
            }
            assertEquals("REST cannot begin anew, see etc/x.cfg: no keytool", listener.problem());
            assertTrue(answers(listener.address().getPort()));
        }
    }

    @Test
    public void oneThatListensIsLeftAlone() {
        try (Listener listener = new Listener(() -> server(0), "etc/x.cfg", Duration.ofNanos(1))) {
            for (int i = 0; i < 1000; i++) {
                awaitListening(listener);
            }
        }
        assertEquals(1, made.get());
    }
}
