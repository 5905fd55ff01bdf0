package io.sluice.scsi.internal.unit;

import io.sluice.metrics.CommandStatistics;
import io.sluice.metrics.DurationHistogram;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/** Counts commands of one kind. Takes no lock, and no memory after it was made. Thread-safe. */
final class CommandCounter {

    private final LongAdder[] buckets =
            Stream.generate(LongAdder::new).limit(DurationHistogram.BUCKETS).toArray(LongAdder[]::new);
    private final LongAdder nanos = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    void add(long tookNanos, long movedBytes) {
        nanos.add(tookNanos);
        buckets[DurationHistogram.bucket(tookNanos)].increment();
        if (movedBytes > 0) {
            bytes.add(movedBytes);
        }
    }

    CommandStatistics statistics() {
        return new CommandStatistics(
                new DurationHistogram(Stream.of(buckets).map(LongAdder::sum).toList(), nanos.sum()), bytes.sum());
    }
}
