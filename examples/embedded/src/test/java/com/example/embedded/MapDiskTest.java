package com.example.embedded;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.embedded.EmbeddedGateway;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** An initiator writes and reads the disk, and when the program stops nothing of the gateway is left. */
public class MapDiskTest {

    private static final int BLOCK = 512;
    private static final long END_SECONDS = 20;

    private static InetSocketAddress freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return (InetSocketAddress) free.getLocalSocketAddress();
        }
    }

    @Test
    public void writesReadsAndStops() throws Exception {
        InetSocketAddress portal = freePort();
        Map<Long, byte[]> blocks = new ConcurrentHashMap<>();
        byte[] written = new byte[64 * BLOCK];
        new Random(1).nextBytes(written);
        try (EmbeddedGateway gateway = MapDisk.start("127.0.0.1:" + portal.getPort(), blocks);
                TestInitiator initiator = TestInitiator.connect(portal).login(MapDisk.TARGET)) {
            assertEquals(1, gateway.management().sessions().size());
            // TEST UNIT READY takes the unit attention that each new session gets.
            initiator.execute(0, new byte[6], null, 0);
            initiator.write10(0, 1000, written, BLOCK);
            assertArrayEquals(written, initiator.read10(0, 1000, 64, BLOCK));
            assertArrayEquals(new byte[BLOCK], initiator.read10(0, 999, 1, BLOCK));
            assertEquals(64, blocks.size());
            initiator.logout();
        }
        assertEquals(List.of(), threadsLeft());
        try (ServerSocket again = new ServerSocket()) {
            again.setReuseAddress(true);
            again.bind(portal);
        }
    }

    /** Threads that have been told to end may need a moment. */
    private static List<String> threadsLeft() throws InterruptedException {
        List<Thread> ours = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sluice"))
                .toList();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        for (Thread thread : ours) {
            thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
        }
        return ours.stream().filter(Thread::isAlive).map(Thread::getName).toList();
    }
}
