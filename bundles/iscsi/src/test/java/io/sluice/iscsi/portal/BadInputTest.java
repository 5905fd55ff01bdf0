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
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What a broken or hostile peer may send (RFC 7143 7.7 to 7.9); another session goes on undisturbed each time. */
public final class BadInputTest {

    @Rule
    public final TestServer server = new TestServer();

    private TestInitiator bystander;

    @Before
    public void openBystander() throws IOException {
        bystander = server.login();
        bystander.write10(LUN_0, 64, pattern(8, 42), BLOCK);
    }

    @After
    public void bystanderIsServed() throws IOException {
        assertArrayEquals(pattern(8, 42), bystander.read10(LUN_0, 64, 8, BLOCK));
    }

    @Test
    public void anythingButALoginComesFirst() throws IOException {
        for (int opcode = 0; opcode < 64; opcode++) {
            if (opcode != RawPdu.LOGIN) {
                TestInitiator initiator = server.connect();
                initiator.send(RawPdu.of(opcode).flags(0x80));
                initiator.expectClosed();
                initiator.close();
            }
        }
    }

    @Test
    public void segmentsOverTheLimit() throws IOException {
        for (int length : new int[] {8193, 0xFFFFFF}) {
            TestInitiator initiator = server.connect();
            initiator.send(initiator.loginRequest(0x87).declaredLength(length));
            initiator.expectClosed();
        }
        TestInitiator initiator = server.login();
        initiator.send(initiator.request(RawPdu.NOP_OUT).declaredLength(262_145));
        initiator.expectClosed();
    }

    @Test
    public void segmentsWhereNoneBelongs() throws IOException {
        for (int opcode : new int[] {RawPdu.TASK_MANAGEMENT, RawPdu.LOGOUT, RawPdu.SNACK}) {
            TestInitiator initiator = server.login();
            initiator.send(initiator.request(opcode).declaredLength(4));
            initiator.expectClosed();
        }
        TestInitiator initiator = server.login();
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).data(new byte[4]));
        initiator.expectReject(9);
    }

    @Test
    public void unknownOpcodesAreRejected() throws IOException {
        TestInitiator initiator = server.login();
        for (int opcode : new int[] {0x07, 0x0F, 0x17, 0x1B, 0x20, 0x25, 0x31, 0x3F}) {
            initiator.send(RawPdu.of(opcode).data(new byte[100]));
            initiator.expectReject(5);
        }
        initiator.ping(new byte[9]);
    }

    @Test
    public void additionalHeaders() throws IOException {
        TestInitiator initiator = server.login();
        byte[][] wrong = {
            {0, 0, 1, 0},
            {0, 5, 1, 0},
            {0, 1, 0, 0},
            {0, 1, 9, 0},
            {(byte) 255, (byte) 255, 1, 0},
            new byte[1020],
            {0, 2, 1, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0},
        };
        for (byte[] segments : wrong) {
            initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).additional(segments));
            initiator.expectReject(9);
        }
        initiator.send(initiator.request(RawPdu.NOP_OUT).additional(new byte[4]));
        initiator.expectReject(9);
        byte[] variableLength = new byte[6];
        variableLength[0] = 0x7F;
        RawPdu extended =
                initiator.command(LUN_0, variableLength, 0, 0).additional(new byte[] {0, 5, 1, 0, 0, 0, 0, 0});
        initiator.send(extended);
        initiator.finish(extended.taskTag(), null).expectSense(0x052000);
    }

    @Test
    public void loginText() throws IOException {
        String names = new String(TextPairs.encode(bystander.names("Normal", TARGET)), StandardCharsets.UTF_8);
        String[] wrong = {
            names + "HeaderDigest=None\0HeaderDigest=None\0",
            names + "noEquals\0",
            names + "=value\0",
            names + "X-a=" + "v".repeat(256) + "\0",
            names + "X" + "k".repeat(63) + "=v\0",
            names + "X-unfinished=1",
            names + "X bad=1\0",
            names + "InitiatorName=" + "\0",
        };
        for (String text : wrong) {
            TestInitiator initiator = server.connect();
            initiator.send(initiator.loginRequest(0x87).data(text.getBytes(StandardCharsets.UTF_8)));
            assertEquals(text, 0x0200, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
            initiator.expectClosed();
        }
    }

    @Test
    public void endlessLogins() throws IOException {
        TestInitiator continued = server.connect();
        for (int i = 0; i < 16; i++) {
            continued.send(continued.loginRequest(0x44));
            assertEquals(0, continued.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        }
        continued.send(continued.loginRequest(0x44));
        assertEquals(0x0200, continued.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        TestInitiator longText = server.connect();
        int status = 0;
        for (int i = 0; i < 9 && status == 0; i++) {
            longText.send(longText.loginRequest(0x44).data(new byte[8192]));
            status = longText.expect(RawPdu.LOGIN_RESPONSE).int16(36);
        }
        assertEquals(0x0200, status);
    }

    @Test
    public void loginThatChangesItsIdentity() throws IOException {
        TestInitiator initiator = server.connect();
        initiator.send(initiator.loginRequest(0x04).data(TextPairs.encode(initiator.names("Normal", TARGET))));
        assertEquals(0, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        initiator.send(initiator.loginRequest(0x87).taskTag(5));
        assertEquals(0x0200, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
    }

    @Test
    public void keySplitOverTwoRequests() throws IOException {
        TestInitiator initiator = server.connect();
        byte[] text = TextPairs.encode(initiator.names("Normal", TARGET));
        initiator.send(initiator.loginRequest(0x44).data(Arrays.copyOf(text, 20)));
        assertEquals(0, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        initiator.send(initiator.loginRequest(0x87).data(Arrays.copyOfRange(text, 20, text.length)));
        assertEquals(0, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
    }

    @Test
    public void reservedUses() throws IOException {
        TestInitiator initiator = server.login();
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).taskTag(-1));
        initiator.expectReject(9);
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).flags(0x87));
        initiator.expectReject(9);
        initiator.send(RawPdu.of(RawPdu.SNACK).flags(0x80));
        initiator.expectReject(3);
        initiator.send(initiator.loginRequest(0x87));
        initiator.expectReject(4);
        initiator.send(RawPdu.of(RawPdu.NOP_OUT).flags(0x80).taskTag(-1));
        initiator.expectReject(4);
        initiator.ping(new byte[0]);
    }

    @Test
    public void garbage() throws IOException {
        Random random = new Random(7143);
        for (int round = 0; round < 200; round++) {
            byte[] bytes = new byte[1 + random.nextInt(4000)];
            random.nextBytes(bytes);
            TestInitiator initiator = round % 2 == 0 ? server.connect() : server.login();
            try {
                initiator.sendBytes(bytes);
                initiator.halfClose();
            } catch (IOException closedAlready) {
                assertTrue(
                        closedAlready.getMessage(), closedAlready.getMessage().length() > 0);
            }
            initiator.expectClosed();
            initiator.close();
        }
    }

    @Test
    public void connectionsThatBreakWithCommandsUnderWay() throws IOException {
        for (int round = 0; round < 50; round++) {
            TestInitiator initiator = server.login();
            for (int i = 0; i < 8; i++) {
                initiator.send(initiator.command(LUN_0, Cdb.read10(0, 256), 0, 256 * BLOCK));
                initiator.send(
                        initiator.command(LUN_0, Cdb.write10(0, 4), 2048, 0).data(new byte[512]));
            }
            if (round % 2 == 0) {
                initiator.reset();
            } else {
                initiator.halfClose();
                initiator.close();
            }
        }
        TestServer.until(() -> server.server().sessions().size() == 1);
        TestServer.until(() -> server.server().dataBytesInUse() == 0);
    }

    @Test
    public void expectedLengthIsNeverAllocated() throws IOException {
        TestInitiator initiator = server.login();
        for (int i = 0; i < 64; i++) {
            RawPdu command = initiator.command(LUN_0, Cdb.read10(0, 1), 0, 0xFFFF_FFFFL);
            initiator.send(command);
            assertEquals(BLOCK, initiator.finish(command.taskTag(), null).data().length);
        }
    }

    @Test
    public void peerThatDoesNotReadIsHeldBack() throws IOException {
        TestInitiator initiator = server.connect(Duration.ofSeconds(5), 4096).login(TARGET);
        TestServer.ready(initiator);
        int commands = 128;
        RawPdu[] sent = new RawPdu[commands];
        for (int i = 0; i < commands; i++) {
            sent[i] = initiator.command(LUN_0, Cdb.read10(0, 2048), 0, 2048 * BLOCK);
            initiator.send(sent[i]);
        }
        TestServer.until(() -> server.server().sessions().get(1).commands() == commands + 2);
        assertTrue(server.server().dataBytesInUse() <= 17L << 20);
        bystander.ping(new byte[1]);
        for (RawPdu command : sent) {
            assertEquals(2048 * BLOCK, initiator.finish(command.taskTag(), null).expectGood().length);
        }
    }

    @Test
    public void peerThatOwesDataHoldsUpItselfOnly() throws IOException {
        TestInitiator greedy = server.login();
        for (int i = 0; i < 100; i++) {
            greedy.send(greedy.command(LUN_0, Cdb.write10(0, 4096), 4096L * BLOCK, 0));
        }
        TestServer.until(() -> server.server().sessions().get(1).commands() == 102);
        assertTrue(server.server().dataBytesInUse() <= 16L << 20);
        bystander.write10(LUN_0, 64, pattern(8, 42), BLOCK);
        assertEquals(2048 * BLOCK, bystander.read10(LUN_0, 0, 2048, BLOCK).length);
    }

    @Test
    public void immediateCommandsAreBounded() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        int limit = 256;
        for (int i = 0; i <= limit; i++) {
            initiator.send(initiator.command(LUN_0, Cdb.read10(0, 1), 0, BLOCK).immediate());
        }
        initiator.expectReject(6);
        server.store().letGo();
    }

    /** The window has promised them their places, whatever else is under way. */
    @Test
    public void immediateCommandsHaveNoOtherRejected() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        int next = initiator.cmdSn();
        for (int i = 0; i < 100; i++) {
            initiator.send(initiator.command(LUN_0, Cdb.read10(0, 1), 0, BLOCK).immediate());
        }
        initiator.cmdSn(next);
        for (int i = 0; i < 128; i++) {
            initiator.send(initiator.command(LUN_0, Cdb.read10(0, 1), 0, BLOCK));
        }
        TestServer.until(() -> server.store().heldCount() == 228);
        initiator.send(initiator
                .command(LUN_0, Cdb.read10(0, 1), 0, BLOCK)
                .int32(24, next)
                .immediate());
        byte[] rejected = initiator.expectReject(6).data();
        assertEquals("immediate", 0x40 | RawPdu.SCSI_COMMAND, rejected[0]);
        server.store().letGo();
        for (int i = 0; i < 228; i++) {
            assertEquals(BLOCK, initiator.expect(RawPdu.DATA_IN).data().length);
        }
    }

    /** If it were dropped in silence its number would be missing for ever. */
    @Test
    public void anEarlyPingThatThereIsNoMemoryForIsRejected() throws IOException {
        TestInitiator initiator =
                TestServer.ready(server.connect().login(TARGET, Map.of("FirstBurstLength", "262144")));
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        byte[] data = new byte[262_144];
        for (int i = 0; i < 32; i++) {
            initiator.send(initiator
                    .command(LUN_0, Cdb.write10(512, 512), data.length, 0)
                    .data(data));
        }
        int number = initiator.cmdSn();
        initiator.send(initiator.request(RawPdu.NOP_OUT).int32(20, -1).data(new byte[4096]));
        initiator.expectReject(6);
        assertEquals(number, initiator.cmdSn());
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(24, missing));
        for (int i = 0; i < 33; i++) {
            assertEquals(0, initiator.expect(RawPdu.SCSI_RESPONSE).int8(3));
        }
        initiator.cmdSn(number);
        initiator.ping(new byte[4096]);
    }

    @Test
    public void textThatIsNotCompleteTakesMemory() throws IOException {
        TestInitiator initiator = server.login();
        byte[] pair = ("X-io.sluice.test=" + "a".repeat(200)).getBytes(StandardCharsets.UTF_8);
        RawPdu begin = initiator.request(RawPdu.TEXT).flags(0x40).int32(20, -1).data(pair);
        initiator.send(begin);
        int tag = initiator.expect(RawPdu.TEXT_RESPONSE).int32(20);
        assertEquals(pair.length, server.dataBytesInUse());
        initiator.send(initiator
                .request(RawPdu.TEXT)
                .taskTag(begin.taskTag())
                .int32(20, tag)
                .data(new byte[1]));
        initiator.expect(RawPdu.TEXT_RESPONSE);
        assertEquals(0, server.dataBytesInUse());
        initiator.send(initiator.request(RawPdu.TEXT).flags(0x40).int32(20, -1).data(pair));
        initiator.expect(RawPdu.TEXT_RESPONSE);
        initiator.reset();
        TestServer.until(() -> server.dataBytesInUse() == 0);
    }
}
