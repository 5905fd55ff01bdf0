package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.internal.tpc.CopyLists;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** Commands of several steps, during which the operator gives the unit other blocks. */
public class ExchangedMediumTest {

    private static final int BLOCKS = 2048;
    private static final String COMPARE_AND_WRITE = "89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";
    private static final String ORWRITE = "8b 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";
    private static final String WRITE_ATOMIC = "9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";

    private TestUnit unit;
    private HeapBackstore other;

    private void begin() {
        unit = TestUnit.patient(new BlockGeometry(BLOCKS, 512));
        other = new HeapBackstore(new BlockGeometry(BLOCKS, 512));
    }

    private CompletableFuture<Void> exchange() throws BackstoreException {
        return unit.unit
                .volume()
                .exchange(other, Duration.ofSeconds(10), old -> {
                    assertTrue(unit.unit.leaveMedium());
                    unit.unit.mediumExchanged();
                    return Backstore.done();
                })
                .done()
                .toCompletableFuture();
    }

    private static byte[] sevens(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 7);
        return data;
    }

    private static byte[] expectedAndNew() {
        byte[] both = new byte[1024];
        Arrays.fill(both, 512, 1024, (byte) 7);
        return both;
    }

    private void expectUntouched() {
        assertArrayEquals(new byte[BLOCKS * 512], other.bytes(0, BLOCKS));
        assertFalse(other.calls.toString(), other.calls.stream().anyMatch(call -> call.startsWith("write")));
    }

    private static final Map<String, byte[]> COMMANDS = Map.of(
            COMPARE_AND_WRITE, expectedAndNew(), ORWRITE, sevens(512), WRITE, sevens(100), WRITE_ATOMIC, sevens(512));

    @Test
    public void whatWasReadOfTheFormerBlocksIsNotWrittenToTheOthers() throws Exception {
        for (String cdb : COMMANDS.keySet()) {
            begin();
            CompletableFuture<Void> reading = unit.store.holdNext();
            TestTask task = unit.write(cdb, COMMANDS.get(cdb)).expectRunning();
            CompletableFuture<Void> exchanged = exchange();
            reading.complete(null);
            exchanged.join();
            task.expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
            expectUntouched();
            unit.testUnitReady().expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
            unit.write(cdb, COMMANDS.get(cdb)).expectGood();
        }
    }

    /** The exchange has begun, and waits for somebody else, when the second step comes. */
    @Test
    public void norWhenItWaitsForTheOthers() throws Exception {
        for (String cdb : COMMANDS.keySet()) {
            begin();
            CompletableFuture<Void> reading = unit.store.holdNext();
            TestTask task = unit.write(cdb, COMMANDS.get(cdb)).expectRunning();
            CompletableFuture<Void> readingElsewhere = unit.store.holdNext();
            TestTask elsewhere = unit.read10(100, 1).expectRunning();
            CompletableFuture<Void> exchanged = exchange();
            reading.complete(null);
            task.expectRunning();
            readingElsewhere.complete(null);
            exchanged.join();
            elsewhere.expectGood();
            task.expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
            expectUntouched();
        }
    }

    /** A plain write is what its initiator wants to be there, and was never anywhere else. */
    @Test
    public void aPlainWriteWaitsForTheOtherBlocks() throws Exception {
        begin();
        CompletableFuture<Void> reading = unit.store.holdNext();
        TestTask read = unit.read10(100, 1).expectRunning();
        CompletableFuture<Void> exchanged = exchange();
        TestTask write = unit.write(WRITE, sevens(512)).expectRunning();
        reading.complete(null);
        exchanged.join();
        read.expectGood();
        write.expectGood();
        assertArrayEquals(sevens(512), other.bytes(0, 1));
    }

    /** Of a command that is done in part to each, nobody would know what it has done. */
    @Test
    public void whatHasBegunOnTheFormerBlocksDoesNotGoOnWithTheOthers() throws Exception {
        byte[] two = new byte[40];
        two[1] = 38;
        two[3] = 32;
        two[19] = 1;
        two[31] = 9;
        two[35] = 1;
        Map<String, byte[]> commands =
                Map.of("42 00 00 00 00 00 00 00 28 00", two, "2e 02 00 00 00 00 00 00 01 00", sevens(512));
        for (String cdb : commands.keySet()) {
            begin();
            CompletableFuture<Void> changing = unit.store.holdNext();
            TestTask task = unit.write(cdb, commands.get(cdb)).expectRunning();
            CompletableFuture<Void> exchanged = exchange();
            changing.complete(null);
            exchanged.join();
            task.expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
            assertEquals(0, other.unmaps);
            expectUntouched();
        }
    }

    @Test
    public void aWriteWhoseDataComesLateIsNotForTheOthers() throws Exception {
        begin();
        TestTask late = unit.send(unit.task(unit.nexus, WRITE, sevens(512), 0).holdData());
        exchange().join();
        late.deliver();
        late.expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
        expectUntouched();
    }

    @Test(timeout = 60_000)
    public void aCopyEndsWithTheBlocksThatItBeganWith() throws Exception {
        for (boolean waits : new boolean[] {false, true}) {
            begin();
            unit.write10(0, sevens(512)).expectGood();
            byte[] list = CopyLists.list(
                    1, new byte[][] {CopyLists.target(TestUnit.IDENTITY)}, CopyLists.segment(0, 0, 1, 0, 100));
            CompletableFuture<Void> readingElsewhere = unit.store.holdNext();
            TestTask elsewhere = unit.read10(200, 1).expectRunning();
            CompletableFuture<Void> reading = unit.store.holdNext();
            TestTask copy =
                    unit.write("83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00", list);
            while (unit.unit.volume().status().running() < 2) {
                Thread.onSpinWait();
            }
            CompletableFuture<Void> exchanged = exchange();
            (waits ? reading : readingElsewhere).complete(null);
            (waits ? readingElsewhere : reading).complete(null);
            exchanged.join();
            elsewhere.expectGood();
            copy.await().expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
            expectUntouched();
        }
    }

    /** What is in the blocks of an atomic write that has failed is known no more where the blocks are others. */
    @Test
    public void anAtomicWriteThatFailsIsNotUndoneInTheOthers() throws Exception {
        for (boolean waits : new boolean[] {false, true}) {
            begin();
            byte[] restored = unit.pattern(1, 5);
            other.write(0, new ByteBuffer[] {ByteBuffer.wrap(restored)}, Durability.CACHED);
            CompletableFuture<Void> readingElsewhere = unit.store.holdNext();
            TestTask elsewhere = unit.read10(100, 1).expectRunning();
            CompletableFuture<Void> reading = unit.store.holdNext();
            TestTask atomic = unit.write(WRITE_ATOMIC, sevens(512)).expectRunning();
            CompletableFuture<Void> writing = unit.store.holdNext();
            reading.complete(null);
            if (!waits) {
                readingElsewhere.complete(null);
            }
            CompletableFuture<Void> exchanged = exchange();
            writing.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
            readingElsewhere.complete(null);
            exchanged.join();
            elsewhere.expectGood();
            atomic.expectSense(Sense.WRITE_ERROR);
            assertArrayEquals(restored, other.bytes(0, 1));
            unit.testUnitReady().expectSense(Sense.MEDIUM_MAY_HAVE_CHANGED);
            unit.read10(0, 1).expectGood();
            assertEquals("", unit.unit.volume().status().health().reason());
        }
    }

    @Test
    public void aMediumThatIsBeingErasedIsNotLeft() {
        begin();
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask format = unit.run("04 00 00 00 00 00").expectRunning();
        assertFalse("it is about to begin", unit.unit.leaveMedium());
        CompletableFuture<Void> erasing = unit.store.holdNext();
        saving.complete(null);
        assertFalse(unit.unit.leaveMedium());
        erasing.complete(null);
        format.expectGood();
        assertTrue(unit.unit.leaveMedium());
    }
}
