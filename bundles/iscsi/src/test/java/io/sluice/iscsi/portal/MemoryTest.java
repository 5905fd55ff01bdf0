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
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Whatever initiators do, the memory for data is bounded, and others have enough of it to go on. */
public final class MemoryTest {

    private static final long MIB = 1 << 20;
    /** Of 64 MiB: half of a share is for what is asked for. */
    private static final long ASKED_OF_AN_INITIATOR = 10 * MIB;

    private static final long UNASKED_OF_A_CONNECTION = 8 * MIB;
    private static final int TASK_SET_FULL = 0x28;

    @Rule
    public final TestServer server = new TestServer();

    private TestInitiator bystander;

    @Before
    public void openBystander() throws IOException {
        bystander = server.login("iqn.2026-11.io.sluice.testkit:bystander");
        bystander.write10(LUN_0, 64, pattern(8, 42), BLOCK);
    }

    @After
    public void bystanderIsServed() throws IOException {
        assertArrayEquals(pattern(8, 42), bystander.read10(LUN_0, 64, 8, BLOCK));
    }

    private long inUse() {
        return server.server().dataBytesInUse();
    }

    @Test
    public void hostsThatAnswerNoR2tDoNotStopSmallCommandsOfAnother() throws IOException {
        List<TestInitiator> greedy = new ArrayList<>();
        for (int host = 0; host < 4; host++) {
            for (int path = 0; path < 4; path++) {
                greedy.add(server.login("iqn.2026-11.io.sluice.testkit:greedy" + host));
            }
        }
        for (TestInitiator initiator : greedy) {
            for (int i = 0; i < 128; i++) {
                initiator.send(initiator.command(LUN_0, Cdb.write10(0, 2048), MIB, 0));
            }
        }
        TestServer.until(() ->
                server.server().sessions().stream().mapToLong(s -> s.commands()).sum() >= greedy.size() * 130);
        assertTrue(inUse() + " bytes", inUse() <= 60 * MIB);
        assertTrue(server.server().status().waiters() > 0);
        for (int i = 0; i < 100; i++) {
            bystander.write10(LUN_0, 64, pattern(8, 42), BLOCK);
            assertArrayEquals(pattern(8, 42), bystander.read10(LUN_0, 64, 8, BLOCK));
        }
        for (TestInitiator initiator : greedy) {
            initiator.reset();
        }
        TestServer.until(() -> inUse() == 0);
        assertEquals(0, server.server().status().waiters());
    }

    @Test
    public void oneHostHasItsShareHoweverManyConnectionsItOpens() throws IOException {
        for (int path = 0; path < 6; path++) {
            TestInitiator initiator = server.login("iqn.2026-11.io.sluice.testkit:greedy");
            for (int i = 0; i < 100; i++) {
                initiator.send(initiator.command(LUN_0, Cdb.write10(0, 2048), MIB, 0));
            }
        }
        TestServer.until(() ->
                server.server().sessions().stream().mapToLong(s -> s.commands()).sum() >= 6 * 102);
        assertEquals(ASKED_OF_AN_INITIATOR, inUse());
        assertEquals(BLOCKS * BLOCK, bystander.read10(LUN_0, 0, (int) BLOCKS, BLOCK).length);
    }

    @Test
    public void pathsThatWaitForTheShareOfOneHostAreAllServed() throws Exception {
        List<CompletableFuture<Void>> paths = new ArrayList<>();
        for (int path = 0; path < 8; path++) {
            TestInitiator initiator = server.login("iqn.2026-11.io.sluice.testkit:many-paths");
            paths.add(CompletableFuture.runAsync(() -> readMuch(initiator), command -> new Thread(command).start()));
        }
        for (CompletableFuture<Void> path : paths) {
            path.get(60, TimeUnit.SECONDS);
        }
        TestServer.until(() -> inUse() == 0);
    }

    private static void readMuch(TestInitiator initiator) {
        try {
            for (int round = 0; round < 20; round++) {
                List<RawPdu> sent = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    RawPdu read = initiator.command(LUN_0, Cdb.read10(0, (int) BLOCKS), 0, BLOCKS * BLOCK);
                    initiator.send(read);
                    sent.add(read);
                }
                for (RawPdu read : sent) {
                    assertEquals(
                            BLOCKS * BLOCK,
                            initiator.finish(read.taskTag(), null).expectGood().length);
                }
            }
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Test
    public void immediateDataIsBounded() throws IOException {
        TestInitiator initiator = server.login("iqn.2026-11.io.sluice.testkit:greedy");
        server.store().hold();
        byte[] data = pattern(128, 1);
        for (int i = 0; i < 128; i++) {
            initiator.send(initiator
                    .command(LUN_0, Cdb.write10(1000, 128), data.length, 0)
                    .data(data));
        }
        TestServer.until(() -> server.store().heldCount() == 128);
        assertEquals(UNASKED_OF_A_CONNECTION, inUse());
        // The window has stood still; who does not keep to it is told that the task set is full.
        initiator.send(initiator
                .command(LUN_0, Cdb.write10(1000, 128), data.length, 0)
                .immediate()
                .data(data));
        assertEquals(TASK_SET_FULL, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertEquals(UNASKED_OF_A_CONNECTION, inUse());
        server.store().letGo();
        for (int i = 0; i < 128; i++) {
            assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        }
        TestServer.until(() -> inUse() == 0);
    }

    @Test
    public void announcedDataIsBoundedThoughItDoesNotCome() throws IOException {
        TestInitiator initiator = TestServer.ready(server.connect()
                .name("iqn.2026-11.io.sluice.testkit:greedy")
                .login(TARGET, Map.of("InitialR2T", "No", "FirstBurstLength", "262144")));
        byte[] data = new byte[65536];
        for (int i = 0; i < 100; i++) {
            initiator.send(initiator
                    .command(LUN_0, Cdb.write10(0, 512), 512 * BLOCK, 0)
                    .flags(0x21)
                    .data(data));
        }
        initiator.ping(new byte[0]);
        assertEquals(UNASKED_OF_A_CONNECTION, inUse());
        assertTrue(server.server().bufferMemory() <= 32 * MIB);
    }

    @Test
    public void commandsThatWaitForTheirTurnAreBounded() throws IOException {
        TestInitiator initiator = TestServer.ready(server.connect()
                .name("iqn.2026-11.io.sluice.testkit:greedy")
                .login(TARGET, Map.of("FirstBurstLength", "262144")));
        initiator.cmdSn(initiator.cmdSn() + 1);
        byte[] data = new byte[262_144];
        for (int i = 0; i < 100; i++) {
            initiator.send(initiator
                    .command(LUN_0, Cdb.write10(0, 512), data.length, 0)
                    .data(data));
        }
        initiator.send(initiator.request(RawPdu.NOP_OUT).immediate().int32(20, -1));
        initiator.expect(RawPdu.NOP_IN);
        assertEquals(UNASKED_OF_A_CONNECTION, inUse());
        initiator.reset();
        TestServer.until(() -> inUse() == 0);
    }

    /** Half a mebibyte that is dropped without an answer, and a PDU behind it. */
    private static byte[] behindMuch(RawPdu last) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        RawPdu dropped = RawPdu.of(RawPdu.NOP_OUT)
                .immediate()
                .flags(0x80)
                .taskTag(RawPdu.RESERVED_TAG)
                .int32(20, RawPdu.RESERVED_TAG)
                .data(new byte[65_536 - RawPdu.HEADER_BYTES]);
        for (int i = 0; i < 8; i++) {
            bytes.writeBytes(dropped.toBytes());
        }
        bytes.writeBytes(last.toBytes());
        return bytes.toByteArray();
    }

    private void expectLittleMemory() {
        long memory = server.server().bufferMemory();
        assertTrue(memory + " bytes", memory <= 32 * MIB);
    }

    @Test
    public void aLittleThatIsEarlyKeepsNoLargeBuffer() throws IOException {
        TestInitiator stranger = server.connect().loginDiscovery();
        stranger.cmdSn(stranger.cmdSn() + 1);
        for (int i = 0; i < 126; i++) {
            stranger.sendBytes(
                    behindMuch(stranger.request(RawPdu.NOP_OUT).int32(20, -1).data(new byte[4])));
        }
        stranger.send(stranger.request(RawPdu.NOP_OUT).immediate().int32(20, -1));
        stranger.expect(RawPdu.NOP_IN);
        assertEquals(126 * 4, inUse());
        expectLittleMemory();
    }

    @Test
    public void aLittleThatIsNotAnsweredYetKeepsNoLargeBuffer() throws IOException {
        TestInitiator slow =
                TestServer.ready(server.connect(Duration.ofSeconds(5), 4096).login(TARGET));
        int blocks = 6144;
        slow.send(slow.command(LUN_0, Cdb.read10(0, blocks), 0, (long) blocks * BLOCK));
        for (int i = 0; i < 100; i++) {
            slow.sendBytes(behindMuch(
                    slow.request(RawPdu.NOP_OUT).immediate().int32(20, -1).data(new byte[4])));
        }
        TestServer.until(() -> inUse() == blocks * BLOCK + 400);
        expectLittleMemory();
        slow.reset();
        TestServer.until(() -> inUse() == 0);
    }

    @Test
    public void aLittleThatWaitsForMoreDataKeepsNoLargeBuffer() throws IOException {
        TestInitiator writer = server.login("iqn.2026-11.io.sluice.testkit:greedy");
        byte[] data = pattern(2, 7);
        List<RawPdu> r2ts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writer.send(writer.command(LUN_0, Cdb.write10(100 + 2 * i, 2), data.length, 0));
            r2ts.add(writer.expect(RawPdu.R2T));
        }
        for (RawPdu r2t : r2ts) {
            byte[] first = Arrays.copyOf(data, BLOCK);
            writer.sendBytes(behindMuch(writer.dataOut(LUN_0, r2t.taskTag(), r2t.int32(20), 0, 0, first, false)));
        }
        writer.ping(new byte[0]);
        expectLittleMemory();
        for (RawPdu r2t : r2ts) {
            byte[] second = Arrays.copyOfRange(data, BLOCK, 2 * BLOCK);
            writer.send(writer.dataOut(LUN_0, r2t.taskTag(), r2t.int32(20), 1, BLOCK, second, true));
            assertEquals(0, writer.expect(RawPdu.SCSI_RESPONSE).int8(3));
        }
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(data, server.store().content(100 + 2 * i, 2));
        }
        TestServer.until(() -> inUse() == 0);
    }

    @Test
    public void aLittleThatWaitsBehindAReadKeepsNoLargeBuffer() throws IOException {
        TestInitiator writer = server.login("iqn.2026-11.io.sluice.testkit:greedy");
        server.store().hold();
        // More than the share of an initiator, so that what is behind waits.
        for (int i = 0; i < 4; i++) {
            writer.send(writer.command(LUN_0, Cdb.read10(0, (int) BLOCKS), 0, BLOCKS * BLOCK));
        }
        for (int i = 0; i < 100; i++) {
            writer.sendBytes(behindMuch(
                    writer.command(LUN_0, Cdb.write10(100 + i, 1), BLOCK, 0).data(pattern(1, i))));
        }
        writer.send(writer.request(RawPdu.NOP_OUT).immediate().int32(20, -1));
        writer.expect(RawPdu.NOP_IN);
        expectLittleMemory();
        server.store().letGo();
        for (int answers = 0; answers < 104; ) {
            RawPdu pdu = writer.receive();
            answers += pdu.opcode() == RawPdu.SCSI_RESPONSE || (pdu.int8(1) & 1) != 0 ? 1 : 0;
        }
        for (int i = 0; i < 100; i++) {
            assertArrayEquals(pattern(1, i), server.store().content(100 + i, 1));
        }
        TestServer.until(() -> inUse() == 0);
    }

    @Test
    public void theWindowGetsNarrowBeforeMemoryDoes() throws IOException {
        TestInitiator initiator = server.login("iqn.2026-11.io.sluice.testkit:greedy");
        server.store().hold();
        byte[] data = pattern(128, 1);
        for (int i = 0; i < 80; i++) {
            initiator.send(initiator
                    .command(LUN_0, Cdb.write10(1000, 128), data.length, 0)
                    .data(data));
        }
        TestServer.until(() -> server.store().heldCount() == 80);
        initiator.send(initiator.request(RawPdu.NOP_OUT).immediate().int32(20, -1));
        int narrow = initiator.expect(RawPdu.NOP_IN).int32(32) - initiator.cmdSn();
        server.store().letGo();
        for (int i = 0; i < 80; i++) {
            initiator.expect(RawPdu.SCSI_RESPONSE);
        }
        initiator.send(initiator.request(RawPdu.NOP_OUT).immediate().int32(20, -1));
        int wide = initiator.expect(RawPdu.NOP_IN).int32(32) - initiator.cmdSn();
        assertTrue(narrow + " then " + wide, narrow < 100 && wide > 120);
    }

    @Test
    public void whatIsReadTakesMemoryUntilItIsSent() throws IOException {
        TestInitiator initiator =
                server.connect(Duration.ofSeconds(5), 4096).name("iqn.2026-11.io.sluice.testkit:slow");
        TestServer.ready(initiator.login(TARGET));
        // More than the sockets hold.
        int reads = 4;
        RawPdu[] sent = new RawPdu[reads];
        for (int i = 0; i < reads; i++) {
            sent[i] = initiator.command(LUN_0, Cdb.read10(0, (int) BLOCKS), 0, BLOCKS * BLOCK);
            initiator.send(sent[i]);
        }
        TestServer.until(() -> server.server().sessions().get(1).readBytes() >= BLOCKS * BLOCK);
        assertTrue(inUse() > 0);
        for (RawPdu read : sent) {
            assertEquals(BLOCKS * BLOCK, initiator.finish(read.taskTag(), null).expectGood().length);
        }
        TestServer.until(() -> inUse() == 0);
    }

    @Test
    public void connectionsThatDoNotLogInKeepNobodyOut() throws IOException {
        List<TestInitiator> halfOpen = new ArrayList<>();
        for (String host : new String[] {"127.0.0.2", "127.0.0.3", "127.0.0.4"}) {
            for (int i = 0; i < 40; i++) {
                halfOpen.add(server.connectFrom(host));
            }
        }
        TestServer.until(() -> server.server().status().halfOpen() >= 32);
        assertTrue(server.server().status().connections() <= 40);
        server.login();
        TestInitiator another = server.connectFrom("127.0.0.5");
        assertEquals(0, another.tryLogin(another.names("Normal", TARGET)).status());
    }

    @Test
    public void discoverySessionsTakeNoPlaceOfOthers() throws IOException {
        int refused = 0;
        for (int i = 0; i < 20; i++) {
            TestInitiator discovery = server.connectFrom("127.0.0.2");
            refused += discovery.tryLogin(discovery.names("Discovery", null)).status() == 0x0302 ? 1 : 0;
        }
        assertEquals("a quarter of 32 sessions", 12, refused);
        server.login();
    }
}
