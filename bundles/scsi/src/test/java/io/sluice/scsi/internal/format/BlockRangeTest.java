package io.sluice.scsi.internal.format;

import static org.junit.Assert.assertArrayEquals;

import io.sluice.scsi.Sense;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import org.junit.Test;

/** Every operation code with an LBA, at the borders of the medium and of the arithmetic: refused, and no byte changed. */
public class BlockRangeTest {

    private static final long CAPACITY = 2048;
    private static final long[] SMALL_LBAS = {CAPACITY, CAPACITY + 1, 1L << 31, 0xFFFF_FFFFL};
    private static final long[] LARGE_LBAS = {CAPACITY, CAPACITY + 1, 1L << 31, 1L << 55, 1L << 63, -2L, -1L};

    private final TestUnit unit = TestUnit.thin();
    private final byte[] before = unit.pattern((int) CAPACITY, 3);

    @Test
    public void beyondEndOfMedium() {
        unit.write("8a 00 00 00 00 00 00 00 00 00 00 00 08 00 00 00", before).expectGood();
        for (String opcode : new String[] {"08", "0a"}) {
            refused(opcode + " 00 08 00 01 00");
            refused(opcode + " 1f ff ff 01 00");
            refused(opcode + " 00 07 ff 02 00");
            refused(opcode + " 00 07 01 00 00");
        }
        for (String opcode : new String[] {"28", "2a", "2f", "35", "41"}) {
            for (long lba : SMALL_LBAS) {
                refused(opcode + " 00 " + TestUnit.hex(lba, 4) + " 00 00 01 00");
            }
            refused(opcode + " 00 00 00 07 ff 00 00 02 00");
        }
        for (String opcode : new String[] {"a8", "aa", "af"}) {
            for (long lba : SMALL_LBAS) {
                refused(opcode + " 00 " + TestUnit.hex(lba, 4) + " 00 00 00 01 00 00");
                refused(opcode + " 00 " + TestUnit.hex(lba, 4) + " ff ff ff ff 00 00");
            }
            refused(opcode + " 00 00 00 07 ff 00 00 00 02 00 00");
        }
        for (String opcode : new String[] {"88", "8a", "8f", "91", "93"}) {
            for (long lba : LARGE_LBAS) {
                refused(opcode + " 00 " + TestUnit.hex(lba, 8) + " 00 00 00 01 00 00");
                refused(opcode + " 00 " + TestUnit.hex(lba, 8) + " ff ff ff ff 00 00");
            }
            refused(opcode + " 00 00 00 00 00 00 00 07 ff 00 00 00 02 00 00");
            refused(opcode + " 00 00 00 00 00 00 00 00 01 ff ff ff ff 00 00");
        }
        for (long lba : LARGE_LBAS) {
            refusedUnmap(lba, 1);
            refusedUnmap(lba, 0xFFFF_FFFFL);
        }
        refusedUnmap(CAPACITY - 1, 2);
        assertArrayEquals(before, unit.store.bytes(0, (int) CAPACITY));
    }

    @Test
    public void zeroBlocksJustBehindTheEndAreNothing() {
        unit.run("28 00 00 00 08 00 00 00 00 00").expectGood().expectTransfer(0);
        unit.run("28 00 00 00 08 01 00 00 00 00").expectSense(Sense.LBA_OUT_OF_RANGE);
    }

    private void refused(String cdb) {
        unit.write(cdb, new byte[1 << 20]).expectSense(Sense.LBA_OUT_OF_RANGE);
    }

    private void refusedUnmap(long lba, long blocks) {
        String good = "00 00 00 00 00 00 00 00 00 00 00 01 00 00 00 00";
        String bad = TestUnit.hex(lba, 8) + " " + TestUnit.hex(blocks, 4) + " 00 00 00 00";
        byte[] list = java.util.HexFormat.ofDelimiter(" ").parseHex("00 26 00 20 00 00 00 00 " + good + " " + bad);
        TestTask task = unit.write("42 00 00 00 00 00 00 00 28 00", list);
        task.expectSense(Sense.LBA_OUT_OF_RANGE);
    }
}
