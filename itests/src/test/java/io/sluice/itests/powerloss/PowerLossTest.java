package io.sluice.itests.powerloss;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.Test;

public class PowerLossTest {

    private static final int SECTOR = 512;
    private static final int FLUSH = 1;
    private static final int FUA = 2;
    private static final int DISCARD = 4;

    private final ByteBuffer log = ByteBuffer.allocate(64 << 10).order(ByteOrder.LITTLE_ENDIAN);
    private int entries;

    public PowerLossTest() {
        log.putLong(0x6a73_6677_7368_72L).putLong(1).putLong(0).putInt(SECTOR).position(SECTOR);
    }

    private void entry(int sector, int sectors, int flags, int value) {
        log.putLong(sector).putLong(sectors).putLong(flags).putLong(0);
        log.position(log.position() + SECTOR - 4 * Long.BYTES);
        for (int i = 0; i < sectors * SECTOR && flags != DISCARD; i++) {
            log.put((byte) value);
        }
        log.putLong(16, ++entries);
    }

    /** Returns the states of some sectors that a cut can leave. */
    private Set<String> states(int cut, int sectors) throws IOException {
        Set<String> states = new HashSet<>();
        WriteLog read = new WriteLog(log.duplicate().position(0));
        Random random = new Random(1);
        for (int i = 0; i < 2000; i++) {
            ByteBuffer image = new PowerLoss(read, sectors * SECTOR, SECTOR, random).at(cut);
            StringBuilder state = new StringBuilder();
            for (int sector = 0; sector < sectors; sector++) {
                state.append(image.get(sector * SECTOR)).append(' ');
                assertEquals("whole", image.get(sector * SECTOR), image.get(sector * SECTOR + SECTOR - 1));
            }
            states.add(state.toString().trim());
        }
        return states;
    }

    @Test
    public void whatIsFlushedStays() throws Exception {
        entry(0, 2, 0, 1);
        entry(0, 0, FLUSH, 0);
        entry(1, 1, 0, 2);
        assertEquals(Set.of("0 0", "1 0", "0 1", "1 1"), states(1, 2));
        assertEquals(Set.of("1 1"), states(2, 2));
        assertEquals(Set.of("1 1", "1 2"), states(3, 2));
    }

    @Test
    public void aLaterWriteIsNeverUnderAnEarlierOne() throws Exception {
        entry(0, 1, 0, 1);
        entry(0, 1, 0, 2);
        entry(0, 1, DISCARD, 0);
        entry(0, 1, FUA, 3);
        assertEquals(Set.of("0", "1", "2"), states(2, 1));
        assertEquals(Set.of("3"), states(4, 1));
    }

    @Test
    public void aDiscardMayBeThere() throws Exception {
        entry(0, 1, 0, 1);
        entry(0, 0, FLUSH, 0);
        entry(0, 1, DISCARD, 0);
        assertEquals(Set.of("0", "1"), states(3, 1));
        assertEquals(1, new WriteLog(log.duplicate().position(0)).flushes());
    }

    @Test
    public void theLengthOfALogTellsWhatIsInIt() throws Exception {
        entry(0, 1, 0, 1);
        entry(0, 1, DISCARD, 0);
        entry(0, 0, FLUSH, 0);
        WriteLog read = new WriteLog(log.duplicate().position(0));
        assertEquals(0, read.within(SECTOR));
        assertEquals(0, read.within(3 * SECTOR - 1));
        assertEquals(1, read.within(3 * SECTOR));
        assertEquals(2, read.within(4 * SECTOR));
        assertEquals(3, read.within(5 * SECTOR));
    }

    @Test
    public void whatIsNoLogIsRefused() {
        assertThrows(IOException.class, () -> new WriteLog(ByteBuffer.allocate(4096)));
        assertTrue(assertThrows(IOException.class, () -> new WriteLog(ByteBuffer.allocate(3)))
                .getMessage()
                .contains("no log"));
    }
}
