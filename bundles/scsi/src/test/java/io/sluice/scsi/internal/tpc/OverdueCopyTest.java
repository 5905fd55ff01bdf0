package io.sluice.scsi.internal.tpc;

import static io.sluice.scsi.internal.tpc.CopyLists.list;
import static io.sluice.scsi.internal.tpc.CopyLists.ranges;
import static io.sluice.scsi.internal.tpc.CopyLists.segment;
import static io.sluice.scsi.internal.tpc.CopyLists.target;
import static org.junit.Assert.assertEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Test;

/** Copies to and from storage that does not answer in time: it may still use the buffer of the command. */
public class OverdueCopyTest {

    private static final UnitIdentity SECOND = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f8aa", "second");
    private static final int IN_PROGRESS = 0x10;

    private final TestUnit unit = TestUnit.withDeadline(Duration.ofMillis(50));

    @Before
    public void mapAPatientUnit() {
        var patient = unit.another("second", 'a', new HeapBackstore(new BlockGeometry(2048, 512)));
        unit.target.map(1, patient, false);
        run(0, "03 00 00 00 ff 00").expectGood();
        run(1, "03 00 00 00 ff 00").expectGood();
    }

    private TestTask run(int lun, String cdb) {
        return send(lun, cdb, new byte[0]);
    }

    private TestTask send(int lun, String cdb, byte[] data) {
        return unit.send(new TestTask(
                unit.nexus, (long) lun << 48, HexFormat.ofDelimiter(" ").parseHex(cdb), data, 1 << 16));
    }

    private TestTask copy(int from, int to) {
        byte[] list = list(7, new byte[][] {target(TestUnit.IDENTITY), target(SECOND)}, segment(from, to, 8, 0, 0));
        return send(1, "83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00", list);
    }

    private TestTask writeUsingToken(int flags) {
        byte[] source = ranges(14, 0, 8);
        send(1, "83 10 00 00 00 00 00 00 00 2a " + TestUnit.hex(source.length, 4) + " 00 00", source)
                .expectGood();
        byte[] token = run(1, "84 07 00 00 00 2a 00 00 00 00 00 00 02 26 00 00").data();
        byte[] list = ranges(534, 100, 8);
        list[2] = (byte) flags;
        System.arraycopy(Arrays.copyOfRange(token, 38, 38 + 512), 0, list, 16, 512);
        return send(0, "83 11 00 00 00 00 00 00 00 2b " + TestUnit.hex(list.length, 4) + " 00 00", list);
    }

    @Test
    public void aReadThatIsGivenUpKeepsTheBuffer() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = copy(0, 1).await();
        task.expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE).expectKept(1);
        held.complete(null);
        task.expectKept(0);
    }

    @Test
    public void soDoesAWrite() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = copy(1, 0).await();
        task.expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE).expectKept(1);
        held.complete(null);
        task.expectKept(0);
        held = unit.store.holdNext();
        task = writeUsingToken(0).await();
        task.expectSense(Sense.COMMAND_TIMEOUT_DURING_PROCESSING).expectKept(1);
        held.complete(null);
        task.expectKept(0);
    }

    /** The command has ended, and the copy that goes on without it ends too. */
    @Test(timeout = 60_000)
    public void soDoesTheWriteOfACopyWhoseStatusCameAtOnce() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = writeUsingToken(0x01).expectGood();
        while (run(0, "84 07 00 00 00 2b 00 00 00 00 00 00 00 ff 00 00").data()[5] == IN_PROGRESS) {
            Thread.onSpinWait();
        }
        assertEquals("the copy keeps it, and what was given up", 2, task.keeps());
        task.awaitKept(1);
        held.complete(null);
        task.expectKept(0);
    }

    @Test(timeout = 60_000)
    public void anAbortOfItsCommandIsNotComplete() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = copy(1, 0).expectRunning();
        while (unit.store.calls.isEmpty()) {
            Thread.onSpinWait();
        }
        TaskManagementResponse response = unit.target
                .manage(TaskManagementFunction.ABORT_TASK, unit.nexus, 1L << 48, task)
                .toCompletableFuture()
                .join();
        assertEquals(TaskManagementResponse.FUNCTION_REJECTED, response);
        task.expectAborted().expectKept(1);
        held.complete(null);
        task.expectKept(0);
    }
}
