package io.sluice.scsi.internal.task;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** SYNCHRONIZE CACHE with IMMED has its status at once, and its flush is awaited by everybody who has to. */
public class ImmediateFlushTest {

    private static final String IMMEDIATE = "35 02 00 00 00 00 00 00 00 00";
    private static final byte[] NONE = new byte[0];

    private final TestUnit unit = TestUnit.thin();

    private CompletableFuture<TaskManagementResponse> reset(TestUnit which) {
        return which.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, which.nexus, 0, null)
                .toCompletableFuture();
    }

    private TestTask ordered(TestUnit which) {
        return which.send(which.task(which.nexus, "00 00 00 00 00 00", NONE, 0).with(TaskAttribute.ORDERED));
    }

    @Test
    public void anOrderedCommandBehindItWaits() {
        CompletableFuture<Void> flushing = unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
        unit.read10(0, 1).expectGood();
        TestTask ordered = ordered(unit).expectRunning();
        flushing.complete(null);
        ordered.expectGood();
    }

    @Test
    public void aResetWaits() {
        CompletableFuture<Void> flushing = unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
        CompletableFuture<TaskManagementResponse> reset = reset(unit);
        assertFalse(reset.isDone());
        flushing.complete(null);
        assertEquals(TaskManagementResponse.FUNCTION_COMPLETE, reset.join());
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        unit.testUnitReady().expectGood();
    }

    @Test
    public void theEndOfTheSessionAndOfTheMappingWait() {
        CompletableFuture<Void> flushing = unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
        CompletableFuture<Void> unmapped = unit.target.unmap(0).toCompletableFuture();
        CompletableFuture<Void> closed = unit.target.close(unit.nexus).toCompletableFuture();
        assertFalse(unmapped.isDone());
        assertFalse(closed.isDone());
        flushing.complete(null);
        assertTrue(unmapped.isDone());
        assertTrue(closed.isDone());
    }

    @Test
    public void theStoreStaysOpen() {
        CompletableFuture<Void> flushing = unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
        CompletableFuture<Void> detached = unit.detach();
        assertFalse(detached.isDone());
        flushing.complete(null);
        assertTrue(detached.isDone());
    }

    @Test
    public void aFailureIsADeferredErrorOfItsInitiatorAlone() {
        Nexus other = unit.newNexus(2);
        CompletableFuture<Void> flushing = unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
        flushing.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        unit.run(other, "00 00 00 00 00 00").expectGood();
        TestTask told = unit.testUnitReady().expectSense(Sense.WRITE_ERROR);
        assertEquals("deferred", 0x71, told.sense()[0] & 0x7F);
        unit.testUnitReady().expectGood();
        unit.run(IMMEDIATE).expectSense(Sense.WRITE_ERROR);
    }

    @Test
    public void aFlushThatHasFailedAlreadyIsNotGood() {
        CompletableFuture<Void> flushing = unit.store.holdNext();
        flushing.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        TestTask flush = unit.run(IMMEDIATE).expectSense(Sense.WRITE_ERROR);
        assertEquals("not deferred", 0x70, flush.sense()[0] & 0x7F);
        unit.testUnitReady().expectGood();
    }

    @Test
    public void aFlushThatIsGivenUpIsToldAndNobodyWaitsForItAnyMore() {
        TestUnit hasty = TestUnit.withDeadline(Duration.ofMillis(100));
        CompletableFuture<Void> flushing = hasty.store.holdNext();
        TestTask flush = hasty.run(IMMEDIATE).expectGood();
        assertEquals(TaskManagementResponse.FUNCTION_REJECTED, reset(hasty).join());
        flush.expectKept(0);
        flushing.complete(null);
        flush.expectKept(0);
    }

    @Test
    public void onlySoManyGoOnAfterTheirStatus() {
        List<CompletableFuture<Void>> flushing = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            flushing.add(unit.store.holdNext());
            unit.run(IMMEDIATE).expectGood();
        }
        flushing.add(unit.store.holdNext());
        TestTask late = unit.run(IMMEDIATE).expectRunning();
        flushing.forEach(flush -> flush.complete(null));
        late.expectGood();
        unit.store.holdNext();
        unit.run(IMMEDIATE).expectGood();
    }
}
