package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.session.EndReason;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** Responses that have to keep their order over several connections (RFC 7143 4.2.2.3, 4.2.3.3). */
public final class ResponseFenceTest {

    private static final int ABORT_TASK_SET = 2;
    private static final int CLEAR_TASK_SET = 4;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int TARGET_WARM_RESET = 6;
    private static final int RESET = 0x062903;
    private static final int NO_SUCH_LUN = 0x052500;

    @Rule
    public final TestServer server =
            new TestServer(TestServer.config(Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(2)));

    private TestInitiator leading() throws IOException {
        return TestServer.ready(server.connect().login(TARGET, Map.of("MaxConnections", "2")));
    }

    private TestInitiator joined(TestInitiator leading) throws IOException {
        return server.connect().join(leading, 1, TARGET);
    }

    private static void expectPing(TestInitiator initiator) throws IOException {
        assertEquals(RawPdu.RESERVED_TAG, initiator.expect(RawPdu.NOP_IN).taskTag());
    }

    private static RawPdu testUnitReady(TestInitiator initiator) throws IOException {
        RawPdu command = initiator.command(LUN_0, Cdb.testUnitReady(), 0, 0);
        initiator.send(command);
        return command;
    }

    /** The first connection has an answer that it has not acknowledged, and is asked to. */
    private static void resetAndWait(TestInitiator first, TestInitiator second, int function) throws IOException {
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0);
        second.send(second.taskManagementRequest(function, LUN_0, -1, 0));
        expectPing(first);
        second.ping(new byte[1]);
    }

    private static void expectComplete(TestInitiator initiator) throws IOException {
        assertEquals(0, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        initiator.acknowledge();
    }

    @Test
    public void aFunctionIsAnsweredWhenAnswersOfOtherConnectionsAreAcknowledged() throws IOException {
        for (int function : new int[] {ABORT_TASK_SET, CLEAR_TASK_SET, LOGICAL_UNIT_RESET, TARGET_WARM_RESET}) {
            TestInitiator first = leading();
            TestInitiator second = joined(first);
            resetAndWait(first, second, function);
            first.acknowledge();
            expectComplete(second);
        }
    }

    @Test
    public void aConnectionThatDoesNotAcknowledgeIsDropped() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        resetAndWait(first, second, LOGICAL_UNIT_RESET);
        assertEquals(2, second.expect(RawPdu.ASYNC_MESSAGE).int8(36));
        expectComplete(second);
        first.expectClosed();
        assertEquals(EndReason.ANSWERS_NOT_ACKNOWLEDGED, server.left(1).reason());
        second.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(RESET);
    }

    @Test
    public void nobodyWaitsForAConnectionThatIsGone() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        resetAndWait(first, second, LOGICAL_UNIT_RESET);
        first.reset();
        expectComplete(second);
    }

    @Test
    public void whoIsGoneIsNotAnswered() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        resetAndWait(first, second, LOGICAL_UNIT_RESET);
        second.reset();
        server.left(1);
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(RESET);
    }

    @Test
    public void laterAnswersOfTheUnitWaitUntilTheOneBeforeThemIsAcknowledged() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        // It acknowledges all, and its answer, which has no number of its own, says that it has come.
        first.send(first.command(LUN_0, Cdb.write10(0, 1), 512, 0));
        first.expect(RawPdu.R2T);
        second.send(second.taskManagementRequest(LOGICAL_UNIT_RESET, LUN_0, -1, 0));
        assertEquals(0, second.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        RawPdu command = testUnitReady(first);
        expectPing(second);
        first.execute(1L << 48, Cdb.testUnitReady(), null, 0).expectSense(NO_SUCH_LUN);
        second.acknowledge();
        expectPing(first);
        first.acknowledge();
        first.finish(command.taskTag(), null).expectSense(RESET);
        // The unit attention is in its place too: nothing of this unit overtakes it on another connection.
        RawPdu after = testUnitReady(second);
        expectPing(first);
        second.ping(new byte[1]);
        first.acknowledge();
        second.finish(after.taskTag(), null).expectGood();
    }

    @Test
    public void theUnitAttentionOfSomebodyElsesResetWaits() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        TestInitiator other = server.login("iqn.2026-11.host:b");
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertEquals(0, other.taskManagement(LOGICAL_UNIT_RESET, LUN_0, -1, 0));
        RawPdu command = testUnitReady(second);
        expectPing(first);
        second.ping(new byte[1]);
        first.acknowledge();
        second.finish(command.taskTag(), null).expectSense(RESET);
    }

    @Test
    public void aPreemptAndAbortIsAnsweredLikeAFunction() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        byte[] parameters = new byte[24];
        parameters[15] = 1;
        second.execute(LUN_0, persistentReserveOut(0), parameters, 0).expectGood();
        first.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        parameters[7] = 1;
        RawPdu preempt = second.command(LUN_0, persistentReserveOut(5), 24, 0).data(parameters);
        second.send(preempt);
        expectPing(first);
        second.ping(new byte[1]);
        first.acknowledge();
        second.finish(preempt.taskTag(), null).expectGood();
    }

    private static byte[] persistentReserveOut(int serviceAction) {
        return new byte[] {0x5F, (byte) serviceAction, (byte) (serviceAction == 0 ? 0 : 5), 0, 0, 0, 0, 0, 24, 0};
    }

    @Test
    public void aFunctionIsAnsweredWhenAnswersOfItsOwnConnectionAreAcknowledged() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        second.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        first.acknowledge();
        second.send(silent(second.taskManagementRequest(LOGICAL_UNIT_RESET, LUN_0, -1, 0)));
        expectPing(second);
        pingSilently(second);
        second.acknowledge();
        expectComplete(second);
    }

    /** Nothing is acknowledged by it. */
    private static RawPdu silent(RawPdu pdu) {
        return pdu.int32(28, 0);
    }

    /** Fails if anything else comes before the answer. */
    private static void pingSilently(TestInitiator initiator) throws IOException {
        RawPdu nop = initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
        initiator.send(silent(nop));
        assertEquals(nop.taskTag(), initiator.expect(RawPdu.NOP_IN).taskTag());
    }

    /** A reset of the target waits for the answer to one of a unit; so does what comes after it, for other units too. */
    @Test
    public void whatWaitsIsNotOvertakenOnAnotherUnit() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        resetAndWait(first, second, LOGICAL_UNIT_RESET);
        second.send(second.taskManagementRequest(TARGET_WARM_RESET, LUN_0, -1, 0));
        second.ping(new byte[1]);
        expectNothingOvertakes(first, second);
    }

    /** The same when it does not wait for that answer, but for one of a task that does. */
    @Test
    public void whatWaitsForItsTasksIsNotOvertakenOnAnotherUnit() throws IOException {
        TestInitiator first = leading();
        TestInitiator second = joined(first);
        resetAndWait(first, second, LOGICAL_UNIT_RESET);
        RawPdu waits = testUnitReady(first, LUN_0);
        second.send(second.taskManagementRequest(TARGET_WARM_RESET, LUN_0, -1, 0));
        second.ping(new byte[1]);
        expectNothingOvertakes(first, second, waits);
    }

    private static RawPdu testUnitReady(TestInitiator initiator, long lun) throws IOException {
        RawPdu command = silent(initiator.command(lun, Cdb.testUnitReady(), 0, 0));
        initiator.send(command);
        return command;
    }

    private static void expectNothingOvertakes(TestInitiator first, TestInitiator second, RawPdu... before)
            throws IOException {
        RawPdu other = testUnitReady(first, 1L << 48);
        pingSilently(first);
        first.acknowledge();
        expectComplete(second);
        expectPing(second);
        for (RawPdu earlier : before) {
            first.finish(earlier.taskTag(), null).expectSense(RESET);
            expectPing(first);
            first.acknowledge();
        }
        expectComplete(second);
        first.finish(other.taskTag(), null).expectSense(NO_SUCH_LUN);
    }

    @Test
    public void oneConnectionIsNeverHeldUp() throws IOException {
        TestInitiator only = leading();
        only.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        only.send(only.taskManagementRequest(LOGICAL_UNIT_RESET, LUN_0, -1, 0).int32(28, 0));
        assertEquals(0, only.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        only.send(only.command(LUN_0, Cdb.testUnitReady(), 0, 0).int32(28, 0));
        assertEquals(2, only.expect(RawPdu.SCSI_RESPONSE).int8(3));
    }
}
