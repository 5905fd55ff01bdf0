package io.sluice.iscsi.session;

import static org.junit.Assert.assertEquals;

import io.sluice.management.SessionStatus.Rates;
import java.util.concurrent.atomic.LongAdder;
import org.junit.Test;

/** Rates are of the last second, whenever exactly it was looked at, and of a young session of all its life. */
public final class SessionRatesTest {

    private static final long MILLI = 1_000_000;

    /** The clock may begin anywhere, also shortly before it overflows. */
    private static final long BEGIN = Long.MAX_VALUE - 100 * MILLI;

    private final LongAdder commands = new LongAdder();
    private final LongAdder read = new LongAdder();
    private final LongAdder written = new LongAdder();
    private final SessionRates rates = new SessionRates(BEGIN, commands, read, written);

    private void work(long moreCommands, long moreRead, long moreWritten) {
        commands.add(moreCommands);
        read.add(moreRead);
        written.add(moreWritten);
    }

    private Rates at(long millis) {
        return rates.rates(BEGIN + millis * MILLI);
    }

    private void sample(long millis) {
        rates.sample(BEGIN + millis * MILLI);
    }

    @Test
    public void aYoungSessionShowsItsAverage() {
        assertEquals(Rates.NONE, at(0));
        work(10, 40_960, 5);
        assertEquals(new Rates(40, 163_840, 20), at(250));
        sample(400);
        assertEquals(new Rates(20, 81_920, 10), at(500));
    }

    @Test
    public void theLastSecondCounts() {
        work(1000, 0, 1 << 20);
        sample(1000);
        assertEquals(new Rates(1000, 0, 1 << 20), at(1000));
        work(500, 4096, 0);
        assertEquals("what has been done since is of the next second", new Rates(1000, 0, 1 << 20), at(1900));
        sample(2000);
        assertEquals(new Rates(500, 4096, 0), at(2000));
        sample(3000);
        assertEquals("nothing is done", Rates.NONE, at(3000));
    }

    @Test
    public void aSampleThatIsLateOrEarlyTellsNoOtherRate() {
        work(100, 0, 0);
        sample(1000);
        work(250, 0, 0);
        sample(3500);
        assertEquals(new Rates(100, 0, 0), at(3500));
        work(90, 0, 0);
        sample(4400);
        assertEquals(new Rates(100, 0, 0), at(4400));
    }

    @Test
    public void aSessionThatBeganBetweenSamples() {
        work(30, 0, 0);
        sample(300);
        work(100, 0, 0);
        sample(1300);
        assertEquals(new Rates(100, 0, 0), at(1300));
    }

    @Test
    public void largeCountsDoNotOverflow() {
        work(0, Long.MAX_VALUE / 2, 0);
        sample(1000);
        assertEquals(Long.MAX_VALUE / 2, at(1000).readBytes(), 1e6);
    }
}
