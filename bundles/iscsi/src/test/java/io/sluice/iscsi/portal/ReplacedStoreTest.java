package io.sluice.iscsi.portal;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

/** The store under a mapped disk is replaced a thousand times while sessions write and read back: no error, no difference. */
public final class ReplacedStoreTest {

    private static final int SESSIONS = 4;
    private static final int REPLACEMENTS = 1_000;
    private static final int BLOCKS = 8;
    private static final int AREAS = 32;

    @Rule
    public final TestServer server = new TestServer();

    private final AtomicReference<Throwable> wrong = new AtomicReference<>();
    private final AtomicLong verified = new AtomicLong();
    private volatile boolean stopped;

    @Test
    public void sessionsNoticeNothing() throws Exception {
        List<Thread> sessions = new ArrayList<>();
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            TestInitiator initiator = server.login();
            Thread session = new Thread(() -> verify(initiator, number));
            sessions.add(session);
            session.start();
        }
        TestStore store = server.store();
        for (int i = 0; i < REPLACEMENTS && wrong.get() == null; i++) {
            long before = verified.get();
            TestServer.until(() -> verified.get() > before + SESSIONS || wrong.get() != null);
            TestStore next = store.again();
            server.volume()
                    .replace(() -> CompletableFuture.completedFuture(next))
                    .toCompletableFuture()
                    .join();
            store = next;
        }
        stopped = true;
        for (Thread session : sessions) {
            session.join();
        }
        assertNull(wrong.get());
        assertTrue(verified + " verified", verified.get() > (long) SESSIONS * REPLACEMENTS);
        assertEquals(SESSIONS, server.server().sessions().size());
    }

    private void verify(TestInitiator initiator, int number) {
        byte[] data = new byte[BLOCKS * TestServer.BLOCK];
        int[] values = new int[AREAS];
        try {
            for (int i = 0; !stopped; i++) {
                int area = i % AREAS;
                long lba = ((long) number * AREAS + area) * BLOCKS;
                Arrays.fill(data, (byte) values[area]);
                assertArrayEquals(data, initiator.read10(0, lba, BLOCKS, TestServer.BLOCK));
                values[area]++;
                Arrays.fill(data, (byte) values[area]);
                initiator.write10(0, lba, data, TestServer.BLOCK);
                verified.incrementAndGet();
            }
        } catch (IOException | RuntimeException | Error failed) {
            wrong.compareAndSet(null, failed);
        }
    }
}
