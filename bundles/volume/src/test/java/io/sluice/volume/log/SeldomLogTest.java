package io.sluice.volume.log;

import static org.junit.Assert.assertEquals;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.Test;

/** Of many lines a few are written, and those say how many were not. */
public class SeldomLogTest {

    private final AtomicLong nanos = new AtomicLong();
    private final SeldomLog log = new SeldomLog(2, nanos::get);
    private final List<String> lines = new ArrayList<>();

    private void write(int times) {
        for (int i = 0; i < times; i++) {
            log.line(others -> lines.add("refused" + others));
        }
    }

    @Test
    public void fewAreWrittenAndTheOthersCounted() {
        write(5000);
        assertEquals(List.of("refused", "refused"), lines);
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        write(3);
        assertEquals(List.of("refused", "refused", "refused (and 4998 more before)", "refused"), lines);
    }

    @Test
    public void aPauseEndsByItself() {
        write(2);
        nanos.addAndGet(Duration.ofSeconds(11).toNanos());
        write(2);
        assertEquals(List.of("refused", "refused", "refused", "refused"), lines);
    }
}
