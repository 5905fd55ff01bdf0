package io.sluice.testkit;

import static org.junit.Assert.assertEquals;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import java.nio.ByteBuffer;
import java.util.function.UnaryOperator;
import org.junit.Test;

public class VolatileBackstoreTest {

    private static final BlockGeometry GEOMETRY = new BlockGeometry(8, 512);

    private final VolatileBackstore disk = new VolatileBackstore(GEOMETRY);

    private static void write(Backstore store, long lba, int value, Durability durability) throws Exception {
        byte[] block = new byte[512];
        block[0] = (byte) value;
        BackstoreFixture.await(store.write(lba, new ByteBuffer[] {ByteBuffer.wrap(block)}, durability));
    }

    private static String values(VolatileBackstore disk) {
        StringBuilder values = new StringBuilder();
        for (long lba = 0; lba < 4; lba++) {
            values.append(disk.block(lba)[0]);
        }
        return values.toString();
    }

    @Test
    public void aPowerLossTakesWhatWasNotFlushed() throws Exception {
        write(disk, 0, 1, Durability.CACHED);
        BackstoreFixture.await(disk.flush());
        write(disk, 1, 2, Durability.CACHED);
        write(disk, 2, 3, Durability.STABLE);
        BackstoreFixture.await(disk.unmap(0, 1));
        assertEquals("0230", values(disk));
        assertEquals("0230", values(disk.afterKill()));
        assertEquals("1030", values(disk.afterPowerLoss()));
        assertEquals(
                "what a kill leaves may still be lost",
                "1030",
                values(disk.afterKill().afterPowerLoss()));
    }

    private String sabotaged(UnaryOperator<Backstore> saboteur) throws Exception {
        Backstore store = saboteur.apply(disk);
        write(store, 0, 1, Durability.CACHED);
        BackstoreFixture.await(store.flush());
        write(store, 1, 2, Durability.STABLE);
        write(store, 2, 3, Durability.STABLE);
        return values(disk) + " " + values(disk.afterPowerLoss());
    }

    @Test
    public void withoutSabotageAllIsThere() throws Exception {
        assertEquals("1230 1230", sabotaged(below -> below));
    }

    @Test
    public void skippedFlush() throws Exception {
        assertEquals("1230 0230", sabotaged(Saboteurs::skipFlushes));
    }

    @Test
    public void skippedStability() throws Exception {
        assertEquals("1230 1000", sabotaged(Saboteurs::skipStability));
    }

    @Test
    public void earlyAcknowledgement() throws Exception {
        assertEquals("1200 1200", sabotaged(Saboteurs::acknowledgeEarly));
    }
}
