package io.sluice.scsi.internal.task;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.Lun;
import io.sluice.scsi.ModeTestData;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.target.LogicalUnit;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class TaskManagementTest {

    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private final TestUnit unit = TestUnit.thin();

    private CompletableFuture<TaskManagementResponse> manage(
            TaskManagementFunction function, Nexus nexus, TestTask task) {
        return unit.target.manage(function, nexus, 0, task).toCompletableFuture();
    }

    @Test
    public void abortOfATaskThatWaitsForDataEndsItAtOnceAndWritesNothing() {
        TestTask task =
                unit.send(unit.task(unit.nexus, WRITE, unit.pattern(1, 1), 0).holdData());
        task.expectRunning();
        assertEquals(
                TaskManagementResponse.FUNCTION_COMPLETE,
                manage(TaskManagementFunction.ABORT_TASK, unit.nexus, task).join());
        task.expectAborted();
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
    }

    @Test
    public void abortOfATaskInTheStoreIsCompleteOnlyWhenTheStoreIs() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        var response = manage(TaskManagementFunction.ABORT_TASK, unit.nexus, task);
        assertFalse(response.isDone());
        held.complete(null);
        assertEquals(TaskManagementResponse.FUNCTION_COMPLETE, response.join());
        task.expectAborted();
    }

    @Test
    public void abortOfATaskThatHasEnded() {
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectGood();
        assertEquals(
                TaskManagementResponse.TASK_DOES_NOT_EXIST,
                manage(TaskManagementFunction.ABORT_TASK, unit.nexus, task).join());
        assertEquals(
                TaskManagementResponse.TASK_DOES_NOT_EXIST,
                manage(TaskManagementFunction.ABORT_TASK, unit.nexus, null).join());
    }

    @Test
    public void abortTaskSetLeavesOtherNexusesAlone() {
        Nexus other = unit.newNexus(2);
        TestTask mine = unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        TestTask theirs = unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
        manage(TaskManagementFunction.ABORT_TASK_SET, unit.nexus, null).join();
        mine.expectAborted();
        theirs.expectRunning().deliver();
        theirs.expectGood();
    }

    @Test
    public void clearTaskSetTellsThoseWhoseTasksWereLost() {
        Nexus other = unit.newNexus(2);
        Nexus idle = unit.newNexus(3);
        TestTask theirs = unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
        manage(TaskManagementFunction.CLEAR_TASK_SET, unit.nexus, null).join();
        theirs.expectAborted();
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        unit.run(idle, "00 00 00 00 00 00").expectGood();
        unit.testUnitReady().expectGood();
    }

    @Test
    public void resetTellsEveryNexusOnceAndRestoresModePages() {
        Nexus other = unit.newNexus(2);
        unit.write("15 10 00 00 10 00", ModeTestData.control("04", "00")).expectGood();
        manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, null).join();
        for (Nexus nexus : new Nexus[] {unit.nexus, other}) {
            unit.run(nexus, "00 00 00 00 00 00").expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        }
        unit.run(unit.nexus, "00 00 00 00 00 00").expectGood();
        unit.run("1a 08 0a 00 ff 00").expectGood();
        assertEquals(0, unit.run("1a 08 0a 00 ff 00").data()[4 + 2] & 0x04);
    }

    @Test
    public void targetResetReachesEveryUnit() {
        LogicalUnit second = new LogicalUnit(
                TestUnit.volume("second", unit.store.geometry()),
                TestUnit.IDENTITY,
                new UnitOptions(true, false, false));
        unit.target.map(7, second, false);
        unit.testUnitReady().expectSense(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        TestTask first = new TestTask(unit.nexus, Lun.encode(7), new byte[6], new byte[0], 0);
        unit.send(first).expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        manage(TaskManagementFunction.TARGET_RESET, unit.nexus, null).join();
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        unit.send(new TestTask(unit.nexus, Lun.encode(7), new byte[6], new byte[0], 0))
                .expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }

    @Test
    public void unknownLunAndFunctionsWithoutMeaning() {
        assertEquals(
                TaskManagementResponse.INCORRECT_LUN,
                unit.target
                        .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, Lun.encode(9), null)
                        .toCompletableFuture()
                        .join());
        assertEquals(
                TaskManagementResponse.FUNCTION_NOT_SUPPORTED,
                manage(TaskManagementFunction.CLEAR_ACA, unit.nexus, null).join());
    }

    @Test
    public void closeOfANexusWaitsForItsTasks() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        CompletableFuture<Void> closed = unit.target.close(unit.nexus).toCompletableFuture();
        assertFalse(closed.isDone());
        held.complete(null);
        assertTrue(closed.isDone());
        task.expectAborted();
    }

    @Test
    public void detachWaitsForTheTasksOnTheStoreAndRefusesNewOnes() throws Exception {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        CompletableFuture<Void> detached = unit.detach();
        unit.read10(0, 1).expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        assertFalse(detached.isDone());
        held.complete(null);
        assertTrue(detached.isDone());
        task.expectGood();
        unit.attach();
        unit.read10(0, 1).expectGood();
    }

    @Test
    public void aLongCommandStopsBetweenItsOperationsWhenAborted() {
        unit.write10(0, unit.pattern(2, 1)).expectGood();
        CompletableFuture<Void> held = unit.store.holdNext();
        byte[] list = java.util.HexFormat.ofDelimiter(" ")
                .parseHex("00 26 00 20 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00 "
                        + "00 00 00 00 00 00 00 01 00 00 00 01 00 00 00 00");
        TestTask task = unit.write("42 00 00 00 00 00 00 00 28 00", list).expectRunning();
        var response = manage(TaskManagementFunction.ABORT_TASK, unit.nexus, task);
        held.complete(null);
        assertTrue(response.isDone());
        assertEquals(1, unit.store.unmaps);
    }
}
