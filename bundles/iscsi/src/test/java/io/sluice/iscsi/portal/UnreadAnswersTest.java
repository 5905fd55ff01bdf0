package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** An initiator that asks and does not read answers is not read itself, whatever it asks for, and nobody else notices. */
public final class UnreadAnswersTest {

    /** Of small PDUs these are more than may wait; of large ones more than the sockets hold, so that the sender waits. */
    private static final int SMALL_PDUS = 3 << 20;

    private static final int LARGE_PDUS = 32 << 20;

    private static final int BATCH = 512;
    /** Of a connection: PDUs that wait, and what holds the next ones. */
    private static final int BUFFERS = 5_000;

    private static final long MEMORY = 24L << 20;

    @Rule
    public final TestServer server = new TestServer();

    private TestInitiator bystander;
    private TestInitiator flooding;

    @Before
    public void openSessions() throws IOException {
        bystander = server.login();
        bystander.write10(LUN_0, 64, pattern(8, 42), BLOCK);
        flooding = server.connect(Duration.ofSeconds(20), 4096).login(TARGET);
        TestServer.ready(flooding);
    }

    private void flood(int floodBytes, Supplier<RawPdu> request, int answer) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < BATCH; i++) {
            bytes.writeBytes(request.get().toBytes());
        }
        byte[] batch = bytes.toByteArray();
        int batches = floodBytes / batch.length + 1;
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread sender = new Thread(
                () -> {
                    try {
                        for (int i = 0; i < batches; i++) {
                            flooding.sendBytes(batch);
                        }
                    } catch (IOException broken) {
                        failure.set(broken);
                    }
                },
                "flood");
        sender.start();
        for (int i = 0; i < 300; i++) {
            expectLittleMemory();
            assertArrayEquals(pattern(8, 42), bystander.read10(LUN_0, 64, 8, BLOCK));
        }
        assertTrue("the sender is held back", floodBytes < LARGE_PDUS || sender.isAlive());
        for (int i = 0; i < batches * BATCH; i++) {
            assertEquals(answer, flooding.receive().opcode());
            if (i % BATCH == 0) {
                expectLittleMemory();
            }
        }
        sender.join();
        assertEquals(null, failure.get());
    }

    private void expectLittleMemory() {
        long buffers = server.server().activeBuffers();
        long memory = server.server().bufferMemory();
        assertTrue(buffers + " buffers of " + memory + " bytes", buffers < BUFFERS && memory < MEMORY);
    }

    @Test
    public void pings() throws Exception {
        flood(SMALL_PDUS, () -> flooding.request(RawPdu.NOP_OUT).immediate().int32(20, -1), RawPdu.NOP_IN);
    }

    @Test
    public void pingsWithData() throws Exception {
        byte[] data = new byte[8192];
        flood(
                LARGE_PDUS,
                () -> flooding.request(RawPdu.NOP_OUT).immediate().int32(20, -1).data(data),
                RawPdu.NOP_IN);
    }

    @Test
    public void taskManagement() throws Exception {
        flood(SMALL_PDUS, () -> flooding.taskManagementRequest(1, LUN_0, 4711, -100), RawPdu.TASK_MANAGEMENT_RESPONSE);
    }

    @Test
    public void text() throws Exception {
        byte[] text = "SendTargets=\0".getBytes(StandardCharsets.UTF_8);
        flood(
                SMALL_PDUS,
                () -> flooding.request(RawPdu.TEXT).immediate().int32(20, -1).data(text),
                RawPdu.TEXT_RESPONSE);
    }

    @Test
    public void rejects() throws Exception {
        flood(SMALL_PDUS, () -> RawPdu.of(0x1F), RawPdu.REJECT);
    }

    @Test
    public void commandsWithoutData() throws Exception {
        flood(
                SMALL_PDUS,
                () -> flooding.command(LUN_0, Cdb.testUnitReady(), 0, 0).immediate(),
                RawPdu.SCSI_RESPONSE);
    }

    @Test
    public void aReadInSmallSegments() throws IOException {
        TestInitiator patient =
                TestServer.ready(server.connect(Duration.ofSeconds(20), 0).login(TARGET));
        TestInitiator slow = server.connect(Duration.ofSeconds(20), 4096)
                .login(TARGET, Map.of("MaxRecvDataSegmentLength", "512", "HeaderDigest", "CRC32C"));
        TestServer.ready(slow);
        // One PDU for each block.
        int blocks = (int) BLOCKS;
        byte[] content = pattern(blocks, 5);
        bystander.write10(LUN_0, 0, content, BLOCK);
        RawPdu read = slow.command(LUN_0, Cdb.read10(0, blocks), 0, (long) blocks * BLOCK);
        slow.send(read);
        TestServer.until(() -> server.server().sessions().get(3).readBytes() > 0);
        // One on each event loop: what was begun there has been written.
        patient.ping(new byte[0]);
        flooding.ping(new byte[0]);
        long buffers = server.server().activeBuffers();
        assertTrue(buffers + " buffers", buffers < 300);
        ScsiResult result = slow.finish(read.taskTag(), null);
        assertArrayEquals(content, result.expectGood());
        assertEquals(blocks, result.dataPdus());
    }

    /** The last of its PDUs is as long as all that may wait when reading goes on. */
    @Test
    public void aReadInLargeSegmentsIsOverWhenAllOfItIsOut() throws IOException {
        TestInitiator reader = TestServer.ready(server.connect(Duration.ofSeconds(20), 0)
                .login(TARGET, Map.of("MaxRecvDataSegmentLength", "1048576", "MaxBurstLength", "1048576")));
        assertEquals(BLOCKS * BLOCK, reader.read10(LUN_0, 0, (int) BLOCKS, BLOCK).length);
        reader.ping(new byte[1]);
    }

    @Test
    public void functionsThatWaitForAStoreAreBounded() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        for (int i = 0; i < 20; i++) {
            initiator.send(initiator.taskManagementRequest(5, LUN_0, -1, 0));
        }
        for (int i = 0; i < 4; i++) {
            initiator.expectReject(6);
        }
        server.store().letGo();
        for (int i = 0; i < 16; i++) {
            assertEquals(0, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        }
        assertEquals(0, initiator.taskManagement(5, LUN_0, -1, 0));
    }

    @Test
    public void logoutsThatWaitForAStoreAreBounded() throws IOException {
        TestInitiator first = TestServer.ready(server.connect().login(TARGET, Map.of("MaxConnections", "2")));
        TestInitiator second = server.connect().join(first, 1, TARGET);
        server.store().hold();
        second.send(second.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
        for (int i = 0; i < 20; i++) {
            first.send(logoutOf(first, 1));
        }
        for (int i = 0; i < 4; i++) {
            first.expectReject(6);
        }
        server.store().letGo();
        for (int i = 0; i < 16; i++) {
            assertEquals(0, first.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        }
        TestInitiator third = server.connect().join(first, 2, TARGET);
        first.send(logoutOf(first, 2));
        assertEquals(0, first.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        third.expectClosed();
    }

    private static RawPdu logoutOf(TestInitiator by, int cid) {
        return RawPdu.of(RawPdu.LOGOUT)
                .immediate()
                .flags(0x81)
                .taskTag(100 + cid)
                .int16(20, cid)
                .int32(24, by.cmdSn());
    }

    @Test
    public void anAnswerToNoPingIsRejected() throws IOException {
        RawPdu answer = RawPdu.of(RawPdu.NOP_OUT).immediate().flags(0x80).taskTag(-1);
        bystander.send(answer.int32(20, 12345));
        bystander.expectReject(9);
        bystander.send(answer.int32(20, -1));
        bystander.ping(new byte[1]);
    }

    @Test
    public void theNumberOfTheFirstCommandDoesNotChangeDuringALogin() throws IOException {
        TestInitiator initiator = server.connect();
        initiator.send(initiator.loginRequest(0x04));
        assertEquals(0x0207, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        TestInitiator changing = server.connect();
        changing.send(changing.loginRequest(0x44));
        assertEquals(0, changing.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        changing.cmdSn(9);
        changing.send(changing.loginRequest(0x44));
        assertEquals(0x0200, changing.expect(RawPdu.LOGIN_RESPONSE).int16(36));
    }
}
