package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class GatheringTest {

    private long now = Long.MAX_VALUE - 500_000;
    private final Gathering gathering = new Gathering(now);

    /** A run of so many writes, each so long after the one before. */
    private int run(int writes, long apartMicros, boolean tooFew) {
        now += writes * apartMicros * 1000;
        return gathering.afterRun(writes, tooFew, now);
    }

    @Test
    public void oneAtATimeBeginsAtOnce() {
        assertEquals(1, run(1, 60, false));
        assertEquals(1, run(1, 60, false));
    }

    @Test
    public void fastOnesAreGatheredMoreAndMore() {
        assertEquals(2, run(1, 5, false));
        assertEquals(4, run(2, 5, false));
        assertEquals(8, run(4, 5, false));
        assertEquals(16, run(8, 5, false));
        assertEquals(16, run(16, 5, false));
    }

    /** With eight under way no more than eight ever come. */
    @Test
    public void noMoreThanCameByThemselves() {
        run(8, 5, false);
        assertEquals(8, run(8, 5, true));
        assertEquals(8, run(8, 5, false));
        int most = 0;
        for (int i = 0; i < 64; i++) {
            most = Math.max(most, run(8, 5, false));
        }
        assertEquals("from time to time more is tried", 16, most);
    }

    @Test
    public void silenceEndsIt() {
        run(16, 5, false);
        now += 50_000;
        assertEquals(1, gathering.afterRun(0, true, now));
    }
}
