package io.sluice.iscsi.conformance;

import static io.sluice.iscsi.conformance.Exchanges.answer;
import static io.sluice.iscsi.conformance.Exchanges.assertUntouched;
import static io.sluice.iscsi.conformance.Exchanges.expectGood;
import static io.sluice.iscsi.conformance.Exchanges.ones;
import static io.sluice.iscsi.conformance.Exchanges.ping;
import static io.sluice.iscsi.conformance.Exchanges.read;
import static io.sluice.iscsi.conformance.Exchanges.testUnitReady;
import static io.sluice.iscsi.conformance.Exchanges.write;
import static io.sluice.iscsi.portal.TestServer.BLOCKS;
import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static org.junit.Assert.assertEquals;

import io.sluice.iscsi.portal.TestServer;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import org.junit.Rule;
import org.junit.Test;

/** Group 11: task management (RFC 7143 11.5, 11.6). */
public final class TaskManagementTest {

    private static final int ABORT_TASK = 1;
    private static final int ABORT_TASK_SET = 2;
    private static final int CLEAR_TASK_SET = 4;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int TARGET_WARM_RESET = 6;
    private static final int TARGET_COLD_RESET = 7;
    private static final int TASK_REASSIGN = 8;

    private static final int COMPLETE = 0;
    private static final int NO_TASK = 1;
    private static final int NO_LUN = 2;
    private static final int NO_REASSIGNMENT = 4;
    private static final int NOT_SUPPORTED = 5;
    private static final int NOT_AUTHORIZED = 6;

    private static final long NO_SUCH_LUN = 5L << 48;
    /** LUN 0 in flat space addressing. */
    private static final long LUN_0_FLAT = 0x4000L << 48;

    @Rule
    public final TestServer server = new TestServer();

    /** Sends a write and returns the R2T for it. */
    private static RawPdu begin(TestInitiator initiator) throws IOException {
        initiator.send(write(initiator, 0, 1));
        return initiator.expect(RawPdu.R2T);
    }

    private static RawPdu begin(TestInitiator initiator, RawPdu write) throws IOException {
        initiator.send(write);
        return initiator.expect(RawPdu.R2T);
    }

    /** 11.1: an aborted task has no response, and data that comes for it changes nothing. */
    @Test
    public void anAbortedTaskHasNoResponse() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        RawPdu r2t = begin(initiator, write);
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
        initiator.send(answer(initiator, r2t, ones(512)));
        initiator.ping(new byte[1]);
        assertUntouched(server);
    }

    /** 11.2: a task that has ended, never was or is of another unit does not exist. */
    @Test
    public void aTaskThatIsNotThere() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu ended = testUnitReady(initiator);
        initiator.send(ended);
        initiator.finish(ended.taskTag(), null).expectGood();
        assertEquals(NO_TASK, initiator.taskManagement(ABORT_TASK, LUN_0, ended.taskTag(), ended.int32(24)));
        assertEquals(NO_TASK, initiator.taskManagement(ABORT_TASK, LUN_0, 4711, initiator.cmdSn() - 1));
        RawPdu write = write(initiator, 0, 1);
        RawPdu r2t = begin(initiator, write);
        assertEquals(NO_TASK, initiator.taskManagement(ABORT_TASK, 1L << 48, write.taskTag(), write.int32(24)));
        initiator.send(answer(initiator, r2t, ones(512)));
        expectGood(initiator, write);
    }

    /** 11.3: a command that has not come counts as received and aborted, and is ignored when it comes. */
    @Test
    public void aCommandThatHasNotComeIsIgnoredWhenItComes() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu late = write(initiator, 0, 1).data(ones(512));
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, LUN_0, late.taskTag(), late.int32(24)));
        initiator.send(late);
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertUntouched(server);
    }

    /** 11.4: ABORT TASK SET ends all tasks of the session at the unit, and none of another session. */
    @Test
    public void abortTaskSetEndsTheTasksOfTheSession() throws IOException {
        TestInitiator initiator = server.login();
        TestInitiator other = server.login();
        RawPdu ofOther = write(other, 8, 1);
        RawPdu r2t = begin(other, ofOther);
        RawPdu[] r2ts = {begin(initiator), begin(initiator), begin(initiator)};
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK_SET, LUN_0, RawPdu.RESERVED_TAG, 0));
        for (RawPdu ended : r2ts) {
            initiator.send(answer(initiator, ended, ones(512)));
        }
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        other.send(answer(other, r2t, new byte[512]));
        expectGood(other, ofOther);
        assertUntouched(server);
    }

    /** 11.5: CLEAR TASK SET and LOGICAL UNIT RESET end the tasks of all sessions, which are told by a unit attention. */
    @Test
    public void whatEndsTheTasksOfAllSessions() throws IOException {
        TestInitiator initiator = server.login();
        TestInitiator other = server.login();
        int[][] functionAndAttention = {{CLEAR_TASK_SET, 0x062F00}, {LOGICAL_UNIT_RESET, 0x062903}};
        for (int[] row : functionAndAttention) {
            RawPdu mine = begin(initiator);
            RawPdu theirs = begin(other);
            assertEquals(COMPLETE, initiator.taskManagement(row[0], LUN_0, RawPdu.RESERVED_TAG, 0));
            initiator.send(answer(initiator, mine, ones(512)));
            other.send(answer(other, theirs, ones(512)));
            other.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(row[1]);
            other.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        }
        assertUntouched(server);
        assertEquals(NO_LUN, initiator.taskManagement(LOGICAL_UNIT_RESET, NO_SUCH_LUN, RawPdu.RESERVED_TAG, 0));
    }

    /** 11.5: a LUN has two forms, and what ends the tasks of a unit ends those too that came by the other one. */
    @Test
    public void bothFormsOfALunAreOneUnit() throws IOException {
        long[][] forms = {{LUN_0, LUN_0_FLAT}, {LUN_0_FLAT, LUN_0}};
        for (long[] form : forms) {
            for (int function : new int[] {ABORT_TASK_SET, CLEAR_TASK_SET, LOGICAL_UNIT_RESET}) {
                TestInitiator initiator = server.login();
                RawPdu before = testUnitReady(initiator).lun(form[0]);
                RawPdu early = write(initiator, 0, 1).lun(form[0]).data(ones(512));
                initiator.send(early);
                assertEquals(COMPLETE, initiator.taskManagement(function, form[1], RawPdu.RESERVED_TAG, 0));
                initiator.send(before);
                initiator.finish(before.taskTag(), null);
                RawPdu next = testUnitReady(initiator);
                initiator.send(next);
                assertEquals(
                        next.taskTag(), initiator.expect(RawPdu.SCSI_RESPONSE).taskTag());
                initiator.logout();
            }
        }
        assertUntouched(server);
    }

    /** 11.5: as the other one, for commands that wait for memory. */
    @Test
    public void bothFormsOfALunAreOneUnitForWhatWaits() throws IOException {
        TestInitiator initiator = server.login();
        server.store().hold();
        // Two take all that a connection may ask for.
        for (int i = 0; i < 3; i++) {
            initiator.send(read(initiator, 0, (int) BLOCKS).lun(LUN_0_FLAT));
        }
        initiator.send(write(initiator, 0, 1).lun(LUN_0_FLAT).data(ones(512)));
        initiator.send(initiator.taskManagementRequest(LOGICAL_UNIT_RESET, LUN_0, RawPdu.RESERVED_TAG, 0));
        initiator.send(ping(initiator, new byte[0]).immediate());
        initiator.cmdSn(initiator.cmdSn() - 1);
        initiator.expect(RawPdu.NOP_IN);
        server.store().letGo();
        assertEquals(COMPLETE, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE).int8(2));
        initiator.ping(new byte[0]);
        assertUntouched(server);
    }

    /** 11.5: as the other one, for one command that waits for its turn, and one that has begun. */
    @Test
    public void aTaskMayBeNamedByTheOtherFormOfItsLun() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1).lun(LUN_0_FLAT);
        begin(initiator, write);
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, LUN_0, write.taskTag(), write.int32(24)));
        RawPdu before = testUnitReady(initiator);
        RawPdu early = write(initiator, 0, 1).lun(LUN_0_FLAT).data(ones(512));
        initiator.send(early);
        assertEquals(COMPLETE, initiator.taskManagement(ABORT_TASK, LUN_0, early.taskTag(), early.int32(24)));
        initiator.send(before);
        initiator.finish(before.taskTag(), null).expectGood();
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        assertUntouched(server);
    }

    /** 11.6: a warm reset ends all tasks and keeps the session, a cold one ends that too. */
    @Test
    public void targetResets() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu r2t = begin(initiator);
        assertEquals(COMPLETE, initiator.taskManagement(TARGET_WARM_RESET, LUN_0, RawPdu.RESERVED_TAG, 0));
        initiator.send(answer(initiator, r2t, ones(512)));
        initiator.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectSense(0x062903);
        begin(initiator);
        assertEquals(COMPLETE, initiator.taskManagement(TARGET_COLD_RESET, LUN_0, RawPdu.RESERVED_TAG, 0));
        initiator.expectClosed();
        TestServer.until(() -> server.server().sessions().isEmpty());
        assertUntouched(server);
    }

    /** 11.6: a reset that would hit another initiator is refused to who may not, and costs nobody a command. */
    @Test
    public void targetResetsThatAreNotAuthorized() throws IOException {
        TestInitiator initiator = server.login();
        TestInitiator other = server.login("iqn.2026-11.io.sluice:other");
        RawPdu mine = write(initiator, 0, 1);
        RawPdu myR2t = begin(initiator, mine);
        RawPdu theirs = write(other, 1, 1);
        RawPdu theirR2t = begin(other, theirs);
        for (int function : new int[] {TARGET_WARM_RESET, TARGET_COLD_RESET}) {
            assertEquals(NOT_AUTHORIZED, initiator.taskManagement(function, LUN_0, RawPdu.RESERVED_TAG, 0));
        }
        initiator.send(answer(initiator, myR2t, ones(512)));
        expectGood(initiator, mine);
        other.send(answer(other, theirR2t, ones(512)));
        expectGood(other, theirs);
    }

    /** 11.7: TASK REASSIGN is not supported at ErrorRecoveryLevel 0, and functions that do not exist are refused. */
    @Test
    public void functionsThatAreNotOffered() throws IOException {
        TestInitiator initiator = server.login();
        RawPdu write = write(initiator, 0, 1);
        RawPdu r2t = begin(initiator, write);
        assertEquals(NO_REASSIGNMENT, initiator.taskManagement(TASK_REASSIGN, LUN_0, write.taskTag(), write.int32(24)));
        for (int function : new int[] {0, 9, 64, 127}) {
            assertEquals(NOT_SUPPORTED, initiator.taskManagement(function, LUN_0, write.taskTag(), write.int32(24)));
        }
        initiator.send(answer(initiator, r2t, ones(512)));
        expectGood(initiator, write);
    }
}
