package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.volume.move.DirtyMap;
import io.sluice.volume.move.Tap;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

public class AtomicCommandsTest {

    private static final String COMPARE_AND_WRITE = "89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";

    private final TestUnit unit = TestUnit.with(new BlockGeometry(2048, 512));

    private static byte[] both(byte[] expected, byte[] replacement) {
        byte[] both = Arrays.copyOf(expected, expected.length + replacement.length);
        System.arraycopy(replacement, 0, both, expected.length, replacement.length);
        return both;
    }

    private static byte[] filled(int length, int value) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) value);
        return data;
    }

    @Test
    public void compareAndWriteReplacesWhatIsAsExpected() {
        unit.write(COMPARE_AND_WRITE, both(new byte[512], filled(512, 7)))
                .expectGood()
                .expectTransfer(1024);
        assertArrayEquals(filled(512, 7), unit.store.bytes(0, 1));
        assertEquals(Durability.CACHED, unit.store.lastDurability);
        unit.write("89 08 00 00 00 00 00 00 00 00 00 00 00 01 00 00", both(filled(512, 7), filled(512, 8)))
                .expectGood();
        assertEquals(Durability.STABLE, unit.store.lastDurability);
    }

    /** What they overwrite would be kept aside as plain text, where no erase of the key reaches it. */
    @Test
    public void thereAreNoAtomicWritesWhereBlocksAreEncrypted() {
        String atomic = "9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";
        String limits = "12 01 b0 00 40 00";
        assertEquals(2048, ByteBuffer.wrap(unit.run(limits).expectGood().data()).getInt(44));
        unit.write(atomic, filled(512, 7)).expectGood();
        unit.store.enable(CryptographicErase.class);
        unit.write(atomic, filled(512, 8)).expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
        assertEquals(0, ByteBuffer.wrap(unit.run(limits).expectGood().data()).getInt(44));
        assertArrayEquals(filled(512, 7), unit.store.bytes(0, 1));
        unit.write(COMPARE_AND_WRITE, both(filled(512, 7), filled(512, 9))).expectGood();
    }

    @Test
    public void thereAreNoneWhileEncryptedBlocksAreMoved() {
        TestUnit moved = TestUnit.patient(new BlockGeometry(2048, 512));
        moved.store.enable(CryptographicErase.class);
        DirtyMap map = new DirtyMap(moved.store.geometry());
        moved.unit
                .volume()
                .wrap(store -> new Tap(store, map), Duration.ofSeconds(30))
                .toCompletableFuture()
                .join();
        moved.write("9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", filled(512, 7))
                .expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
        moved.run("48 03 00 00 00 00 00 00 00 00").await().expectGood();
        assertTrue(moved.store.calls.contains("erase key"));
        assertEquals(moved.store.geometry().sizeBytes(), map.markedBytes());
    }

    @Test
    public void itIsNoticedAlsoOfAStoreThatComesLate() {
        TestUnit patient = TestUnit.patient(new BlockGeometry(2048, 512));
        patient.detach();
        TestTask waiting = patient.write("9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", filled(512, 7));
        waiting.expectRunning();
        patient.store.enable(CryptographicErase.class);
        patient.attach();
        waiting.expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
    }

    @Test
    public void miscompareSaysWhereAndWritesNothing() {
        for (int offset : new int[] {0, 1, 255, 511}) {
            byte[] expected = new byte[512];
            expected[offset] = 1;
            unit.write(COMPARE_AND_WRITE, both(expected, filled(512, 9)))
                    .expectSense(Sense.MISCOMPARE_DURING_VERIFY_OPERATION)
                    .expectInformation(offset);
            assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
        }
    }

    @Test
    public void compareAndWriteOfAWrongLength() {
        for (int length : new int[] {0, 512, 1536, 2048}) {
            unit.write(COMPARE_AND_WRITE, new byte[length])
                    .expectSense(Sense.INVALID_FIELD_IN_CDB)
                    .expectField(13, -1);
        }
        unit.run("89 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00").expectGood();
    }

    @Test
    public void nobodyIsAtTheBlocksInBetween() {
        CompletableFuture<Void> reading = unit.store.holdNext();
        TestTask atomic = unit.write(COMPARE_AND_WRITE, both(new byte[512], filled(512, 7)));
        TestTask read = unit.run(READ).expectRunning();
        TestTask write = unit.write10(0, filled(512, 1)).expectRunning();
        TestTask elsewhere = unit.read10(1, 1).expectGood();
        TestTask second = unit.write(COMPARE_AND_WRITE, both(filled(512, 7), filled(512, 8)));
        second.expectRunning();
        reading.complete(null);
        atomic.expectGood();
        assertArrayEquals(filled(512, 7), Arrays.copyOf(read.expectGood().data(), 512));
        write.expectGood();
        elsewhere.expectGood();
        second.expectSense(Sense.MISCOMPARE_DURING_VERIFY_OPERATION);
    }

    @Test
    public void anAtomicCommandWaitsForThoseThatAreThere() {
        CompletableFuture<Void> reading = unit.store.holdNext();
        TestTask read = unit.run(READ).expectRunning();
        TestTask atomic = unit.write(COMPARE_AND_WRITE, both(new byte[512], filled(512, 7)))
                .expectRunning();
        reading.complete(null);
        read.expectGood();
        atomic.expectGood();
    }

    @Test
    public void aSlowInitiatorHoldsNobodyUp() {
        TestTask slow = unit.send(unit.task(unit.nexus, COMPARE_AND_WRITE, both(new byte[512], filled(512, 7)), 0)
                .holdData());
        unit.run(READ).expectGood();
        slow.expectRunning().deliver();
        slow.expectGood();
    }

    @Test
    public void anAbortedWaiterLetsTheOthersGo() {
        CompletableFuture<Void> reading = unit.store.holdNext();
        unit.run(READ).expectRunning();
        Nexus other = unit.newNexusDuring(2);
        TestTask atomic = unit.write(other, COMPARE_AND_WRITE, both(new byte[512], filled(512, 7)));
        TestTask behind = unit.run(READ).expectRunning();
        unit.target.close(other);
        atomic.expectAborted();
        behind.expectGood();
        reading.complete(null);
    }

    /** Eight threads add one to a number in a block, 10,000 times each, and none is lost. */
    @Test
    public void incrementsOfManySessions() throws Exception {
        int threads = 8;
        int each = 10_000;
        AtomicInteger conflicts = new AtomicInteger();
        Nexus[] nexuses = new Nexus[threads];
        for (int i = 0; i < threads; i++) {
            nexuses[i] = unit.newNexus(10 + i);
        }
        Thread[] running = new Thread[threads];
        for (int i = 0; i < threads; i++) {
            Nexus nexus = nexuses[i];
            running[i] = new Thread(() -> {
                for (int done = 0; done < each; ) {
                    byte[] now = Arrays.copyOf(
                            unit.send(unit.task(nexus, READ, new byte[0], 512))
                                    .await()
                                    .expectGood()
                                    .data(),
                            512);
                    byte[] next = now.clone();
                    ByteBuffer.wrap(next).putInt(0, ByteBuffer.wrap(now).getInt(0) + 1);
                    TestTask task = unit.write(nexus, COMPARE_AND_WRITE, both(now, next));
                    if (task.await().status() == io.sluice.scsi.Status.GOOD) {
                        done++;
                    } else {
                        task.expectSense(Sense.MISCOMPARE_DURING_VERIFY_OPERATION);
                        conflicts.incrementAndGet();
                    }
                }
            });
            running[i].start();
        }
        for (Thread thread : running) {
            thread.join();
        }
        assertEquals(threads * each, ByteBuffer.wrap(unit.store.bytes(0, 1)).getInt(0));
    }

    @Test
    public void orWriteSetsBits() {
        unit.write10(4, filled(1024, 0x0F)).expectGood();
        unit.write("8b 00 00 00 00 00 00 00 00 04 00 00 00 02 00 00", filled(1024, 0xA0))
                .expectGood()
                .expectTransfer(1024);
        assertArrayEquals(filled(1024, 0xAF), unit.store.bytes(4, 2));
    }

    @Test
    public void writeAndVerifyWritesStableAndReadsBack() {
        String[] forms = {
            "2e 00 00 00 00 05 00 00 02 00",
            "ae 00 00 00 00 05 00 00 00 02 00 00",
            "8e 02 00 00 00 00 00 00 00 05 00 00 00 02 00 00"
        };
        for (int i = 0; i < forms.length; i++) {
            byte[] data = unit.pattern(2, 30 + i);
            unit.write(forms[i], data).expectGood().expectTransfer(1024);
            assertArrayEquals(data, unit.store.bytes(5, 2));
            assertEquals(Durability.STABLE, unit.store.lastDurability);
        }
        unit.write("2e 04 00 00 00 05 00 00 01 00", new byte[512])
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(1, 2);
    }

    @Test
    public void writeAtomicWritesAllOrNothing() {
        String command = "9c 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00";
        byte[] data = unit.pattern(2, 3);
        unit.write(command, data).expectGood().expectTransfer(1024);
        assertArrayEquals(data, unit.store.bytes(5, 2));
        assertEquals("nothing is left aside", 0, unit.state.loadIntents().size());
        unit.write(command, new byte[512]).expectSense(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        unit.state.failing = true;
        unit.write(command, new byte[1024]).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        assertArrayEquals(data, unit.store.bytes(5, 2));
    }

    @Test
    public void aWriteAtomicThatWasInterruptedIsUndoneWithTheNextStart() {
        String command = "9c 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00";
        byte[] before = unit.pattern(2, 9);
        unit.write10(5, before).expectGood();
        CompletableFuture<Void> saving = unit.state.holdNext();
        unit.write(command, unit.pattern(2, 3)).expectRunning();
        unit.store.holdNext();
        saving.complete(null);
        assertArrayEquals(unit.pattern(2, 3), unit.store.bytes(5, 2));
        TestUnit restarted = unit.restarted();
        assertArrayEquals(before, restarted.store.bytes(5, 2));
        assertEquals(0, restarted.state.loadIntents().size());
    }

    @Test
    public void whatCannotBeLetGoClosesItsBlocks() {
        String command = "9c 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00";
        unit.state.failingToClear = true;
        unit.write(command, unit.pattern(2, 3)).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        unit.write10(6, new byte[512]).expectSense(Sense.WRITE_ERROR).expectInformation(6);
        unit.write(command, new byte[1024]).expectSense(Sense.WRITE_ERROR).expectInformation(5);
        unit.run("04 00 00 00 00 00").expectSense(Sense.WRITE_ERROR);
        unit.read10(4, 4).expectSense(Sense.UNRECOVERED_READ_ERROR).expectInformation(5);
        unit.write10(4, new byte[512]).expectGood();
        unit.read10(7, 1).expectGood();
        String problem = unit.unit.volume().status().problem();
        assertTrue(problem, problem.contains("blocks 5 to 6 are closed"));
        assertArrayEquals(unit.pattern(2, 3), unit.store.bytes(5, 2));
        unit.state.failingToClear = false;
        unit.write10(6, new byte[512]).expectSense(Sense.WRITE_ERROR);
        assertEquals("", unit.unit.volume().status().problem());
        unit.write10(6, new byte[512]).expectGood();
        assertEquals(0, unit.state.loadIntents().size());
    }

    @Test
    public void nobodyIsAtTheBlocksUntilWhatWasKeptAsideIsGone() {
        CompletableFuture<Void> writing = unit.store.holdNext();
        TestTask atomic = unit.write("9c 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00", unit.pattern(2, 3));
        CompletableFuture<Void> clearing = unit.state.holdNext();
        writing.complete(null);
        TestTask later = unit.write10(5, new byte[512]).expectRunning();
        atomic.expectRunning();
        clearing.complete(null);
        atomic.expectGood();
        later.expectGood();
        assertArrayEquals(new byte[512], unit.store.bytes(5, 1));
    }

    @Test
    public void anAbortedAtomicWriteLeavesNothingAside() {
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask atomic = unit.write("9c 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00", unit.pattern(2, 3));
        unit.target.close(unit.nexus);
        saving.complete(null);
        atomic.expectAborted();
        assertEquals(0, unit.state.loadIntents().size());
        assertArrayEquals(new byte[1024], unit.store.bytes(5, 2));
    }

    @Test
    public void whatWasKeptAsideForAnotherStoreIsNotWritten() {
        unit.detach();
        for (long lba : new long[] {2047, 2048, -1, Long.MAX_VALUE}) {
            unit.state.saveIntent(9, lba, new ByteBuffer[] {ByteBuffer.allocate(1024)});
            assertThrows(CompletionException.class, unit::attach);
            unit.state.clearIntent(9);
        }
        unit.state.saveIntent(9, 0, new ByteBuffer[] {ByteBuffer.allocate(100)});
        assertThrows(CompletionException.class, unit::attach);
    }

    /** A write that is at the store for too long is undone when the store has answered, whatever the answer is. */
    @Test
    public void aWriteAtomicThatWasGivenUpClosesItsBlocksUntilTheAnswer() {
        for (Throwable answer : new Throwable[] {null, new IllegalStateException("on purpose")}) {
            TestUnit hasty = TestUnit.withDeadline(Duration.ofMillis(100));
            byte[] before = hasty.pattern(8, 9);
            hasty.write10(8, before).expectGood();
            CompletableFuture<Void> saving = hasty.state.holdNext();
            TestTask atomic = hasty.write("9c 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", hasty.pattern(8, 3));
            CompletableFuture<Void> writing = hasty.store.holdNext();
            saving.complete(null);
            atomic.await().expectSense(Sense.COMMAND_TIMEOUT_DURING_PROCESSING).expectKept(1);
            hasty.read10(8, 8).expectSense(Sense.UNRECOVERED_READ_ERROR);
            hasty.read10(0, 8).expectGood();
            if (answer == null) {
                writing.complete(null);
            } else {
                writing.completeExceptionally(answer);
            }
            atomic.expectKept(0);
            assertArrayEquals(before, hasty.store.bytes(8, 8));
            assertArrayEquals(
                    before, Arrays.copyOf(hasty.read10(8, 8).expectGood().data(), before.length));
            assertEquals(0, hasty.state.loadIntents().size());
        }
    }

    @Test
    public void writeAtomicKeepsToPhysicalBlocks() {
        TestUnit emulated = TestUnit.thin();
        emulated.write("9c 00 00 00 00 00 00 00 00 01 00 00 00 08 00 00", new byte[4096])
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(2, -1);
        emulated.write("9c 00 00 00 00 00 00 00 00 08 00 00 00 07 00 00", new byte[3584])
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(12, -1);
        emulated.write("9c 00 00 00 00 00 00 00 00 08 00 00 00 08 00 00", new byte[4096])
                .expectGood();
    }
}
