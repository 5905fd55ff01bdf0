package io.sluice.prometheus;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.http.HttpAnswer;
import io.sluice.http.HttpRead;
import io.sluice.management.Role;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.Test;

public final class MetricsPageTest {

    private static final MetricSource ALL = sink -> {
        for (Metric metric : Metric.values()) {
            String[] labels = metric.labels().toArray(String[]::new);
            if (metric.kind() == Metric.Kind.HISTOGRAM) {
                sink.histogram(metric, DurationHistogram.NONE, labels);
            } else {
                sink.value(metric, 1, labels);
            }
        }
    };

    private final List<MetricSource> sources = new ArrayList<>();
    private final MetricsPage page = new MetricsPage(sources);

    private HttpAnswer get(String accept) {
        return page.get(new HttpRead("/metrics", Map.of(), Map.of("accept", accept)));
    }

    private String text() {
        return content(get("text/plain"));
    }

    private static String content(HttpAnswer answer) {
        return new String(answer.content(), StandardCharsets.UTF_8);
    }

    @Test
    public void whoeverMayLookMayReadIt() {
        assertEquals("/metrics", page.path());
        assertEquals(Optional.of(Role.VIEWER), page.role());
        assertEquals(200, get("").status());
    }

    @Test
    public void everyFamilyHasTheNameThatOneAsksForAndItsHelp() {
        sources.add(ALL);
        String text = text();
        for (Metric metric : Metric.values()) {
            String name = metric.exposedName();
            assertTrue(name, text.contains("# HELP " + name + " " + metric.help() + "\n"));
            String kind = metric.kind().name().toLowerCase(java.util.Locale.ROOT);
            assertTrue(name, text.contains("# TYPE " + name + " " + kind + "\n"));
            String line = kind.equals("histogram") ? name + "_count" : name;
            assertTrue(
                    name,
                    text.lines()
                            .anyMatch(each ->
                                    each.startsWith(line + (metric.labels().isEmpty() ? " " : "{"))));
        }
    }

    @Test
    public void thoseWhoLookTogetherShareOneLookAfterTheFirst() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        List<String> looks = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger inside = new AtomicInteger();
        sources.add(sink -> {
            looks.add("together " + inside.incrementAndGet());
            awaitQuietly(go);
            inside.decrementAndGet();
        });
        List<HttpAnswer> answers = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> answers.add(get("text/plain")));
            threads.add(thread);
            thread.start();
            await(() -> !looks.isEmpty() && (threads.size() == 1 || thread.getState() == Thread.State.BLOCKED));
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join(30_000);
        }
        assertEquals(4, answers.size());
        assertEquals(List.of("together 1", "together 1"), looks);
        get("text/plain");
        assertEquals("what has happened before one asks is there", 3, looks.size());
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertTrue("not within 30 s", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyDoes) {
            throw new AssertionError(nobodyDoes);
        }
    }

    @Test
    public void theFormatIsTheOneThatIsAskedFor() {
        sources.add(ALL);
        assertTrue(get("").type(), get("").type().startsWith("text/plain; version=0.0.4"));
        HttpAnswer open = get("application/openmetrics-text;version=1.0.0;q=0.9,text/plain;version=0.0.4;q=0.5");
        assertTrue(open.type(), open.type().startsWith("application/openmetrics-text; version=1.0.0"));
        assertTrue(content(open).endsWith("# EOF\n"));
        assertFalse(text().contains("# EOF"));
    }

    @Test
    public void aHistogramCountsInAllBucketsAbove() {
        List<Long> counts = new ArrayList<>(DurationHistogram.NONE.counts());
        counts.set(0, 3L);
        counts.set(1, 2L);
        counts.set(DurationHistogram.BUCKETS - 1, 1L);
        sources.add(sink -> sink.histogram(
                Metric.LUN_OPERATION_DURATION,
                new DurationHistogram(counts, 40_000_500_000L),
                "iqn.2026-11.io.sluice:t",
                "0",
                "disk",
                "read"));
        String labels = "backstore=\"disk\",lun=\"0\",operation=\"read\",target=\"iqn.2026-11.io.sluice:t\"";
        String name = "sluice_lun_operation_duration_seconds";
        List<String> lines = text().lines().toList();
        assertTrue(lines.contains(name + "_bucket{" + labels + ",le=\"5.0E-5\"} 3"));
        assertTrue(lines.contains(name + "_bucket{" + labels + ",le=\"1.0E-4\"} 5"));
        assertTrue(lines.contains(name + "_bucket{" + labels + ",le=\"30.0\"} 5"));
        assertTrue(lines.contains(name + "_bucket{" + labels + ",le=\"+Inf\"} 6"));
        assertTrue(lines.contains(name + "_count{" + labels + "} 6"));
        assertTrue(lines.contains(name + "_sum{" + labels + "} 40.0005"));
    }

    @Test
    public void oneSourceThatFailsDoesNotTakeTheOthersAway() {
        sources.add(sink -> {
            throw new IllegalStateException("goes just now");
        });
        sources.add(ALL);
        sources.add(sink -> {
            throw new NoClassDefFoundError("gone");
        });
        assertTrue(text().contains("sluice_targets 1.0\n"));
    }

    @Test
    public void whatTwoTellOfTheSameIsToldOnce() {
        sources.add(sink -> sink.value(Metric.CONNECTIONS, 5));
        sources.add(sink -> sink.value(Metric.CONNECTIONS, 7));
        assertEquals(
                List.of("sluice_connections 7.0"),
                text().lines()
                        .filter(line -> line.startsWith("sluice_connections "))
                        .toList());
    }

    /** Names of initiators may be anything that a login may have. */
    @Test
    public void aNameDoesNotGetOutOfItsQuotes() {
        sources.add(sink -> sink.value(Metric.INITIATOR_BYTES, 1, "a\"} 2\n\\x", "t", "read"));
        assertTrue(text().contains("initiator=\"a\\\"} 2\\n\\\\x\""));
    }

    @Test
    public void theMachineIsMeasuredToo() {
        String text = text();
        Stream.of(
                        "jvm_gc_collection_seconds_count",
                        "jvm_memory_used_bytes",
                        "jvm_buffer_pool_used_bytes",
                        "jvm_threads_current",
                        "process_cpu_seconds_total",
                        "process_resident_memory_bytes",
                        "process_open_fds")
                .forEach(name -> assertTrue(name, text.contains("\n" + name)));
    }

    @Test(expected = IllegalArgumentException.class)
    public void aHistogramIsNoNumber() {
        new Scrape().value(Metric.LUN_OPERATION_DURATION, 1, "t", "0", "b", "read");
    }

    @Test(expected = IllegalArgumentException.class)
    public void aNumberIsNoHistogram() {
        new Scrape().histogram(Metric.TARGETS, DurationHistogram.NONE);
    }
}
