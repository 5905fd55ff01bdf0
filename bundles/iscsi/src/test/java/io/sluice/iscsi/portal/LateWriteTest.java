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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/**
 * Once a session is over, none of its writes comes to the medium: the one that follows it in its place writes and finds what
 * it wrote, while the old connection has writes under way, waiting and not even read (SAM-5 6.3.4, RFC 7143 6.3.5, 11.14).
 */
public final class LateWriteTest {

    private static final int ROUNDS = Integer.getInteger("sluice.test.lateWriteRounds", 1000);
    private static final int BURST = 8;
    private static final int BLOCKS = 8;

    @Rule
    public final TestServer server = new TestServer();

    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private int late;

    /** Operations end out of order and at different times, so that an old one can overtake a new one. */
    @Before
    public void storeWithThreads() {
        server.store()
                .completeOn(operation -> threads.execute(() -> {
                    LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(60_000));
                    operation.run();
                }));
    }

    @After
    public void stopThreads() {
        threads.shutdown();
    }

    private TestInitiator next() throws IOException {
        TestInitiator initiator = server.connect().isid(77).login(TARGET);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(0x062900);
        return initiator;
    }

    private static void addBurst(TestInitiator initiator, ByteArrayOutputStream bytes) {
        byte[] old = new byte[BLOCKS * BLOCK];
        Arrays.fill(old, (byte) 0xEE);
        for (int i = 0; i < BURST; i++) {
            bytes.writeBytes(initiator
                    .command(LUN_0, Cdb.write10(0, BLOCKS), old.length, 0)
                    .data(old)
                    .toBytes());
        }
    }

    private void expectOwnData(TestInitiator initiator, int round) throws IOException {
        byte[] own = pattern(BLOCKS, round);
        initiator.write10(LUN_0, 0, own, BLOCK);
        for (int i = 0; i < 3; i++) {
            if (!Arrays.equals(own, initiator.read10(LUN_0, 0, BLOCKS, BLOCK))) {
                late++;
                return;
            }
        }
    }

    @Test
    public void ofAReplacedSession() throws IOException {
        endUnderWrites((old, writes) -> old.sendBytes(writes.toByteArray()));
    }

    @Test
    public void ofASessionThatIsClosed() throws IOException {
        endUnderWrites((old, writes) -> {
            old.sendBytes(writes.toByteArray());
            assertTrue(server.server()
                    .closeSession(server.server().sessions().get(0).id()));
        });
    }

    @Test
    public void ofASessionThatHasLoggedOut() throws IOException {
        endUnderWrites((old, writes) -> {
            writes.writeBytes(old.request(RawPdu.LOGOUT).toBytes());
            addBurst(old, writes);
            old.sendBytes(writes.toByteArray());
            RawPdu answer = old.receive();
            while (answer.opcode() == RawPdu.SCSI_RESPONSE) {
                answer = old.receive();
            }
            assertEquals(RawPdu.LOGOUT_RESPONSE, answer.opcode());
        });
    }

    /** How a session with writes to be sent comes to its end. */
    @FunctionalInterface
    private interface End {
        void of(TestInitiator old, ByteArrayOutputStream writes) throws IOException;
    }

    private void endUnderWrites(End end) throws IOException {
        TestInitiator old = next();
        for (int round = 0; round < ROUNDS; round++) {
            ByteArrayOutputStream writes = new ByteArrayOutputStream();
            addBurst(old, writes);
            end.of(old, writes);
            TestInitiator successor = next();
            expectOwnData(successor, round);
            old.close();
            old = successor;
        }
        assertEquals(0, late);
    }

    /** It takes seconds until the connection of an initiator that does not read is closed, and it is not read any more. */
    @Test
    public void ofAnInitiatorThatDoesNotRead() throws IOException {
        server.store().completeOn(Runnable::run);
        TestInitiator old = server.connect(Duration.ofSeconds(5), 4096).isid(77).login(TARGET);
        TestServer.ready(old);
        for (int i = 0; i < 64; i++) {
            old.send(old.command(LUN_0, Cdb.read10(0, 2048), 0, 2048L * BLOCK));
        }
        TestServer.until(() -> server.server().sessions().get(0).commands() == 66);
        TestInitiator successor = next();
        successor.write10(LUN_0, 0, pattern(BLOCKS, 1), BLOCK);
        ByteArrayOutputStream writes = new ByteArrayOutputStream();
        addBurst(old, writes);
        old.sendBytes(writes.toByteArray());
        old.expectClosed();
        assertArrayEquals(pattern(BLOCKS, 1), successor.read10(LUN_0, 0, BLOCKS, BLOCK));
    }

    @Test
    public void behindALogoutInTheSameSegment() throws IOException {
        TestInitiator initiator = next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(initiator.request(RawPdu.LOGOUT).toBytes());
        addBurst(initiator, bytes);
        initiator.sendBytes(bytes.toByteArray());
        initiator.expect(RawPdu.LOGOUT_RESPONSE);
        initiator.close();
        TestServer.until(() -> server.server().sessions().isEmpty());
        threads.shutdown();
        TestServer.until(threads::isTerminated);
        assertEquals(0, server.store().content(0, 1)[0]);
    }
}
