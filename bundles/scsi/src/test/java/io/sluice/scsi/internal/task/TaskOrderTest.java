package io.sluice.scsi.internal.task;

import static org.junit.Assert.assertEquals;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Task attributes (SAM-5 8.6), and what the Control mode page makes of errors. */
public class TaskOrderTest {

    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private final TestUnit unit = TestUnit.thin();

    private TestTask read(TaskAttribute attribute) {
        return unit.send(unit.task(unit.nexus, READ, new byte[0], 512).with(attribute));
    }

    private void control(String page) {
        unit.write("15 10 00 00 10 00", HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a " + page))
                .expectGood();
    }

    @Test
    public void simpleTasksPassEachOther() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask first = read(TaskAttribute.SIMPLE).expectRunning();
        read(TaskAttribute.SIMPLE).expectGood();
        held.complete(null);
        first.expectGood();
    }

    @Test
    public void anOrderedTaskWaitsAndIsWaitedFor() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask older = read(TaskAttribute.SIMPLE).expectRunning();
        TestTask ordered = read(TaskAttribute.ORDERED).expectRunning();
        TestTask newer = read(TaskAttribute.SIMPLE).expectRunning();
        held.complete(null);
        older.expectGood();
        ordered.expectGood();
        newer.expectGood();
    }

    @Test
    public void headOfQueuePassesThoseThatWait() {
        CompletableFuture<Void> held = unit.store.holdNext();
        read(TaskAttribute.SIMPLE).expectRunning();
        TestTask ordered = read(TaskAttribute.ORDERED).expectRunning();
        read(TaskAttribute.HEAD_OF_QUEUE).expectGood();
        ordered.expectRunning();
        held.complete(null);
        ordered.expectGood();
    }

    @Test
    public void headOfQueueIsWaitedFor() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask first = read(TaskAttribute.HEAD_OF_QUEUE).expectRunning();
        TestTask simple = read(TaskAttribute.SIMPLE).expectRunning();
        held.complete(null);
        first.expectGood();
        simple.expectGood();
    }

    @Test
    public void autoContingentAllegianceIsRefused() {
        read(TaskAttribute.ACA).expectSense(Sense.INVALID_MESSAGE_ERROR);
        read(TaskAttribute.SIMPLE).expectGood();
    }

    @Test
    public void anAbortedOrderedTaskLetsTheOthersGo() {
        CompletableFuture<Void> held = unit.store.holdNext();
        read(TaskAttribute.SIMPLE).expectRunning();
        TestTask ordered = read(TaskAttribute.ORDERED).expectRunning();
        TestTask newer = read(TaskAttribute.SIMPLE).expectRunning();
        unit.target
                .manage(TaskManagementFunction.ABORT_TASK, unit.nexus, 0, ordered)
                .toCompletableFuture()
                .join();
        ordered.expectAborted();
        newer.expectGood();
        held.complete(null);
    }

    @Test
    public void restrictedReorderingKeepsTheOrder() {
        control("00 00 00 00 00 00 ff ff 00 00");
        CompletableFuture<Void> held = unit.store.holdNext();
        read(TaskAttribute.SIMPLE).expectRunning();
        TestTask second = read(TaskAttribute.SIMPLE).expectRunning();
        held.complete(null);
        second.expectGood();
    }

    @Test
    public void queueErrorManagement() {
        Nexus other = unit.newNexus(2);
        control("00 12 00 00 00 00 ff ff 00 00");
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.MODE_PARAMETERS_CHANGED);
        TestTask theirs = unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
        TestTask mine = unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        unit.run("28 00 ff ff ff ff 00 00 01 00").expectSense(Sense.LBA_OUT_OF_RANGE);
        mine.expectAborted();
        theirs.expectAborted();
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        control("00 16 00 00 00 00 ff ff 00 00");
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.MODE_PARAMETERS_CHANGED);
        TestTask spared = unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
        TestTask hit = unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        unit.run("28 00 ff ff ff ff 00 00 01 00").expectSense(Sense.LBA_OUT_OF_RANGE);
        hit.expectAborted();
        spared.expectRunning().deliver();
        spared.expectGood();
    }

    @Test
    public void unitAttentionInterlock() {
        control("00 10 20 00 00 00 ff ff 00 00");
        Nexus other = unit.open(2);
        for (int i = 0; i < 3; i++) {
            unit.run(other, "00 00 00 00 00 00").expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        }
        assertEquals(0x29, unit.run(other, "03 00 00 00 ff 00").expectGood().data()[12]);
        unit.run(other, "00 00 00 00 00 00").expectGood();
        control("00 10 30 00 00 00 ff ff 00 00");
        unit.run(other, "03 00 00 00 ff 00").expectGood();
        unit.run("16 00 00 00 00 00").expectGood();
        unit.run(other, "00 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        assertEquals(0x2C, unit.run(other, "03 00 00 00 ff 00").data()[12]);
    }

    @Test
    public void resetWithTaskAbortedStatus() {
        control("00 10 00 40 00 00 ff ff 00 00");
        Nexus other = unit.newNexus(2);
        TestTask theirs = unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
        TestTask mine = unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, 0, null)
                .toCompletableFuture()
                .join();
        theirs.expectStatus(Status.TASK_ABORTED);
        mine.expectAborted();
    }

    @Test
    public void reservedValuesOfTheControlPageAreRefused() {
        for (String page : new String[] {"00 14 00 00", "00 10 10 00"}) {
            byte[] list = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a " + page + " 00 00 ff ff 00 00");
            unit.write("15 10 00 00 10 00", list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        }
    }

    @Test
    public void savedValuesSurviveAResetAndARestart() {
        byte[] list = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a 00 10 00 40 00 00 ff ff 00 00");
        unit.write("15 11 00 00 10 00", list).expectGood();
        byte[] notSaved = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a 04 10 00 40 00 00 ff ff 00 00");
        unit.write("15 10 00 00 10 00", notSaved).expectGood();
        assertEquals(0x04, unit.run("1a 08 0a 00 ff 00").data()[6]);
        assertEquals(0x00, unit.run("1a 08 ca 00 ff 00").data()[6]);
        TestUnit restarted = unit.restarted();
        assertEquals(0x00, restarted.run("1a 08 0a 00 ff 00").data()[6]);
        assertEquals(0x40, restarted.run("1a 08 0a 00 ff 00").data()[9]);
        assertEquals(
                "defaults are as ever", 0x00, restarted.run("1a 08 8a 00 ff 00").data()[9]);
    }
}
