package io.sluice.iscsi.portal;

import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.PortalConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.Rule;
import org.junit.Test;

/** A portal listens on addresses of its own family. */
public class AddressFamilyTest {

    @Rule
    public final TestServer server = new TestServer();

    /** Below those that the system gives to connections, which have them on one address and would be in the way on all. */
    private static int freePort() {
        int port;
        do {
            port = ThreadLocalRandom.current().nextInt(10_000, 32_768);
        } while (!isFree(port));
        return port;
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }

    private static void connect(String host, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), (int)
                    Duration.ofSeconds(5).toMillis());
            assertTrue(socket.isConnected());
        }
    }

    @Test
    public void everyIpv4AddressIsNotAnIpv6Address() throws Exception {
        int port = freePort();
        server.server().listen(new PortalConfig("0.0.0.0", port));
        connect("127.0.0.1", port);
        assertThrows(IOException.class, () -> connect("::1", port));
    }

    @Test
    public void everyIpv6AddressIsThereBesideEveryIpv4Address() throws Exception {
        int port = freePort();
        server.server().listen(new PortalConfig("::1", port));
        server.server().listen(new PortalConfig("0.0.0.0", port));
        connect("::1", port);
        connect("127.0.0.1", port);
    }
}
