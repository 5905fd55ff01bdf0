package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static io.sluice.iscsi.portal.TestServer.ready;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Rule;
import org.junit.Test;

/** SCSI data over the wire (RFC 7143 11.3, 11.4, 11.7, 11.8), against the real engine. */
public final class ScsiDataTest {

    private static final int NOT_ENOUGH_UNSOLICITED = 0x0B0C0D;
    private static final int UNEXPECTED_UNSOLICITED = 0x0B0C0C;
    private static final int SEQUENCE_ERROR = 0x0B4B00;

    @Rule
    public final TestServer server = new TestServer();

    @Test
    public void readsWhatWasWritten() throws IOException {
        TestInitiator initiator = server.login();
        for (int blocks : new int[] {1, 3, 16, 128, 129, 600, 2048}) {
            byte[] data = pattern(blocks, blocks);
            initiator.write10(LUN_0, 7, data, BLOCK);
            assertArrayEquals(data, server.store().content(7, blocks));
            assertArrayEquals(data, initiator.read10(LUN_0, 7, blocks, BLOCK));
        }
    }

    @Test
    public void everyCombinationOfFirstDataAndDigests() throws IOException {
        byte[] data = pattern(1024, 5);
        for (String r2t : new String[] {"Yes", "No"}) {
            for (String immediate : new String[] {"Yes", "No"}) {
                for (String digest : new String[] {"None", "CRC32C", "CRC32C,None"}) {
                    Map<String, String> keys = Map.of(
                            "InitialR2T",
                            r2t,
                            "ImmediateData",
                            immediate,
                            "HeaderDigest",
                            digest,
                            "DataDigest",
                            digest);
                    TestInitiator initiator = ready(server.connect().login(TARGET, keys));
                    assertEquals(r2t, initiator.negotiated().get("InitialR2T"));
                    assertEquals(immediate, initiator.negotiated().get("ImmediateData"));
                    initiator.write10(LUN_0, 0, data, BLOCK);
                    assertArrayEquals(data, initiator.read10(LUN_0, 0, 1024, BLOCK));
                    initiator.ping(new byte[] {1, 2, 3, 4, 5});
                }
            }
        }
    }

    @Test
    public void dataInIsCutByTheInitiatorsLimits() throws IOException {
        Map<String, String> keys = Map.of("MaxRecvDataSegmentLength", "1000", "MaxBurstLength", "2500");
        TestInitiator initiator = ready(server.connect().login(TARGET, keys));
        server.store().completeOn(Runnable::run);
        initiator.write10(LUN_0, 0, pattern(8, 1), BLOCK);
        initiator.send(initiator.command(LUN_0, Cdb.read10(0, 8), 0, 4096));
        int[][] expected = {{1000, 0}, {1000, 0}, {500, 0x80}, {1000, 0}, {596, 0x81}};
        for (int[] lengthAndFlags : expected) {
            RawPdu pdu = initiator.expect(RawPdu.DATA_IN);
            assertEquals(lengthAndFlags[0], pdu.data().length);
            assertEquals(lengthAndFlags[1], pdu.int8(1));
        }
    }

    @Test
    public void burstsAreLimitedAndOutstandingR2tsCounted() throws IOException {
        Map<String, String> keys =
                Map.of("MaxBurstLength", "4096", "FirstBurstLength", "512", "MaxOutstandingR2T", "3");
        TestInitiator initiator = ready(server.connect().login(TARGET, keys));
        byte[] data = pattern(41, 9);
        RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 41), data.length, 0);
        initiator.send(command.data(Arrays.copyOf(data, 512)));
        RawPdu[] r2ts = new RawPdu[3];
        for (int i = 0; i < 3; i++) {
            r2ts[i] = initiator.expect(RawPdu.R2T);
            assertEquals(i, r2ts[i].int32(36));
            assertEquals(512 + i * 4096, r2ts[i].int32(40));
            assertEquals(4096, r2ts[i].int32(44));
        }
        // No fourth one before the first has been answered: the ping's answer comes instead.
        initiator.ping(new byte[4]);
        for (int i = 0; i < 5; i++) {
            RawPdu r2t = i < 3 ? r2ts[i] : initiator.expect(RawPdu.R2T);
            int offset = r2t.int32(40);
            byte[] part = Arrays.copyOfRange(data, offset, offset + r2t.int32(44));
            initiator.send(initiator.dataOut(LUN_0, command.taskTag(), r2t.int32(20), 0, offset, part, true));
            if (i == 0) {
                r2ts[0] = initiator.expect(RawPdu.R2T);
            } else if (i == 1) {
                r2ts[1] = initiator.expect(RawPdu.R2T);
            }
            if (i == 2) {
                break;
            }
        }
        for (int i = 0; i < 2; i++) {
            int offset = r2ts[i].int32(40);
            byte[] part = Arrays.copyOfRange(data, offset, offset + r2ts[i].int32(44));
            initiator.send(initiator.dataOut(LUN_0, command.taskTag(), r2ts[i].int32(20), 0, offset, part, true));
        }
        assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertArrayEquals(data, server.store().content(0, 41));
    }

    @Test
    public void residuals() throws IOException {
        TestInitiator initiator = server.login();
        ScsiResult under = initiator.execute(LUN_0, Cdb.read10(0, 1), null, 4096);
        assertEquals(BLOCK, under.expectResidual(-3584).data().length);
        ScsiResult over = initiator.execute(LUN_0, Cdb.read10(0, 8), null, 1000);
        assertEquals(1000, over.expectResidual(3096).data().length);
        initiator.execute(LUN_0, Cdb.read10(0, 8), null, 0).expectResidual(4096);
        initiator.execute(LUN_0, Cdb.write10(0, 1), new byte[1024], 0).expectResidual(-512);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 100).expectResidual(-100);
        ScsiResult most = initiator.execute(LUN_0, Cdb.inquiry(36), null, 0xFFFF_FFFFL);
        assertEquals(36, most.expectResidual(36 - 0xFFFF_FFFFL).data().length);
    }

    @Test
    public void failedCommandSolicitsNothing() throws IOException {
        TestInitiator initiator = server.login();
        ScsiResult result = initiator.execute(LUN_0, Cdb.write10(BLOCKS, 1024), new byte[1024 * BLOCK], 0);
        assertEquals(0, result.expectSense(0x052100).r2ts());
        initiator.execute(LUN_0, Cdb.read10(BLOCKS, 1), null, BLOCK).expectSense(0x052100);
    }

    @Test
    public void unsolicitedDataOfAFailedCommandIsSwallowed() throws IOException {
        TestInitiator initiator = unsolicited();
        RawPdu command =
                initiator.command(LUN_0, Cdb.write10(BLOCKS, 4), 2048, 0).flags(0x21);
        initiator.send(command);
        initiator.send(initiator.dataOut(LUN_0, command.taskTag(), -1, 0, 0, new byte[1024], false));
        initiator.send(initiator.dataOut(LUN_0, command.taskTag(), -1, 1, 1024, new byte[1024], true));
        initiator.finish(command.taskTag(), null).expectSense(0x052100);
        initiator.ping(new byte[0]);
    }

    @Test
    public void unsolicitedDataIsTaken() throws IOException {
        TestInitiator initiator = unsolicited();
        byte[] data = pattern(4, 3);
        RawPdu command = initiator.command(LUN_0, Cdb.write10(1, 4), 2048, 0).flags(0x21);
        initiator.send(command.data(Arrays.copyOf(data, 100)));
        initiator.send(
                initiator.dataOut(LUN_0, command.taskTag(), -1, 0, 100, Arrays.copyOfRange(data, 100, 1024), false));
        initiator.send(
                initiator.dataOut(LUN_0, command.taskTag(), -1, 1, 1024, Arrays.copyOfRange(data, 1024, 2048), true));
        initiator.finish(command.taskTag(), null).expectGood();
        assertArrayEquals(data, server.store().content(1, 4));
    }

    @Test
    public void wrongUnsolicitedData() throws IOException {
        TestInitiator initiator = unsolicited();
        expectWrong(initiator, 0, 0, 1024, true, NOT_ENOUGH_UNSOLICITED);
        expectWrong(initiator, 0, 0, 2049, true, UNEXPECTED_UNSOLICITED);
        expectWrong(initiator, 1, 0, 2048, true, SEQUENCE_ERROR);
        expectWrong(initiator, 0, 512, 1024, true, SEQUENCE_ERROR);
        expectWrong(initiator, 0, -4096, 2048, true, SEQUENCE_ERROR);
        assertUntouched();
    }

    private static void expectWrong(
            TestInitiator initiator, int dataSn, int offset, int length, boolean last, int sense) throws IOException {
        RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 4), 2048, 0).flags(0x21);
        initiator.send(command);
        initiator.send(initiator.dataOut(LUN_0, command.taskTag(), -1, dataSn, offset, ones(length), last));
        initiator.finish(command.taskTag(), null).expectSense(sense);
    }

    @Test
    public void unsolicitedDataThatWasNotAgreed() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 4), 2048, 0);
        initiator.send(command);
        initiator.send(initiator.dataOut(LUN_0, command.taskTag(), -1, 0, 0, ones(2048), true));
        initiator.expect(RawPdu.R2T);
        RawPdu response = initiator.expect(RawPdu.SCSI_RESPONSE);
        assertEquals(2, response.int8(3));
        assertUntouched();
    }

    @Test
    public void immediateDataBeyondFirstBurstOrExpectedLength() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu tooMuch = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(ones(1024));
        initiator.send(tooMuch);
        initiator.finish(tooMuch.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED);
        RawPdu beyond =
                initiator.command(LUN_0, Cdb.write10(0, 200), 102_400, 0).data(ones(65_537));
        initiator.send(beyond);
        initiator.finish(beyond.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED);
        assertUntouched();
    }

    @Test
    public void wrongSolicitedDataFailsTheWriteOnly() throws IOException {
        TestInitiator initiator = server.login();
        // DataSN, offset, length, F, transfer tag error, LUN
        long[][] rows = {
            {1, 0, 2048, 1, 0, 0},
            {27, 0, 2048, 1, 0, 0},
            {-1, 0, 2048, 1, 0, 0},
            {0, 0xFFFF_F000L, 2048, 1, 0, 0},
            {0, 512, 1536, 1, 0, 0},
            {0, 0, 4096, 1, 0, 0},
            {0, 0, 2048, 0, 0, 0},
            {0, 0, 512, 1, 0, 0},
            {0, 0, 2048, 1, 1, 0},
            {0, 0, 2048, 1, 0, 1L << 48},
        };
        for (long[] row : rows) {
            RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 4), 2048, 0);
            initiator.send(command);
            int tag = initiator.expect(RawPdu.R2T).int32(20) + (int) row[4];
            initiator.send(initiator.dataOut(
                    row[5], command.taskTag(), tag, (int) row[0], (int) row[1], ones((int) row[2]), row[3] == 1));
            RawPdu response = initiator.expect(RawPdu.SCSI_RESPONSE);
            assertEquals(Arrays.toString(row), 2, response.int8(3));
            assertEquals(0x4B, response.data()[2 + 12]);
        }
        assertUntouched();
        initiator.write10(LUN_0, 0, pattern(4, 1), BLOCK);
    }

    @Test
    public void dataOfNoTaskHasNoEffect() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.dataOut(LUN_0, 4711, 1, 0, 0, ones(512), true));
        initiator.send(initiator.dataOut(LUN_0, 4711, -1, 0, 0, ones(512), true));
        initiator.ping(new byte[8]);
        assertUntouched();
    }

    @Test
    public void corruptDataIsRejectedAndNotWritten() throws IOException {
        Map<String, String> keys = Map.of("DataDigest", "CRC32C");
        TestInitiator initiator = ready(server.connect().login(TARGET, keys));
        RawPdu solicited = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        initiator.send(solicited);
        int tag = initiator.expect(RawPdu.R2T).int32(20);
        initiator.sendCorrupt(initiator.dataOut(LUN_0, solicited.taskTag(), tag, 0, 0, ones(512), true), 0, 256);
        initiator.expectReject(2);
        assertEquals(2, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        RawPdu immediate = initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(ones(512));
        initiator.sendCorrupt(immediate, 0, 1);
        initiator.expectReject(2);
        assertUntouched();
        // It has not come, so it may be sent again.
        initiator.send(immediate);
        initiator.finish(immediate.taskTag(), null).expectGood();
        assertArrayEquals(ones(512), server.store().content(0, 1));
        initiator.cmdSn(immediate.int32(24) + 1);
        initiator.ping(new byte[1]);
    }

    @Test
    public void corruptUnsolicitedDataIsAnsweredAfterTheLast() throws IOException {
        TestInitiator initiator =
                ready(server.connect().login(TARGET, Map.of("DataDigest", "CRC32C", "InitialR2T", "No")));
        RawPdu command = initiator.command(LUN_0, Cdb.write10(0, 4), 2048, 0).flags(0x21);
        initiator.send(command);
        initiator.sendCorrupt(initiator.dataOut(LUN_0, command.taskTag(), -1, 0, 0, ones(512), false), 0, 1);
        initiator.expectReject(2);
        initiator.ping(new byte[1]);
        initiator.send(initiator.dataOut(LUN_0, command.taskTag(), -1, 1, 512, ones(1536), true));
        assertEquals(2, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertUntouched();
    }

    @Test
    public void residualOfACommandThatFails() throws IOException {
        TestInitiator initiator = server.login();
        initiator
                .execute(LUN_0, Cdb.read10(BLOCKS, 4), null, 2048)
                .expectSense(0x052100)
                .expectResidual(-2048);
        initiator
                .execute(LUN_0, Cdb.write10(BLOCKS, 4), new byte[2048], 0)
                .expectSense(0x052100)
                .expectResidual(-2048);
        server.store().failNext();
        initiator
                .execute(LUN_0, Cdb.read10(0, 4), null, 2048)
                .expectSense(0x031100)
                .expectResidual(-2048);
        server.store().failNext();
        initiator
                .execute(LUN_0, Cdb.write10(0, 4), new byte[2048], 0)
                .expectSense(0x030C00)
                .expectResidual(0);
        server.store().failNext();
        initiator
                .execute(LUN_0, Cdb.read10(0, 4), null, 512)
                .expectSense(0x031100)
                .expectResidual(1536);
        assertUntouched();
    }

    @Test
    public void corruptHeaderEndsTheConnection() throws IOException {
        TestInitiator initiator = ready(server.connect().login(TARGET, Map.of("HeaderDigest", "CRC32C")));
        initiator.sendCorrupt(initiator.request(RawPdu.NOP_OUT), 1, 0);
        initiator.expectClosed();
    }

    @Test
    public void storeMayCompleteOnAnotherThread() throws IOException {
        TestInitiator initiator = server.login();
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            server.store().completeOn(other);
            byte[] data = pattern(300, 4);
            initiator.write10(LUN_0, 100, data, BLOCK);
            assertArrayEquals(data, initiator.read10(LUN_0, 100, 300, BLOCK));
        } finally {
            other.shutdown();
        }
    }

    @Test
    public void oneByteAtATime() throws IOException {
        TestInitiator initiator = server.login();
        byte[] data = pattern(3, 8);
        byte[] bytes =
                initiator.command(LUN_0, Cdb.write10(5, 3), 1536, 0).data(data).toBytes();
        for (byte one : bytes) {
            initiator.sendBytes(new byte[] {one});
        }
        assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        assertArrayEquals(data, server.store().content(5, 3));
    }

    @Test
    public void bothDirectionsAtOnceAreRefused() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu command = initiator.command(LUN_0, Cdb.read10(0, 1), 512, 0).flags(0xE1);
        initiator.send(command);
        initiator.finish(command.taskTag(), null).expectSense(0x050E03);
    }

    @Test
    public void sessionStatusCounts() throws IOException {
        TestInitiator initiator = server.login();
        initiator.write10(LUN_0, 0, pattern(2, 0), BLOCK);
        assertEquals(BLOCK * 2, initiator.read10(LUN_0, 0, 2, BLOCK).length);
        var status = server.server().sessions().get(0);
        assertEquals(TARGET, status.target());
        assertEquals(4, status.commands());
        assertEquals(1024, status.readBytes());
        assertEquals(1024, status.writtenBytes());
        assertTrue(status.parameters().containsKey("MaxBurstLength"));
    }

    private TestInitiator unsolicited() throws IOException {
        return ready(server.connect().login(TARGET, Map.of("InitialR2T", "No")));
    }

    private void assertUntouched() {
        assertArrayEquals(new byte[8 * BLOCK], server.store().content(0, 8));
    }

    private static byte[] ones(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 1);
        return data;
    }
}
