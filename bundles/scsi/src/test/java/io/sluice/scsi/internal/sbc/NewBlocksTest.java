package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestUnit;
import org.junit.Test;

/**
 * Blocks that are new, or as new, read as zeros, whichever way they got so: nothing of what was there is seen again, and nothing
 * of what the buffers of the transport held before. That stores do their part is the contract test of each.
 */
public class NewBlocksTest {

    private static final int BLOCKS = 16;

    private final TestUnit unit = TestUnit.thin();

    private void expectZeros(long lba) {
        unit.read10(lba, BLOCKS).expectGood(new byte[BLOCKS * 512]);
    }

    private void fill() {
        unit.write10(0, unit.pattern(BLOCKS, 9)).expectGood();
        unit.read10(0, BLOCKS).expectGood(unit.pattern(BLOCKS, 9));
    }

    @Test
    public void ofANewUnit() {
        expectZeros(0);
        expectZeros(2048 - BLOCKS);
    }

    @Test
    public void ofAUnitThatHasGrown() throws Exception {
        fill();
        unit.unit.volume().resize(4096).toCompletableFuture().get();
        unit.unit.volume().setGeometry(unit.store.geometry());
        unit.testUnitReady().expectSense(Sense.CAPACITY_DATA_HAS_CHANGED);
        expectZeros(2048);
        expectZeros(4096 - BLOCKS);
    }

    @Test
    public void thatWereUnmapped() {
        fill();
        byte[] list = new byte[24];
        list[1] = 22;
        list[3] = 16;
        list[19] = BLOCKS;
        unit.write("42 00 00 00 00 00 00 00 18 00", list).expectGood();
        expectZeros(0);
    }

    @Test
    public void thatWriteSameMadeZeros() {
        for (String flags : new String[] {"01", "08", "09"}) {
            fill();
            byte[] block = flags.equals("08") ? new byte[512] : new byte[0];
            unit.write("93 " + flags + " 00 00 00 00 00 00 00 00 00 00 00 10 00 00", block)
                    .expectGood();
            expectZeros(0);
        }
        unit.store.enable(WriteZeroes.class);
        unit.detach();
        unit.attach();
        fill();
        unit.write("41 00 00 00 00 00 00 00 10 00", new byte[512]).expectGood();
        expectZeros(0);
    }

    @Test
    public void thatTheZeroTokenWasWrittenTo() {
        fill();
        byte[] list = new byte[552];
        list[1] = (byte) (550 & 0xFF);
        list[0] = 550 >> 8;
        list[16] = (byte) 0xFF;
        list[17] = (byte) 0xFF;
        list[19] = 1;
        list[535] = 16;
        list[547] = BLOCKS;
        unit.write("83 11 00 00 00 00 00 00 00 2b 00 00 02 28 00 00", list)
                .await()
                .expectGood();
        expectZeros(0);
    }

    @Test
    public void thatWereErased() {
        fill();
        unit.run("48 02 00 00 00 00 00 00 00 00").await().expectGood();
        expectZeros(0);
        fill();
        unit.run("04 00 00 00 00 00").await().expectGood();
        expectZeros(0);
    }
}
