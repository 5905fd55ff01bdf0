package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Connections are cut again and again while data is written and verified: what a host has written it finds. */
public final class ConnectionCutsTest {

    private static final int SECONDS = Integer.getInteger("sluice.test.cutSeconds", 5);
    private static final long CUT_NANOS = TimeUnit.MILLISECONDS.toNanos(SECONDS < 60 ? 100 : 1000);
    private static final int BLOCKS = 16;
    private static final int AREAS = 32;

    @Rule
    public final TestServer server = new TestServer();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

    /** Operations end out of order. */
    @Before
    public void storeWithThreads() {
        Random random = new Random(7143);
        server.store()
                .completeOn(operation -> threads.execute(() -> {
                    LockSupport.parkNanos(random.nextInt(200_000));
                    operation.run();
                }));
    }

    @After
    public void stopThreads() {
        threads.shutdown();
    }

    /** Makes a connection in place of one that was cut. */
    @FunctionalInterface
    private interface Connect {
        TestInitiator inPlaceOf(TestInitiator cut) throws IOException;
    }

    /** Writes and verifies its own part of the disk over one connection; what was cut off is done again. */
    private final class Host implements Callable<Integer> {
        private final long lba;
        private final Connect connect;
        private final int[] seeds = new int[AREAS];
        private volatile TestInitiator connection;
        private TestInitiator cut;
        private int cuts;
        private RawPdu underWay;

        private Host(long lba, TestInitiator connection, Connect connect) {
            this.lba = lba;
            this.connection = connection;
            this.connect = connect;
        }

        /** Cuts the connection, unless it is the one that was cut before: a slow machine has none in its place yet. */
        private void cut() throws IOException {
            TestInitiator present = connection;
            if (present != cut) {
                cut = present;
                present.reset();
            }
        }

        @Override
        public Integer call() throws IOException {
            Random random = new Random(lba);
            for (int i = 1; System.nanoTime() < end || i <= AREAS; i++) {
                int area = i <= AREAS ? i - 1 : random.nextInt(AREAS);
                int seed = i;
                run(Cdb.write10(lba + area * BLOCKS, BLOCKS), pattern(BLOCKS, seed));
                seeds[area] = seed;
                int other = random.nextInt(Math.min(i, AREAS));
                byte[] found = run(Cdb.read10(lba + other * BLOCKS, BLOCKS), null);
                assertArrayEquals(pattern(BLOCKS, seeds[other]), found);
            }
            return cuts;
        }

        private byte[] run(byte[] cdb, byte[] dataOut) throws IOException {
            while (true) {
                try {
                    fillTheGap();
                    int length = BLOCKS * BLOCK;
                    underWay =
                            connection.command(LUN_0, cdb, dataOut == null ? 0 : length, dataOut == null ? length : 0);
                    connection.send(dataOut == null ? underWay : underWay.data(dataOut));
                    byte[] data = connection.finish(underWay.taskTag(), dataOut).expectGood();
                    underWay = null;
                    return data;
                } catch (IOException cut) {
                    cuts++;
                    connection = connect.inPlaceOf(connection);
                }
            }
        }

        /** The command that was under way may not have come, and others wait for it. */
        private void fillTheGap() throws IOException {
            if (underWay != null) {
                connection.taskManagement(1, LUN_0, underWay.taskTag(), underWay.int32(24));
                underWay = null;
            }
        }
    }

    private void cutUnderLoad(List<Host> hosts) throws Exception {
        List<Future<Integer>> results = new ArrayList<>();
        hosts.forEach(host -> results.add(threads.submit(host)));
        for (int i = 0; System.nanoTime() < end; i++) {
            LockSupport.parkNanos(CUT_NANOS);
            hosts.get(i % hosts.size()).cut();
        }
        int cuts = 0;
        for (Future<Integer> result : results) {
            cuts += result.get();
        }
        assertTrue(cuts + " cuts", cuts > SECONDS / 2);
        for (Host host : hosts) {
            for (int area = 0; area < AREAS; area++) {
                assertArrayEquals(
                        pattern(BLOCKS, host.seeds[area]), server.store().content(host.lba + area * BLOCKS, BLOCKS));
            }
        }
    }

    @Test
    public void ofSessionsWithOneConnection() throws Exception {
        TestInitiator initiator = TestServer.ready(server.connect().isid(77).login(TARGET));
        cutUnderLoad(List.of(new Host(
                0, initiator, cut -> TestServer.ready(server.connect().isid(77).login(TARGET)))));
    }

    /** The session lives through it, whichever of its connections is cut. */
    @Test
    public void ofASessionWithTwoConnections() throws Exception {
        TestInitiator first = TestServer.ready(server.connect().login(TARGET, Map.of("MaxConnections", "2")));
        TestInitiator second = server.connect().join(first, 1, TARGET);
        cutUnderLoad(List.of(
                new Host(0, first, cut -> server.connect().join(cut, 0, TARGET)),
                new Host(4096, second, cut -> server.connect().join(cut, 1, TARGET))));
        assertEquals(1, server.begun());
    }
}
