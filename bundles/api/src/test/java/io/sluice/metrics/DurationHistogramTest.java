package io.sluice.metrics;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.Test;

public final class DurationHistogramTest {

    private static final long MILLI = 1_000_000;

    private static DurationHistogram of(long... nanos) {
        List<Long> counts = new ArrayList<>(DurationHistogram.NONE.counts());
        for (long each : nanos) {
            counts.set(DurationHistogram.bucket(each), counts.get(DurationHistogram.bucket(each)) + 1);
        }
        return new DurationHistogram(counts, Arrays.stream(nanos).sum());
    }

    @Test
    public void aTimeThatIsJustABoundIsBelowIt() {
        double[] bounds = DurationHistogram.boundsSeconds();
        assertEquals(DurationHistogram.BUCKETS, bounds.length + 1);
        for (int i = 0; i < bounds.length; i++) {
            long nanos = Math.round(bounds[i] * 1e9);
            assertEquals(i, DurationHistogram.bucket(nanos));
            assertEquals(i + 1, DurationHistogram.bucket(nanos + 1));
        }
        assertEquals(0, DurationHistogram.bucket(0));
        assertEquals(DurationHistogram.BUCKETS - 1, DurationHistogram.bucket(Long.MAX_VALUE));
    }

    @Test
    public void whatCameSinceIsTheDifference() {
        DurationHistogram before = of(MILLI, 2 * MILLI);
        assertEquals(of(7 * MILLI), of(MILLI, 2 * MILLI, 7 * MILLI).since(before));
        assertEquals(of(MILLI), of(MILLI).since(before));
        assertEquals(of(MILLI, 2 * MILLI), of(MILLI).plus(of(2 * MILLI)));
    }

    @Test
    public void quantilesAreWithinTheirBucket() {
        assertEquals(0, DurationHistogram.NONE.quantileSeconds(0.99), 0);
        assertEquals(0, DurationHistogram.NONE.meanSeconds(), 0);
        DurationHistogram many = of(MILLI, MILLI, MILLI, 90 * MILLI);
        assertTrue(many.quantileSeconds(0.5) <= 0.001);
        assertTrue(many.quantileSeconds(0.99) > 0.05 && many.quantileSeconds(0.99) <= 0.1);
        assertEquals(93.0 / 4 / 1000, many.meanSeconds(), 1e-9);
        assertEquals(30, of(60_000 * MILLI).quantileSeconds(0.99), 0);
    }

    @Test
    public void noFamilyIsThereTwiceAndEachSaysWhatItIs() {
        HashSet<String> names = new HashSet<>();
        for (Metric metric : Metric.values()) {
            assertTrue(metric.exposedName(), names.add(metric.exposedName()));
            assertTrue(metric.exposedName().startsWith("sluice_"));
            assertTrue(metric.help().endsWith("."));
            assertEquals(
                    metric.kind() == Metric.Kind.COUNTER, metric.exposedName().endsWith("_total"));
        }
    }

    @Test(expected = IllegalArgumentException.class)
    public void aBucketThatIsMissingIsNoticed() {
        new DurationHistogram(List.of(1L), 0);
    }
}
