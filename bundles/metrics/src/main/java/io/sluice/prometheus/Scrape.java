package io.sluice.prometheus;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * One look at all numbers, in the model of Prometheus. What two sources tell of the same thing, because one takes the place of
 * the other just now, is what was told last: a scrape with a line twice would be refused as a whole.
 */
final class Scrape implements MetricSink {

    private static final double NANOS = 1e9;
    private static final double[] BOUNDS = DoubleStream.concat(
                    DoubleStream.of(DurationHistogram.boundsSeconds()), DoubleStream.of(Double.POSITIVE_INFINITY))
            .toArray();

    private final Map<Metric, Map<Labels, DataPointSnapshot>> points = new EnumMap<>(Metric.class);

    @Override
    public void value(Metric metric, double value, String... labels) {
        Labels named = labels(metric, labels);
        add(
                metric,
                switch (metric.kind()) {
                    case COUNTER -> new CounterDataPointSnapshot(value, named, null, 0);
                    case GAUGE -> new GaugeDataPointSnapshot(value, named, null);
                    case HISTOGRAM -> throw new IllegalArgumentException(metric + " is a histogram");
                });
    }

    @Override
    public void histogram(Metric metric, DurationHistogram durations, String... labels) {
        if (metric.kind() != Metric.Kind.HISTOGRAM) {
            throw new IllegalArgumentException(metric + " is no histogram");
        }
        long[] counts =
                durations.counts().stream().flatMapToLong(LongStream::of).toArray();
        add(
                metric,
                new HistogramDataPointSnapshot(
                        ClassicHistogramBuckets.of(BOUNDS, counts),
                        durations.nanos() / NANOS,
                        labels(metric, labels),
                        Exemplars.EMPTY,
                        0));
    }

    private static Labels labels(Metric metric, String... values) {
        return Labels.of(metric.labels().toArray(String[]::new), values);
    }

    private void add(Metric metric, DataPointSnapshot point) {
        points.computeIfAbsent(metric, first -> new LinkedHashMap<>()).put(point.getLabels(), point);
    }

    /** Returns all of it, with what others have. */
    MetricSnapshots with(MetricSnapshots others) {
        return new MetricSnapshots(Stream.concat(
                        points.entrySet().stream()
                                .map(family -> snapshot(
                                        family.getKey(), family.getValue().values())),
                        others.stream())
                .toList());
    }

    private static MetricSnapshot snapshot(Metric metric, Collection<DataPointSnapshot> points) {
        MetricMetadata about = new MetricMetadata(metric.familyName(), metric.help());
        return switch (metric.kind()) {
            case COUNTER -> new CounterSnapshot(about, all(points, CounterDataPointSnapshot.class));
            case GAUGE -> new GaugeSnapshot(about, all(points, GaugeDataPointSnapshot.class));
            case HISTOGRAM -> new HistogramSnapshot(about, all(points, HistogramDataPointSnapshot.class));
        };
    }

    private static <T> Collection<T> all(Collection<DataPointSnapshot> points, Class<T> type) {
        return points.stream().map(type::cast).toList();
    }
}
