package io.sluice.rest.http;

import static org.junit.Assert.assertEquals;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

public class PaceTest {

    private static final long MILLI = 1_000_000;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Pace pace = new Pace(500, nanos::get);

    private void letInAtOnce(int count) {
        for (int i = 0; i < count; i++) {
            assertEquals("number " + i, 0, pace.letIn());
        }
    }

    @Test
    public void aFewDoNotWait() {
        letInAtOnce(500);
    }

    @Test
    public void moreWaitOneAfterTheOther() {
        letInAtOnce(500);
        assertEquals(2 * MILLI, pace.letIn());
        assertEquals(4 * MILLI, pace.letIn());
        nanos.addAndGet(3 * MILLI);
        assertEquals(3 * MILLI, pace.letIn());
    }

    @Test
    public void nobodyWaitsLong() {
        letInAtOnce(500);
        for (int i = 1; i <= 1000; i++) {
            assertEquals(Math.min(2 * i, 200) * MILLI, pace.letIn());
        }
        nanos.addAndGet(200 * MILLI);
        assertEquals(2 * MILLI, pace.letIn());
    }

    @Test
    public void whatWasNotUsedIsKeptForASecondAndNoLonger() {
        letInAtOnce(500);
        nanos.addAndGet(100 * MILLI);
        letInAtOnce(50);
        assertEquals(2 * MILLI, pace.letIn());
        nanos.addAndGet(3_600_000 * MILLI);
        letInAtOnce(500);
        assertEquals(2 * MILLI, pace.letIn());
    }
}
