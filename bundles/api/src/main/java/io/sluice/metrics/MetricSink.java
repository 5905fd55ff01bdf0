package io.sluice.metrics;

import org.osgi.annotation.versioning.ProviderType;

/** Takes the numbers of one look. For one thread. */
@ProviderType
public interface MetricSink {

    /**
     * Takes a number.
     *
     * @param metric a counter or a gauge
     * @param value in its unit
     * @param labels a value for each of its labels, in their order
     */
    void value(Metric metric, double value, String... labels);

    /**
     * Takes a histogram.
     *
     * @param metric a histogram
     * @param durations what it is of
     * @param labels a value for each of its labels, in their order
     */
    void histogram(Metric metric, DurationHistogram durations, String... labels);
}
