package io.sluice.iscsi.trace;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import org.junit.Test;

public final class TraceRingTest {

    @Test
    public void theOldestGoWhenTheBudgetIsSpent() {
        TraceRing<Integer> ring = new TraceRing<>(10 * (100 + 16));
        for (int i = 0; i < 1000; i++) {
            ring.add(i, 100);
            assertTrue(ring.bytes() <= 10 * (100 + 16));
        }
        assertEquals(10, ring.kept());
        assertEquals(1000, ring.count());
        assertEquals(new TraceRing.Part<>(List.of(990, 991), 990), ring.from(0, 2));
        assertEquals(new TraceRing.Part<>(List.of(999), 999), ring.from(999, 5));
        assertEquals(new TraceRing.Part<>(List.of(), 1000), ring.from(5000, 5));
    }

    @Test
    public void itGrowsWithoutMixingThingsUp() {
        TraceRing<Integer> ring = new TraceRing<>(1 << 20);
        for (int i = 0; i < 5000; i++) {
            ring.add(i, 1);
        }
        List<Integer> all = ring.from(0, 10_000).things();
        for (int i = 0; i < 5000; i++) {
            assertEquals(i, (int) all.get(i));
        }
    }

    @Test
    public void oneThingIsKeptHoweverLargeItIs() {
        TraceRing<String> ring = new TraceRing<>(10);
        ring.add("small", 1);
        ring.add("large", 1 << 20);
        assertEquals(List.of("large"), ring.from(0, 5).things());
        ring.clear();
        assertEquals(0, ring.kept());
        assertEquals(0, ring.bytes());
        ring.add("next", 1);
        assertEquals(new TraceRing.Part<>(List.of("next"), 2), ring.from(0, 5));
    }
}
