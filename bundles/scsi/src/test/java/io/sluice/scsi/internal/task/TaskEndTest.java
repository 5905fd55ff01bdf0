package io.sluice.scsi.internal.task;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.junit.Test;

/** How tasks end: whatever a store does, however many wait, and whoever aborts them (SAM-5 5.6). */
public class TaskEndTest {

    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private TestUnit unit = TestUnit.thin();

    /** A store whose next read does what it likes. */
    private static final class OddBackstore extends ForwardingBackstore {
        private Supplier<CompletionStage<Void>> next;

        private OddBackstore(Backstore store) {
            super(store);
        }

        @Override
        protected boolean passes(Class<?> ability) {
            return true;
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            Supplier<CompletionStage<Void>> odd = next;
            next = null;
            return odd == null ? super.read(lba, destination) : odd.get();
        }
    }

    private TestTask readOddly(Supplier<CompletionStage<Void>> behaviour) {
        OddBackstore odd = new OddBackstore(unit.store);
        unit.detach();
        unit.unit.volume().attach(odd).toCompletableFuture().join();
        odd.next = behaviour;
        return unit.read10(0, 1);
    }

    @Test
    public void aStoreThatThrowsHarmsItsOwnTaskOnly() throws Exception {
        for (Throwable odd : List.of(
                new IllegalStateException("on purpose"),
                new StackOverflowError("on purpose"),
                new OutOfMemoryError("on purpose"),
                new NoClassDefFoundError("on purpose"))) {
            readOddly(() -> {
                        if (odd instanceof Error error) {
                            throw error;
                        }
                        throw (RuntimeException) odd;
                    })
                    .expectSense(Sense.INTERNAL_TARGET_FAILURE);
            readOddly(() -> CompletableFuture.failedFuture(odd)).expectSense(Sense.INTERNAL_TARGET_FAILURE);
            unit.read10(0, 1).expectGood();
        }
    }

    @Test
    public void aStoreThatReturnsNoStageHarmsItsOwnTaskOnly() throws Exception {
        readOddly(() -> null).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        unit.read10(0, 1).expectGood();
    }

    /** A stage that tells everybody twice. */
    private static final class Stutter extends CompletableFuture<Void> {
        private final List<BiConsumer<? super Void, ? super Throwable>> told = new ArrayList<>();

        @Override
        public CompletableFuture<Void> whenComplete(BiConsumer<? super Void, ? super Throwable> action) {
            told.add(action);
            return this;
        }

        private void tell(Throwable failure) {
            told.forEach(action -> action.accept(null, failure));
        }
    }

    @Test
    public void aStoreThatCompletesTwiceHarmsNobody() throws Exception {
        Stutter stutter = new Stutter();
        TestTask task = readOddly(() -> stutter).expectRunning();
        stutter.tell(null);
        stutter.tell(new IllegalStateException("on purpose"));
        task.expectGood();
        Stutter verify = new Stutter();
        OddBackstore odd = new OddBackstore(unit.store);
        unit.detach();
        unit.unit.volume().attach(odd).toCompletableFuture().join();
        odd.next = () -> verify;
        TestTask verifying = unit.run("2f 00 00 00 00 00 00 04 00 00").expectRunning();
        verify.tell(null);
        verify.tell(null);
        verifying.expectGood();
        unit.read10(0, 1).expectGood();
    }

    @Test
    public void manyOrderedTasksBehindOneThatWaits() throws Exception {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask first = unit.run(READ).expectRunning();
        List<TestTask> tasks = new ArrayList<>();
        for (int session = 0; session < 16; session++) {
            Nexus nexus = unit.open(100 + session);
            for (int i = 0; i < 1_000; i++) {
                tasks.add(unit.send(unit.task(nexus, READ, new byte[0], 512).with(TaskAttribute.ORDERED)));
            }
        }
        Thread small = new Thread(null, () -> held.complete(null), "small stack", 256 << 10);
        small.start();
        small.join();
        first.expectGood();
        tasks.forEach(task -> assertTrue("answered", task.ended()));
        unit.read10(0, 1).expectGood();
    }

    private static final String UNMAP_1000_4 =
            "00 16 00 10 00 00 00 00 00 00 00 00 00 00 03 e8 00 00 00 04 00 00 00 00";

    @Test
    public void unmapHoldsBackNobodyElsewhere() {
        CompletableFuture<Void> held = unit.store.holdNext();
        byte[] list = HexFormat.ofDelimiter(" ").parseHex(UNMAP_1000_4);
        TestTask unmap = unit.write("42 00 00 00 00 00 00 00 18 00", list).expectRunning();
        unit.write("89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", new byte[1024])
                .expectGood();
        TestTask there = unit.write("89 00 00 00 00 00 00 00 03 eb 00 00 00 01 00 00", new byte[1024]);
        there.expectRunning();
        held.complete(null);
        unmap.expectGood();
        there.expectGood();
    }

    @Test
    public void unmapOfMoreThanIsAnnouncedInAllIsRefused() {
        byte[] list = new byte[8 + 16 * 2];
        list[3] = 32;
        for (int offset = 8; offset < list.length; offset += 16) {
            list[offset + 9] = 0x08;
            list[offset + 11] = 1;
        }
        TestUnit large = TestUnit.with(new io.sluice.backstore.BlockGeometry(0x80001, 512));
        large.write("42 00 00 00 00 00 00 00 28 00", list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    /** Its nexus closes after the task has looked at it and before the task looks again. */
    @Test
    public void aTaskThatEntersWhileItsNexusClosesDoesNothing() {
        for (TaskAttribute attribute : List.of(TaskAttribute.SIMPLE, TaskAttribute.ORDERED)) {
            writeWhileItsNexusCloses(attribute);
        }
    }

    @Test
    public void norDoesItWaitForItsTurn() {
        Nexus nexus = unit.newNexus(2);
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask first = unit.run(READ).expectRunning();
        TestTask task = unit.task(nexus, WRITE, unit.pattern(1, 1), 0).with(TaskAttribute.ORDERED);
        task.onThirdLookAtNexus = () -> unit.target.close(nexus);
        unit.send(task).expectAborted();
        held.complete(null);
        first.expectGood();
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
    }

    private void writeWhileItsNexusCloses(TaskAttribute attribute) {
        Nexus nexus = unit.newNexus(attribute.ordinal() + 50);
        TestTask task = unit.task(nexus, WRITE, unit.pattern(1, 1), 0).with(attribute);
        task.onThirdLookAtNexus = () -> unit.target.close(nexus);
        unit.send(task).expectAborted();
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
    }

    private void taskAbortedStatus(boolean set) {
        String page = set ? "00 10 00 40 00 00 ff ff 00 00" : "00 10 00 00 00 00 ff ff 00 00";
        unit.write("15 10 00 00 10 00", HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a " + page))
                .expectGood();
    }

    @Test
    public void othersGetTaskAbortedStatusOrAUnitAttention() {
        for (boolean status : new boolean[] {true, false}) {
            taskAbortedStatus(status);
            Nexus other = unit.newNexus(status ? 2 : 3);
            TestTask mine =
                    unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
            TestTask theirs =
                    unit.send(unit.task(other, WRITE, new byte[512], 0).holdData());
            manage(TaskManagementFunction.CLEAR_TASK_SET).join();
            mine.expectAborted();
            if (status) {
                theirs.expectStatus(Status.TASK_ABORTED);
                unit.run(other, "00 00 00 00 00 00").expectGood();
            } else {
                theirs.expectAborted();
                unit.run(other, "00 00 00 00 00 00").expectSense(Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
            }
        }
    }

    private CompletableFuture<TaskManagementResponse> manage(TaskManagementFunction function) {
        return unit.target.manage(function, unit.nexus, 0, null).toCompletableFuture();
    }

    /** A unit whose store is given up soon. */
    private void beImpatient() {
        unit = TestUnit.withDeadline(Duration.ofMillis(50));
    }

    @Test
    public void anOperationThatIsGivenUpEndsItsTaskButKeepsItsBuffers() {
        beImpatient();
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        CompletableFuture<TaskManagementResponse> reset = manage(TaskManagementFunction.LOGICAL_UNIT_RESET);
        assertEquals(TaskManagementResponse.FUNCTION_REJECTED, reset.join());
        task.expectAborted().expectKept(1);
        CompletableFuture<Void> closed = unit.target.close(unit.nexus).toCompletableFuture();
        assertTrue("what was given up does not keep a session", closed.isDone());
        CompletableFuture<Void> detached = unit.detach();
        assertFalse("but it keeps the store open", detached.isDone());
        held.completeExceptionally(new IllegalStateException("at last"));
        assertTrue(detached.isDone());
        task.expectKept(0);
    }

    @Test
    public void closeEndsWhenWhatIsLeftIsGivenUp() {
        beImpatient();
        unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        unit.target.close(unit.nexus).toCompletableFuture().join();
        task.expectAborted().expectKept(1);
    }

    @Test
    public void aTaskThatIsGivenUpWithoutAnAbortSaysSo() {
        beImpatient();
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.write(WRITE, unit.pattern(1, 1)).expectRunning();
        task.await().expectSense(Sense.COMMAND_TIMEOUT_DURING_PROCESSING).expectKept(1);
        unit.write(WRITE, unit.pattern(1, 2)).expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        unit.read10(0, 1).expectGood();
        assertEquals(
                "it may still be at the medium",
                TaskManagementResponse.FUNCTION_REJECTED,
                manage(TaskManagementFunction.LOGICAL_UNIT_RESET).join());
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        held.complete(null);
        task.expectKept(0);
        unit.write(WRITE, unit.pattern(1, 2)).expectGood();
    }
}
