package io.sluice.metrics;

import org.osgi.annotation.versioning.ConsumerType;

/** Who has numbers, found as a service. */
@ConsumerType
public interface MetricSource {

    /** Tells what it has now. Any thread may call, several at a time; it never waits, and asks no storage. */
    void collect(MetricSink sink);
}
