package io.sluice.scsi.internal.unit;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.RunningErasure;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.Test;

public class MediumErasureTest {

    private static final int BLOCKS = 8192;
    private static final String BLOCK_ERASE = "48 02 00 00 00 00 00 00 00 00";
    private static final String IMMEDIATE_BLOCK_ERASE = "48 82 00 00 00 00 00 00 00 00";
    private static final String EXIT_FAILURE_MODE = "48 1f 00 00 00 00 00 00 00 00";

    private TestUnit unit = TestUnit.with(new BlockGeometry(BLOCKS, 512));

    private static byte[] overwrite(int flags, String pattern) {
        byte[] bytes = HexFormat.of().parseHex(pattern);
        byte[] list = new byte[4 + bytes.length];
        list[0] = (byte) flags;
        list[2] = (byte) (bytes.length >> 8);
        list[3] = (byte) bytes.length;
        System.arraycopy(bytes, 0, list, 4, bytes.length);
        return list;
    }

    private TestTask overwrite(byte[] list) {
        return unit.write("48 01 00 00 00 00 00 " + TestUnit.hex(list.length, 2) + " 00", list);
    }

    private static byte[] repeated(String pattern) {
        byte[] bytes = HexFormat.of().parseHex(pattern);
        byte[] all = new byte[BLOCKS * 512];
        for (int i = 0; i < all.length; i++) {
            all[i] = bytes[i % 512 % bytes.length];
        }
        return all;
    }

    private void fill() {
        unit.write10(0, unit.pattern(BLOCKS, 3)).expectGood();
    }

    @Test
    public void blockEraseGivesEverythingBack() {
        fill();
        unit.run(BLOCK_ERASE).await().expectGood();
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
        assertEquals(1, unit.store.flushes);
        assertNull(unit.state.load().erasure());
        unit.read10(0, 1).expectGood();
    }

    @Test
    public void overwriteWritesThePatternInEveryBlock() {
        fill();
        overwrite(overwrite(1, "aabbcc")).await().expectGood();
        assertArrayEquals(repeated("aabbcc"), unit.store.bytes(0, BLOCKS));
        overwrite(overwrite(0x80 | 2, "0f")).await().expectGood();
        assertArrayEquals("inverted with the second pass", repeated("f0"), unit.store.bytes(0, BLOCKS));
        assertEquals("a pass is on the medium before the next one begins", 1 + 2, unit.store.flushes);
    }

    @Test
    public void cryptographicEraseLeavesZeros() {
        fill();
        unit.run("48 03 00 00 00 00 00 00 00 00").await().expectGood();
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void cryptographicEraseThrowsTheKeyAwayAndGivesEverythingBack() {
        unit.store.enable(CryptographicErase.class);
        fill();
        unit.store.calls.clear();
        unit.run("48 03 00 00 00 00 00 00 00 00").await().expectGood();
        assertEquals("erase key", unit.store.calls.get(0));
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
        assertFalse("nothing is written", unit.store.calls.stream().anyMatch(call -> call.startsWith("write")));
    }

    @Test
    public void cryptographicEraseOfAThickUnitIsTheKeyAlone() {
        unit = TestUnit.with(new UnitOptions(false, false, false));
        unit.store.enable(CryptographicErase.class);
        byte[] data = unit.pattern(8, 3);
        unit.write10(0, data).expectGood();
        unit.run("48 03 00 00 00 00 00 00 00 00").await().expectGood();
        assertArrayEquals("noise now, if it were encrypted", data, unit.store.bytes(0, 8));
        assertNull(unit.state.load().erasure());
    }

    @Test
    public void aKeyThatCannotBeThrownAwayIsAFailure() {
        unit.store.enable(CryptographicErase.class);
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erasure = unit.run("48 03 00 00 00 00 00 00 00 00");
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        erasure.await().expectSense(Sense.SANITIZE_COMMAND_FAILED);
    }

    @Test
    public void formatUnitLeavesZeros() {
        fill();
        unit.run("04 00 00 00 00 00").await().expectGood();
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
        unit.write("04 10 00 00 00 00", new byte[4]).await().expectGood();
        unit.write("04 10 00 00 00 00", new byte[] {0, 0x08, 0, 0}).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        unit.write("04 10 00 00 00 00", new byte[] {0, 0, 0, 8}).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    @Test
    public void formatOfAThickUnitWritesZeros() {
        unit = TestUnit.with(new UnitOptions(false, false, false));
        unit.write10(0, unit.pattern(2048, 3)).expectGood();
        unit.run("04 00 00 00 00 00").await().expectGood();
        assertArrayEquals(new byte[2048 * 512], unit.store.bytes(0, 2048));
        assertEquals(0, unit.store.unmaps);
    }

    @Test
    public void listsThatAreWrong() {
        for (int length = 0; length < 5; length++) {
            unit.write("48 01 00 00 00 00 00 00 " + TestUnit.hex(length, 1) + " 00", new byte[length])
                    .expectSense(Sense.INVALID_FIELD_IN_CDB)
                    .expectField(7, -1);
        }
        overwrite(new byte[517]).expectSense(Sense.INVALID_FIELD_IN_CDB);
        overwrite(overwrite(0, "00")).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] longer = overwrite(1, "0000");
        longer[3] = 3;
        overwrite(longer).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        unit.write("48 02 00 00 00 00 00 00 04 00", new byte[4]).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run("48 04 00 00 00 00 00 00 00 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void theMediumCannotBeUsedMeanwhile() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE);
        unit.read10(0, 1).expectSense(Sense.SANITIZE_IN_PROGRESS);
        unit.testUnitReady().expectSense(Sense.SANITIZE_IN_PROGRESS);
        unit.run("1b 00 00 00 01 00").expectSense(Sense.SANITIZE_IN_PROGRESS);
        unit.run(BLOCK_ERASE).expectSense(Sense.SANITIZE_IN_PROGRESS);
        byte[] sense = unit.run("03 00 00 00 ff 00").expectGood().data();
        assertEquals("02 04 1b 80", String.format("%02x %02x %02x %02x", sense[2], sense[12], sense[13], sense[15]));
        unit.run("12 00 00 00 ff 00").expectGood();
        held.complete(null);
        erase.await().expectGood();
    }

    @Test
    public void whoListensSeesHowFarItIsAndWhenItIsOver() {
        List<RunningErasure> begun = new ArrayList<>();
        unit.unit.listen(begun::add);
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE);
        assertEquals(1, begun.size());
        RunningErasure erasure = begun.get(0);
        assertFalse(erasure.format());
        assertEquals(0, erasure.progress().now(), 0);
        assertFalse(erasure.over().toCompletableFuture().isDone());
        held.complete(null);
        erase.await().expectGood();
        erasure.over().toCompletableFuture().join();
        assertEquals(1, erasure.progress().now(), 0);

        held = unit.store.holdNext();
        unit.run("48 22 00 00 00 00 00 00 00 00");
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        assertThrows(
                CompletionException.class,
                () -> begun.get(1).over().toCompletableFuture().join());
        unit.run(EXIT_FAILURE_MODE).expectGood();
        unit.run("04 00 00 00 00 00").await().expectGood();
        assertTrue(begun.get(2).format());
    }

    @Test
    public void neitherAbortNorResetStopsIt() {
        fill();
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE);
        unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, unit.nexus, 0, null)
                .toCompletableFuture()
                .join();
        erase.expectAborted();
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        unit.testUnitReady().expectSense(Sense.SANITIZE_IN_PROGRESS);
        held.complete(null);
        awaitEnd(unit);
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void aRestartBeginsAnew() throws Exception {
        fill();
        unit.store.holdNext();
        unit.run(IMMEDIATE_BLOCK_ERASE).expectGood();
        assertNotNull(unit.state.load().erasure());
        TestUnit restarted = unit.restarted();
        awaitEnd(restarted);
        assertArrayEquals(new byte[BLOCKS * 512], restarted.store.bytes(0, BLOCKS));
    }

    private static void awaitEnd(TestUnit erasing) {
        while (erasing.state.load().erasure() != null) {
            Thread.onSpinWait();
        }
    }

    @Test
    public void aWriteThatIsOnItsWayEndsFirstOrIsRefused() {
        TestTask slow = unit.send(unit.task(unit.nexus, "2a 00 00 00 00 00 00 00 01 00", new byte[512], 0)
                .holdData());
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE);
        slow.deliver();
        slow.expectSense(Sense.SANITIZE_IN_PROGRESS);
        held.complete(null);
        erase.await().expectGood();
    }

    @Test
    public void aFailureIsToldAndStaysUntilItIsLeft() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run("48 22 00 00 00 00 00 00 00 00");
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        erase.await().expectSense(Sense.SANITIZE_COMMAND_FAILED);
        unit.read10(0, 1).expectSense(Sense.SANITIZE_COMMAND_FAILED);
        assertNotNull("also after a restart", unit.state.load().erasure());
        unit.run(EXIT_FAILURE_MODE).expectGood();
        unit.read10(0, 1).expectGood();
    }

    @Test
    public void withoutAuseOnlyAnotherEraseLeavesAFailure() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE);
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        erase.await().expectSense(Sense.SANITIZE_COMMAND_FAILED);
        unit.run(EXIT_FAILURE_MODE).expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.run(BLOCK_ERASE).await().expectGood();
        unit.read10(0, 1).expectGood();
    }

    @Test(timeout = 60_000)
    public void aFailureAfterImmediateStatusIsADeferredError() {
        CompletableFuture<Void> held = unit.store.holdNext();
        Nexus other = unit.newNexus(2);
        unit.run(IMMEDIATE_BLOCK_ERASE).expectGood();
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        TestTask told = unit.testUnitReady();
        while (told.sense()[0] != 0x71) {
            told = unit.testUnitReady();
        }
        told.expectSense(Sense.SANITIZE_COMMAND_FAILED);
        assertEquals(0x71, told.sense()[0]);
        TestTask after = unit.testUnitReady().expectSense(Sense.SANITIZE_COMMAND_FAILED);
        assertEquals("once", 0x70, after.sense()[0]);
        assertEquals(0x70, unit.run(other, "00 00 00 00 00 00").sense()[0]);
    }

    @Test
    public void aFlushThatFailsAfterImmediateStatusIsADeferredError() {
        CompletableFuture<Void> held = unit.store.holdNext();
        unit.run("35 02 00 00 00 00 00 00 00 00").expectGood();
        held.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        TestTask told = unit.testUnitReady().expectSense(Sense.WRITE_ERROR);
        assertEquals(0x71, told.sense()[0]);
        unit.testUnitReady().expectGood();
    }

    @Test
    public void aStoreThatGoesEndsTheCommandButNotTheErasure() throws Exception {
        fill();
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask erase = unit.run(BLOCK_ERASE).expectRunning();
        while (unit.store.unmaps == 0) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> detached = unit.detach();
        held.completeExceptionally(new BackstoreException(Fault.NOT_READY, "it went"));
        erase.await().expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        detached.join();
        unit.attach();
        awaitEnd(unit);
        assertArrayEquals(new byte[BLOCKS * 512], unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void anErasureBeginsOnceThatIsSaved() {
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask erase = unit.run(IMMEDIATE_BLOCK_ERASE).expectRunning();
        unit.run(BLOCK_ERASE).expectSense(Sense.SANITIZE_IN_PROGRESS);
        unit.read10(0, 1).expectGood();
        saving.complete(null);
        erase.expectGood();
        awaitEnd(unit);
        unit.testUnitReady();
        while (unit.testUnitReady().status() != Status.GOOD) {
            Thread.onSpinWait();
        }
        unit.state.failing = true;
        unit.run(BLOCK_ERASE).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        unit.read10(0, 1).expectGood();
        unit.state.failing = false;
        unit.run(BLOCK_ERASE).await().expectGood();
    }

    @Test
    public void aReadOnlyUnitIsNotErased() {
        unit = TestUnit.with(new UnitOptions(true, true, false));
        unit.run(BLOCK_ERASE).expectSense(Sense.WRITE_PROTECTED);
        unit.run("04 00 00 00 00 00").expectSense(Sense.WRITE_PROTECTED);
    }
}
