package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class BlockCommandsTest {

    private final TestUnit unit = TestUnit.thin();

    @Test
    public void whatIsWrittenIsReadByEveryForm() {
        byte[] data = unit.pattern(4, 1);
        unit.write10(8, data).expectGood().expectTransfer(2048);
        unit.run("08 00 00 08 04 00").expectGood().expectTransfer(2048);
        assertArrayEquals(data, Arrays.copyOf(unit.read10(8, 4).expectGood().data(), 2048));
        byte[] read12 =
                unit.run("a8 00 00 00 00 08 00 00 00 04 00 00").expectGood().data();
        assertArrayEquals(data, Arrays.copyOf(read12, 2048));
        byte[] read16 = unit.run("88 00 00 00 00 00 00 00 00 08 00 00 00 04 00 00")
                .expectGood()
                .data();
        assertArrayEquals(data, Arrays.copyOf(read16, 2048));
    }

    @Test
    public void everyFormOfWriteReachesTheStore() {
        String[] forms = {
            "0a 00 00 05 02 00",
            "2a 00 00 00 00 05 00 00 02 00",
            "aa 00 00 00 00 05 00 00 00 02 00 00",
            "8a 00 00 00 00 00 00 00 00 05 00 00 00 02 00 00"
        };
        for (int i = 0; i < forms.length; i++) {
            byte[] data = unit.pattern(2, 10 + i);
            unit.write(forms[i], data).expectGood();
            assertArrayEquals(data, unit.store.bytes(5, 2));
        }
    }

    @Test
    public void sixByteFormsTransfer256BlocksForZero() {
        byte[] data = unit.pattern(256, 9);
        unit.write("0a 00 00 00 00 00", data).expectGood().expectTransfer(256 * 512);
        assertArrayEquals(data, Arrays.copyOf(unit.run("08 00 00 00 00 00").data(), 256 * 512));
    }

    @Test
    public void zeroBlocks() {
        unit.run("28 00 00 00 00 00 00 00 00 00").expectGood(new byte[0]).expectTransfer(0);
        unit.write("2a 00 00 00 00 00 00 00 00 00", new byte[0]).expectGood().expectTransfer(0);
    }

    @Test
    public void longerThanTheMaximumTransfer() {
        TestUnit large = TestUnit.with(new BlockGeometry(32_768, 512));
        large.run("28 00 00 00 00 00 00 40 01 00")
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(7, -1);
        large.run("28 00 00 00 00 00 00 40 00 00").expectGood().expectTransfer(8 << 20);
    }

    @Test
    public void initiatorThatTakesLessThanTheReadGetsThat() {
        TestTask task = unit.task(unit.nexus, "28 00 00 00 00 00 00 00 04 00", new byte[0], 700);
        unit.send(task).expectGood().expectTransfer(2048);
        assertEquals(700, task.data().length);
    }

    @Test
    public void initiatorThatTakesNothingOfTheRead() {
        unit.send(unit.task(unit.nexus, "28 00 00 00 00 00 00 00 01 00", new byte[0], 0))
                .expectGood(new byte[0])
                .expectTransfer(512);
    }

    @Test
    public void dataThatGoesTheWrongWay() {
        unit.send(unit.task(unit.nexus, "2a 00 00 00 00 00 00 00 01 00", new byte[0], 512))
                .expectSense(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        unit.write("28 00 00 00 00 00 00 00 01 00", unit.pattern(1, 1)).expectGood(new byte[0]);
    }

    @Test
    public void shortOfferOfWholeBlocksIsWrittenAsFarAsItGoes() {
        unit.write10(0, unit.pattern(2, 1)).expectGood();
        byte[] first = unit.pattern(1, 40);
        unit.write("2a 00 00 00 00 00 00 00 02 00", first).expectGood().expectTransfer(1024);
        assertArrayEquals(first, unit.store.bytes(0, 1));
        assertArrayEquals(Arrays.copyOfRange(unit.pattern(2, 1), 512, 1024), unit.store.bytes(1, 1));
    }

    @Test
    public void shortOfferInsideABlockKeepsTheRestOfTheBlock() {
        byte[] before = unit.pattern(3, 1);
        unit.write10(0, before).expectGood();
        byte[] offered = Arrays.copyOf(unit.pattern(2, 60), 700);
        unit.write("2a 00 00 00 00 00 00 00 03 00", offered).expectGood().expectTransfer(1536);
        byte[] expected = before.clone();
        System.arraycopy(offered, 0, expected, 0, 700);
        assertArrayEquals(expected, unit.store.bytes(0, 3));
    }

    @Test
    public void longOfferIsTakenAsFarAsTheCdbSays() {
        unit.write("2a 00 00 00 00 00 00 00 01 00", unit.pattern(2, 7))
                .expectGood()
                .expectTransfer(512);
        assertArrayEquals(new byte[512], unit.store.bytes(1, 1));
    }

    @Test
    public void fuaIsStableAndPlainIsCached() {
        unit.write10(0, unit.pattern(1, 1)).expectGood();
        assertEquals(Durability.CACHED, unit.store.lastDurability);
        unit.write("2a 08 00 00 00 00 00 00 01 00", unit.pattern(1, 1)).expectGood();
        assertEquals(Durability.STABLE, unit.store.lastDurability);
        unit.write("2a 10 00 00 00 00 00 00 01 00", unit.pattern(1, 1)).expectGood();
        assertEquals(Durability.CACHED, unit.store.lastDurability);
    }

    @Test
    public void synchronizeCacheFlushes() {
        unit.run("35 00 00 00 00 00 00 00 00 00").expectGood();
        unit.run("91 00 00 00 00 00 00 00 00 10 00 00 00 01 00 00").expectGood();
        unit.run("35 02 00 00 00 00 00 00 00 00").expectGood();
        assertEquals(3, unit.store.flushes);
    }

    @Test
    public void theCapacityIsThatOfAMediumThatCanBeUsed() {
        unit.detach().join();
        unit.run("25 00 00 00 00 00 00 00 00 00").expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        unit.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00").expectSense(Sense.LOGICAL_UNIT_IS_BECOMING_READY);
        unit.run("1d 04 00 00 00 00").expectSense(Sense.LOGICAL_UNIT_NOT_READY);
    }

    @Test
    public void readCapacity() {
        unit.run("25 00 00 00 00 00 00 00 00 00").expectGood(bytes("00 00 07 ff 00 00 02 00"));
        byte[] expected = Arrays.copyOf(bytes("00 00 00 00 00 00 07 ff 00 00 02 00 00 03 c0 00"), 32);
        unit.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00").expectGood(expected);
        unit.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 03 00 00").expectGood(bytes("00 00 00"));
        unit.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00").expectGood(new byte[0]);
    }

    @Test
    public void unmapZeroesEveryDescriptor() {
        unit.write10(0, unit.pattern(8, 5)).expectGood();
        String list = "00 26 00 20 00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 02 00 00 00 00 "
                + "00 00 00 00 00 00 00 05 00 00 00 01 00 00 00 00";
        unit.write("42 00 00 00 00 00 00 00 28 00", bytes(list)).expectGood();
        byte[] expected = unit.pattern(8, 5);
        Arrays.fill(expected, 512, 3 * 512, (byte) 0);
        Arrays.fill(expected, 5 * 512, 6 * 512, (byte) 0);
        assertArrayEquals(expected, unit.store.bytes(0, 8));
        assertEquals(2, unit.store.unmaps);
    }

    @Test
    public void unmapListsThatAskForNothing() {
        unit.write("42 00 00 00 00 00 00 00 00 00", new byte[0]).expectGood();
        unit.write("42 00 00 00 00 00 00 00 08 00", bytes("00 06 00 00 00 00 00 00"))
                .expectGood();
        String atEnd = "00 16 00 10 00 00 00 00 00 00 00 00 00 00 08 00 00 00 00 00 00 00 00 00";
        unit.write("42 00 00 00 00 00 00 00 18 00", bytes(atEnd)).expectGood();
        assertEquals(0, unit.store.unmaps);
    }

    @Test
    public void unmapListsThatLie() {
        unit.write("42 00 00 00 00 00 00 00 07 00", new byte[7]).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        unit.write("42 00 00 00 00 00 00 00 18 00", new byte[8]).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        byte[] many = new byte[8 + 257 * 16];
        many[2] = 257 * 16 >> 8;
        many[3] = (byte) (257 * 16);
        unit.write("42 00 00 00 00 00 00 " + TestUnit.hex(many.length, 2) + " 00", many)
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST)
                .expectTransfer(many.length);
    }

    @Test
    public void unmapDescriptorsMayNotPassTheMaximumTogether() {
        int blocks = 8192;
        TestUnit large = TestUnit.with(new BlockGeometry(blocks, 512));
        int most = (1 << 20) / blocks;
        large.write10(0, large.pattern(1, 5)).expectGood();
        large.write("42 00 00 00 00 00 00 " + TestUnit.hex(8 + 16 * (most + 1), 2) + " 00", unmaps(most + 1, blocks))
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST)
                .expectParameter(8 + 16 * most + 8);
        assertArrayEquals(large.pattern(1, 5), large.store.bytes(0, 1));
        large.write("42 00 00 00 00 00 00 " + TestUnit.hex(8 + 16 * most, 2) + " 00", unmaps(most, blocks))
                .expectGood();
        assertArrayEquals(new byte[512], large.store.bytes(0, 1));
    }

    /** A list of descriptors that are all of the same blocks. */
    private static byte[] unmaps(int count, int blocks) {
        ByteBuffer list = ByteBuffer.allocate(8 + 16 * count);
        list.putShort((short) (list.capacity() - 2))
                .putShort((short) (16 * count))
                .putInt(0);
        for (int i = 0; i < count; i++) {
            list.putLong(0).putInt(blocks).putInt(0);
        }
        return list.array();
    }

    @Test
    public void writeSameRepeatsTheBlock() {
        byte[] block = unit.pattern(1, 77);
        unit.write("41 00 00 00 00 02 00 00 03 00", block).expectGood().expectTransfer(512);
        for (int lba = 2; lba < 5; lba++) {
            assertArrayEquals(block, unit.store.bytes(lba, 1));
        }
        assertArrayEquals(new byte[512], unit.store.bytes(5, 1));
    }

    @Test
    public void writeSameOfZeroBlocksGoesToTheEnd() {
        TestUnit thick = TestUnit.with(new UnitOptions(false, false, false));
        byte[] block = thick.pattern(1, 77);
        thick.write("93 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00", block).expectGood();
        assertArrayEquals(new byte[512], thick.store.bytes(15, 1));
        assertArrayEquals(block, thick.store.bytes(16, 1));
        assertArrayEquals(block, thick.store.bytes(2047, 1));
        unit.write("93 00 00 00 00 00 00 00 00 10 00 00 00 00 00 00", block)
                .expectSense(Sense.INVALID_FIELD_IN_CDB)
                .expectField(10, -1);
    }

    @Test
    public void writeSameWithoutDataWritesZeros() {
        unit.write10(0, unit.pattern(4, 5)).expectGood();
        unit.run("93 01 00 00 00 00 00 00 00 01 00 00 00 02 00 00").expectGood().expectTransfer(0);
        assertArrayEquals(new byte[1024], unit.store.bytes(1, 2));
        unit.detach();
        unit.store.enable(WriteZeroes.class);
        unit.attach();
        unit.run("93 01 00 00 00 00 00 00 00 00 00 00 00 02 00 00").expectGood();
        assertEquals(1, unit.store.zeroWrites);
    }

    @Test
    public void writeSameUnmapsZerosOnly() {
        unit.write("41 08 00 00 00 00 00 00 04 00", new byte[512]).expectGood();
        assertEquals(1, unit.store.unmaps);
        unit.write("41 08 00 00 00 00 00 00 04 00", unit.pattern(1, 1)).expectGood();
        assertEquals(1, unit.store.unmaps);
        assertArrayEquals(unit.pattern(1, 1), unit.store.bytes(3, 1));
    }

    @Test
    public void writeSameUnmapOnAFullyProvisionedUnit() {
        TestUnit thick = TestUnit.with(new UnitOptions(false, false, false));
        thick.write("41 08 00 00 00 00 00 00 04 00", new byte[512]).expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void writeSameNeedsExactlyOneBlock() {
        for (int length : new int[] {0, 256, 1024}) {
            unit.write("41 00 00 00 00 00 00 00 01 00", new byte[length])
                    .expectSense(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        }
    }

    @Test
    public void verifyComparesAsByteCheckSays() {
        byte[] data = unit.pattern(4, 1);
        unit.write10(0, data).expectGood();
        unit.run("2f 00 00 00 00 00 00 00 04 00").expectGood().expectTransfer(0);
        unit.write("2f 02 00 00 00 00 00 00 04 00", data).expectGood().expectTransfer(2048);
        data[1500] ^= 1;
        unit.write("2f 02 00 00 00 00 00 00 04 00", data)
                .expectSense(Sense.MISCOMPARE_DURING_VERIFY_OPERATION)
                .expectInformation(1500);
        unit.write("2f 04 00 00 00 00 00 00 04 00", data).expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void verifyOfTheSameBlockEverywhere() {
        byte[] block = unit.pattern(1, 3);
        unit.write("41 00 00 00 00 00 00 08 00 00", block).expectGood();
        unit.write("8f 06 00 00 00 00 00 00 00 00 00 00 08 00 00 00", block)
                .expectGood()
                .expectTransfer(512);
        unit.write10(1999, unit.pattern(1, 4)).expectGood();
        unit.write("8f 06 00 00 00 00 00 00 00 00 00 00 08 00 00 00", block)
                .expectSense(Sense.MISCOMPARE_DURING_VERIFY_OPERATION)
                .expectInformation(1999 * 512);
    }

    @Test
    public void aFailedOperationBecomesSenseData() {
        Object[][] rows = {
            {Fault.READ_FAILED, Sense.UNRECOVERED_READ_ERROR},
            {Fault.WRITE_FAILED, Sense.WRITE_ERROR},
            {Fault.OUT_OF_SPACE, Sense.SPACE_ALLOCATION_FAILED_WRITE_PROTECT},
            {Fault.WRITE_PROTECTED, Sense.WRITE_PROTECTED},
            {Fault.NOT_READY, Sense.LOGICAL_UNIT_IS_BECOMING_READY},
            {Fault.TIMED_OUT, Sense.COMMAND_TIMEOUT_DURING_PROCESSING},
        };
        assertEquals("all but BUSY, which has a status of its own", Fault.values().length - 1, rows.length);
        for (Object[] row : rows) {
            CompletableFuture<Void> held = unit.store.holdNext();
            TestTask task = unit.read10(0, 1).expectRunning();
            held.completeExceptionally(new BackstoreException((Fault) row[0], "on purpose"));
            task.expectSense((Sense) row[1]);
        }
    }

    @Test
    public void aStoreThatHasNoTimeIsBusy() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.read10(0, 1).expectRunning();
        held.completeExceptionally(new BackstoreException(Fault.BUSY, "on purpose"));
        assertEquals(Status.BUSY, task.status());
    }

    @Test
    public void aBugIsAnInternalTargetFailure() {
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask task = unit.read10(0, 1);
        held.completeExceptionally(new IllegalStateException("on purpose"));
        task.expectSense(Sense.INTERNAL_TARGET_FAILURE);
    }

    @Test
    public void blocksOf4096() {
        TestUnit large = TestUnit.with(new BlockGeometry(256, 4096));
        byte[] data = large.pattern(3, 6);
        large.write10(253, data).expectGood();
        assertArrayEquals(data, large.store.bytes(253, 3));
        large.run("25 00 00 00 00 00 00 00 00 00").expectGood(bytes("00 00 00 ff 00 00 10 00"));
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.ofDelimiter(" ").parseHex(hex);
    }
}
