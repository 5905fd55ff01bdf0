package io.sluice.scsi.internal.sbc;

import static org.junit.Assert.assertArrayEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.Arrays;
import org.junit.Test;

/** Commands that look at the medium do so in memory of the transport, in pieces. */
public final class ScratchTest {

    private static final int BLOCKS = 2000;
    private static final String LENGTH = "00 00 00 00 00 00 00 00 00 00 07 d0 00 00";
    private static final String VERIFY = "8f 02 " + LENGTH;
    private static final String WRITE_AND_VERIFY = "8e 02 " + LENGTH;
    private static final String WRITE_SAME = "93 00 " + LENGTH;
    private static final String ORWRITE = "8b 00 " + LENGTH;
    private static final String COMPARE_AND_WRITE = "89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00";
    private static final String WRITE = "8a 00 00 00 00 00 00 00 00 00 00 00 00 02 00 00";

    private final TestUnit unit = TestUnit.with(new BlockGeometry(2048, 512));

    private TestTask poor(String cdb, int length) {
        return unit.send(unit.task(unit.nexus, cdb, new byte[length], 0).poor());
    }

    @Test
    public void withoutMemoryACommandIsToComeAgainAndChangesNothing() {
        byte[] before = unit.pattern(BLOCKS, 1);
        unit.write10(0, before).expectGood();
        poor(VERIFY, BLOCKS * 512).expectStatus(Status.BUSY);
        poor(ORWRITE, BLOCKS * 512).expectStatus(Status.BUSY);
        poor(COMPARE_AND_WRITE, 1024).expectStatus(Status.BUSY);
        poor(WRITE_AND_VERIFY, BLOCKS * 512).expectStatus(Status.BUSY);
        TestTask ones = unit.task(unit.nexus, WRITE_SAME, filled(512, 1), 0);
        unit.send(ones.poor()).expectStatus(Status.BUSY);
        poor(WRITE, 700).expectStatus(Status.BUSY);
        assertArrayEquals(before, unit.store.bytes(0, BLOCKS));
        unit.write(WRITE_SAME, filled(512, 1)).expectGood();
        assertArrayEquals(filled(BLOCKS * 512, 1), unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void bitsAreSetInMoreThanOnePiece() {
        byte[] bits = unit.pattern(BLOCKS, 5);
        byte[] before = unit.pattern(BLOCKS, 6);
        unit.write10(0, before).expectGood();
        unit.write(ORWRITE, bits).expectGood().expectTransfer(BLOCKS * 512);
        byte[] expected = new byte[bits.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (byte) (bits[i] | before[i]);
        }
        assertArrayEquals(expected, unit.store.bytes(0, BLOCKS));
        assertArrayEquals(new byte[512], unit.store.bytes(BLOCKS, 1));
    }

    @Test
    public void dataIsComparedInMoreThanOnePiece() {
        byte[] data = unit.pattern(BLOCKS, 7);
        unit.write(WRITE_AND_VERIFY, data).expectGood();
        unit.write(VERIFY, data).expectGood();
        for (int offset : new int[] {0, data.length / 2 + 1, data.length - 1}) {
            byte[] other = data.clone();
            other[offset] ^= 1;
            unit.write(VERIFY, other).expectInformation(offset);
        }
    }

    private static byte[] filled(int length, int value) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) value);
        return data;
    }
}
