package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.BLOCK;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static io.sluice.iscsi.portal.TestServer.pattern;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import io.sluice.testkit.initiator.TextPairs;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** What ends early ends wholly, with what belongs to it, and nothing waits for that without end (RFC 7143 11.5, 11.14). */
public final class SessionEndTest {

    private static final int ABORT_TASK = 1;
    private static final int ABORT_TASK_SET = 2;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int FUNCTION_REJECTED = 255;
    private static final int CLEANUP_FAILED = 3;

    @Rule
    public final TestServer server =
            new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofMillis(300)));

    private void holdAWrite(TestInitiator initiator) throws IOException {
        server.store().hold();
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        TestServer.until(() -> server.store().heldCount() == 1);
    }

    /** The one that it has is closed when its last PDU is out; who joined meanwhile would be left over. */
    @Test
    public void nobodyJoinsASessionWhoseConnectionsAreDropped() throws IOException {
        TestInitiator slow = TestServer.ready(
                server.connect(Duration.ofSeconds(20), 4096).login(TARGET, Map.of("MaxConnections", "2")));
        slow.send(slow.command(LUN_0, Cdb.read10(0, (int) BLOCKS), 0, BLOCKS * BLOCK));
        TestServer.until(() -> server.session().readBytes().sum() >= BLOCKS * BLOCK);
        server.session().connections().drop();
        assertEquals(0x020A, server.connect().tryJoin(slow, 1, TARGET).status());
        slow.close();
        server.end(1);
        TestServer.until(() -> server.dataBytesInUse() == 0);
    }

    @Test
    public void anAbortedCommandThatWaitsForItsTurnIsGoneWithItsData() throws IOException {
        TestInitiator initiator = server.login();
        long before = server.server().activeBuffers();
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        for (int i = 0; i < 100; i++) {
            RawPdu early =
                    initiator.command(LUN_0, Cdb.write10(0, 128), 65536, 0).data(pattern(128, 1));
            initiator.send(early);
            assertEquals(0, initiator.taskManagement(ABORT_TASK, LUN_0, early.taskTag(), early.int32(24)));
        }
        // What is left is what the last bytes were received in.
        TestServer.until(() -> server.server().activeBuffers() <= before + 3);
        fill(initiator, missing);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
    }

    /** Sends the command that the others wait for. */
    private static void fill(TestInitiator initiator, int missing) throws IOException {
        int next = initiator.cmdSn();
        initiator.send(initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(24, missing));
        initiator.cmdSn(next);
        initiator.expect(RawPdu.SCSI_RESPONSE);
    }

    @Test
    public void anAbortOfAnotherTagLeavesTheCommandThatWaits() throws IOException {
        TestInitiator initiator = server.login();
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        RawPdu early = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0);
        initiator.send(early);
        assertEquals(1, initiator.taskManagement(ABORT_TASK, LUN_0, 4711, early.int32(24)));
        fill(initiator, missing);
        assertEquals(early.taskTag(), initiator.expect(RawPdu.SCSI_RESPONSE).taskTag());
    }

    @Test
    public void abortTaskSetReachesWhatWaitsForItsTurn() throws IOException {
        TestInitiator initiator = server.login();
        int missing = initiator.cmdSn();
        initiator.cmdSn(missing + 1);
        initiator.send(initiator.command(LUN_0, Cdb.write10(0, 1), 512, 0).data(pattern(1, 1)));
        assertEquals(0, initiator.taskManagement(ABORT_TASK_SET, LUN_0, -1, 0));
        fill(initiator, missing);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(0, server.store().content(0, 1)[1]);
    }

    @Test
    public void taskAbortedIsAStatusLikeOthers() throws IOException {
        TestInitiator victim = server.login();
        TestInitiator other = server.login();
        byte[] tas = other.execute(LUN_0, new byte[] {0x1A, 0x08, 0x0A, 0, 16, 0}, null, 16)
                .expectGood();
        tas[0] = 0;
        tas[2] = 0;
        tas[9] |= 0x40;
        other.execute(LUN_0, new byte[] {0x15, 0x10, 0, 0, 16, 0}, tas, 0).expectGood();
        // Others are told that mode parameters have changed.
        victim.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(0x062A01);
        RawPdu write = victim.command(LUN_0, Cdb.write10(0, 1), 512, 0);
        victim.send(write);
        victim.expect(RawPdu.R2T);
        assertEquals(0, other.taskManagement(LOGICAL_UNIT_RESET, LUN_0, -1, 0));
        RawPdu response = victim.expect(RawPdu.SCSI_RESPONSE);
        assertEquals(write.taskTag(), response.taskTag());
        assertEquals(0x40, response.int8(3));
    }

    @Test
    public void taskManagementOfAHungStoreIsRejectedInTime() throws IOException {
        TestInitiator initiator = server.login();
        holdAWrite(initiator);
        assertEquals(FUNCTION_REJECTED, initiator.taskManagement(LOGICAL_UNIT_RESET, LUN_0, -1, 0));
        initiator.ping(new byte[1]);
    }

    @Test
    public void logoutWithAHungStoreIsAnsweredInTime() throws IOException {
        TestInitiator initiator = server.login();
        holdAWrite(initiator);
        initiator.send(initiator.request(RawPdu.LOGOUT));
        assertEquals(CLEANUP_FAILED, initiator.expect(RawPdu.LOGOUT_RESPONSE).int8(2));
        initiator.expectClosed();
    }

    @Test
    public void aLoginThatReplacesOneWithAHungStoreIsToldToTryAgain() throws IOException {
        TestInitiator old = TestServer.ready(server.connect().isid(77).login(TARGET));
        holdAWrite(old);
        TestInitiator first = server.connect().isid(77);
        assertEquals(0x0301, first.tryLogin(first.names("Normal", TARGET)).status());
        old.expectClosed();
        TestInitiator second = server.connect().isid(77);
        second.send(second.loginRequest(0x87).data(TextPairs.encode(second.names("Normal", TARGET))));
        server.store().letGo();
        assertEquals(0, second.expect(RawPdu.LOGIN_RESPONSE).int16(36));
    }

    @Test
    public void aTargetThatGoesDuringALoginIsNotFound() throws IOException {
        TestInitiator deleted = beginLogin();
        server.server().removeTarget(server.target());
        assertEquals(0x0203, endLogin(deleted));
    }

    @Test
    public void aTargetThatIsRetiredOrDisabledDuringALoginIsRefused() throws IOException {
        TestInitiator disabled = beginLogin();
        TestInitiator retired = beginLogin();
        server.target().setEnabled(false);
        assertEquals(0x0301, endLogin(disabled));
        server.target().retire();
        assertEquals(0x0203, endLogin(retired));
        assertTrue(server.server().sessions().isEmpty());
    }

    private TestInitiator beginLogin() throws IOException {
        TestInitiator initiator = server.connect();
        initiator.send(initiator.loginRequest(0x04).data(TextPairs.encode(initiator.names("Normal", TARGET))));
        assertEquals(0, initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36));
        return initiator;
    }

    private static int endLogin(TestInitiator initiator) throws IOException {
        initiator.send(initiator.loginRequest(0x87).data(TextPairs.encode(Map.of())));
        return initiator.expect(RawPdu.LOGIN_RESPONSE).int16(36);
    }

    /** A command that failed waits for the unsolicited data that was announced; it goes with its connection. */
    @Test
    public void aConnectionThatBreaksWhileDataIsAnnounced() throws IOException {
        TestInitiator initiator = TestServer.ready(server.connect().login(TARGET, Map.of("InitialR2T", "No")));
        initiator.send(initiator
                .command(LUN_0, Cdb.write10(1 << 20, 8), 4096, 0)
                .flags(0x21)
                .data(new byte[512]));
        initiator.ping(new byte[1]);
        initiator.reset();
        TestServer.until(() -> server.server().sessions().isEmpty());
    }
}
