package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestUnit;
import org.junit.Test;

/** Every command that has an LBA, at the ends of what can be written down: LBA OUT OF RANGE, and no byte has changed. */
public class RangeExtremesTest {

    private static final int BLOCKS = 2048;
    private static final String LBA4 = "LBA4";
    private static final String LBA8 = "LBA8";
    private static final String COUNT = "NN";

    /** CDBs with 32-bit and 64-bit LBAs; the number of blocks is one byte. */
    private static final String[] ROWS = {
        "28 00 LBA4 00 00 NN 00",
        "2a 00 LBA4 00 00 NN 00",
        "2e 00 LBA4 00 00 NN 00",
        "2f 00 LBA4 00 00 NN 00",
        "34 00 LBA4 00 00 NN 00",
        "35 00 LBA4 00 00 NN 00",
        "41 00 LBA4 00 00 NN 00",
        "a8 00 LBA4 00 00 00 NN 00 00",
        "aa 00 LBA4 00 00 00 NN 00 00",
        "ae 00 LBA4 00 00 00 NN 00 00",
        "af 00 LBA4 00 00 00 NN 00 00",
        "88 00 LBA8 00 00 00 NN 00 00",
        "89 00 LBA8 00 00 00 NN 00 00",
        "8a 00 LBA8 00 00 00 NN 00 00",
        "8b 00 LBA8 00 00 00 NN 00 00",
        "8e 00 LBA8 00 00 00 NN 00 00",
        "8f 00 LBA8 00 00 00 NN 00 00",
        "90 00 LBA8 00 00 00 NN 00 00",
        "91 00 LBA8 00 00 00 NN 00 00",
        "93 00 LBA8 00 00 00 NN 00 00",
        "93 01 LBA8 00 00 00 NN 00 00",
        "9c 00 LBA8 00 00 00 NN 00 00",
    };

    private static final long[] EXTREMES = {
        BLOCKS,
        BLOCKS + 1,
        1L << 31,
        (1L << 32) - 1,
        1L << 32,
        1L << 55,
        Long.MAX_VALUE - 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -2,
        -BLOCKS
    };

    private final TestUnit unit = TestUnit.with(new BlockGeometry(BLOCKS, 512));
    private final byte[] before = unit.pattern(BLOCKS, 5);

    private void refused(String row, long lba, int blocks) {
        boolean narrow = row.contains(LBA4);
        if (narrow && lba >>> 32 != 0) {
            return;
        }
        String cdb = row.replace(LBA4, TestUnit.hex(lba, 4))
                .replace(LBA8, TestUnit.hex(lba, 8))
                .replace(COUNT, TestUnit.hex(blocks, 1));
        unit.send(unit.task(unit.nexus, cdb, new byte[4096], 4096)).expectSense(Sense.LBA_OUT_OF_RANGE);
    }

    @Test
    public void everyCommandAtEveryExtreme() {
        unit.write10(0, before).expectGood();
        for (String row : ROWS) {
            for (long lba : EXTREMES) {
                refused(row, lba, 1);
                refused(row, lba, 255);
            }
            refused(row, BLOCKS - 1, 2);
            refused(row, BLOCKS - 254, 255);
        }
        assertArrayEquals(before, unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void theLastBlockIsInside() {
        for (String row : ROWS) {
            String cdb = row.replace(LBA4, TestUnit.hex(BLOCKS - 1, 4))
                    .replace(LBA8, TestUnit.hex(BLOCKS - 1, 8))
                    .replace(COUNT, "01");
            int length = cdb.startsWith("89") ? 1024 : 512;
            byte[] data = unit.store.bytes(BLOCKS - 1, 1);
            byte[] twice = new byte[length];
            System.arraycopy(data, 0, twice, 0, 512);
            unit.send(unit.task(unit.nexus, cdb, twice, 512)).expectGood();
        }
    }

    @Test
    public void readAndWriteSix() {
        TestUnit small = TestUnit.with(new BlockGeometry(1000, 512));
        for (String cdb :
                new String[] {"08 1f ff ff 01 00", "08 00 03 e8 01 00", "08 00 03 e7 02 00", "08 00 03 e7 00 00"}) {
            small.run(cdb).expectSense(Sense.LBA_OUT_OF_RANGE);
            small.write("0a" + cdb.substring(2), new byte[1024]).expectSense(Sense.LBA_OUT_OF_RANGE);
        }
    }

    @Test
    public void descriptors() {
        unit.write10(0, before).expectGood();
        for (long lba : EXTREMES) {
            byte[] unmap = new byte[24];
            unmap[1] = 22;
            unmap[3] = 16;
            putLba(unmap, 8, lba);
            unmap[19] = 1;
            unit.write("42 00 00 00 00 00 00 00 18 00", unmap).expectSense(Sense.LBA_OUT_OF_RANGE);
            byte[] populate = new byte[32];
            populate[1] = 30;
            populate[15] = 16;
            putLba(populate, 16, lba);
            populate[27] = 1;
            unit.write("83 10 00 00 00 00 00 00 00 01 00 00 00 20 00 00", populate)
                    .expectSense(Sense.LBA_OUT_OF_RANGE);
            byte[] use = new byte[552];
            use[535] = 16;
            use[16] = (byte) 0xFF;
            use[17] = (byte) 0xFF;
            use[19] = 1;
            putLba(use, 536, lba);
            use[547] = 1;
            unit.write("83 11 00 00 00 00 00 00 00 01 00 00 02 28 00 00", use).expectSense(Sense.LBA_OUT_OF_RANGE);
            unit.run("9e 12 " + TestUnit.hex(lba, 8) + " 00 00 00 ff 00 00").expectSense(Sense.LBA_OUT_OF_RANGE);
        }
        assertArrayEquals(before, unit.store.bytes(0, BLOCKS));
    }

    private static void putLba(byte[] list, int offset, long lba) {
        for (int i = 0; i < 8; i++) {
            list[offset + i] = (byte) (lba >>> (56 - 8 * i));
        }
    }
}
