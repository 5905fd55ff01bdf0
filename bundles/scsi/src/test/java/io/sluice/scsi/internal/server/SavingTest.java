package io.sluice.scsi.internal.server;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** A state that takes long to save keeps nobody waiting but the command that changes it; a change counts once it is saved. */
public class SavingTest {

    private static final String READ_KEYS = "5e 00 00 00 00 00 00 00 ff 00";

    private final TestUnit unit = TestUnit.thin();

    private TestTask register(Nexus nexus, int key) {
        byte[] list = new byte[24];
        list[15] = (byte) key;
        list[20] = 1;
        return unit.write(nexus, "5f 06 00 00 00 00 00 00 18 00", list);
    }

    private int keys() {
        return unit.run(READ_KEYS).expectGood().data()[7] / 8;
    }

    @Test
    public void aRegistrationCountsOnceItIsSaved() {
        Nexus other = unit.newNexus(2);
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask first = register(unit.nexus, 7).expectRunning();
        TestTask second = register(other, 8).expectRunning();
        assertEquals(0, keys());
        unit.write10(0, new byte[512]).expectGood();
        unit.run("16 00 00 00 00 00").expectGood();
        unit.run("17 00 00 00 00 00").expectGood();
        saving.complete(null);
        first.expectGood();
        second.expectGood();
        assertEquals(2, keys());
        assertEquals(2, unit.state.load().registrations().size());
    }

    @Test
    public void whatCannotBeSavedDoesNotCountAndTheNextOneMay() {
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask first = register(unit.nexus, 7).expectRunning();
        saving.completeExceptionally(new java.io.IOException("on purpose"));
        first.expectSense(Sense.INTERNAL_TARGET_FAILURE);
        assertEquals(0, keys());
        register(unit.nexus, 7).expectGood();
        assertEquals(1, keys());
    }

    @Test
    public void aNexusEndsWithoutWaitingForIt() {
        Nexus other = unit.newNexus(2);
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask task = register(other, 7).expectRunning();
        assertTrue(unit.target.close(other).toCompletableFuture().isDone());
        task.expectAborted();
        saving.complete(null);
        assertEquals("the change was made", 1, keys());
    }

    @Test
    public void aReserveThatConflictsIsToldWhenThoseBeforeItAreSaved() {
        Nexus other = unit.newNexus(2);
        register(unit.nexus, 7).expectGood();
        register(other, 8).expectGood();
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask mine = reserve(unit.nexus, 7).expectRunning();
        TestTask theirs = reserve(other, 8).expectRunning();
        saving.complete(null);
        mine.expectGood();
        theirs.expectStatus(Status.RESERVATION_CONFLICT);
    }

    private TestTask reserve(Nexus nexus, int key) {
        byte[] list = new byte[24];
        list[7] = (byte) key;
        return unit.write(nexus, "5f 01 03 00 00 00 00 00 18 00", list);
    }

    @Test
    public void savedModePages() {
        byte[] list = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a 00 10 00 40 00 00 ff ff 00 00");
        byte[] before = unit.run("1a 08 ca 00 ff 00").expectGood().data();
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask select = unit.write("15 11 00 00 10 00", list).expectRunning();
        assertArrayEquals(before, unit.run("1a 08 ca 00 ff 00").expectGood().data());
        saving.complete(null);
        select.expectGood();
        assertEquals(0x40, unit.run("1a 08 ca 00 ff 00").data()[9]);
    }

    @Test
    public void identifyingInformation() {
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask set = unit.write("a4 06 00 00 00 00 00 00 00 02 04 00", new byte[] {65, 66})
                .expectRunning();
        unit.run("a3 05 00 00 00 00 00 00 00 ff 04 00").expectGood().expectTransfer(4);
        saving.complete(null);
        set.expectGood();
        unit.run("a3 05 00 00 00 00 00 00 00 ff 04 00").expectGood().expectTransfer(6);
    }
}
