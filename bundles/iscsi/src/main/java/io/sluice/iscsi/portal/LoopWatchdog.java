package io.sluice.iscsi.portal;

import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices an event loop that does not come round, because something in it waits: then all sessions of that loop wait. One
 * warning for each time says what the loop was doing.
 */
final class LoopWatchdog implements Runnable, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatchdog.class);
    private static final double NANOS = 1e9;
    private static final int CHECKS = 5;
    private static final long RECENT_NANOS = 10_000_000_000L;

    private final long patienceNanos;
    private final List<Probe> probes = new ArrayList<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile int stalls;
    private volatile long longestNanos;

    /** What is sent round a loop. */
    private static final class Probe implements Runnable {
        private final Executor loop;
        private volatile Thread thread;
        private volatile boolean back = true;
        private volatile long backAt;
        private long sentAt;
        private boolean reported;
        private final RecentLongest lag = new RecentLongest(RECENT_NANOS, System.nanoTime());

        private Probe(Executor loop) {
            this.loop = loop;
        }

        @Override
        public void run() {
            thread = Thread.currentThread();
            backAt = System.nanoTime();
            back = true;
        }
    }

    /**
     * Begins to watch.
     *
     * @param loops each of one thread
     * @param patienceMillis time that a loop may take to come round
     */
    LoopWatchdog(Iterable<? extends Executor> loops, long patienceMillis) {
        this.patienceNanos = patienceMillis * 1_000_000;
        loops.forEach(loop -> probes.add(new Probe(loop)));
        thread = new Thread(this, "sluice-iscsi-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                probes.forEach(this::check);
                Thread.sleep(Math.max(1, patienceNanos / CHECKS / 1_000_000));
            } catch (InterruptedException | RejectedExecutionException over) {
                return;
            }
        }
    }

    private void check(Probe probe) {
        long now = System.nanoTime();
        if (probe.back) {
            if (probe.reported) {
                note(probe.backAt - probe.sentAt);
                LOG.warn("thread={} came round after {} ms", name(probe), (probe.backAt - probe.sentAt) / 1_000_000);
            }
            if (probe.thread != null) {
                probe.lag.note(probe.backAt - probe.sentAt, now);
            }
            probe.reported = false;
            probe.back = false;
            probe.sentAt = now;
            probe.loop.execute(probe);
        } else if (now - probe.sentAt > patienceNanos) {
            note(now - probe.sentAt);
            probe.lag.note(now - probe.sentAt, now);
            if (!probe.reported) {
                probe.reported = true;
                stalls++;
                LOG.warn(
                        "thread={} has not come round for {} ms, its sessions wait: {}",
                        name(probe),
                        (now - probe.sentAt) / 1_000_000,
                        stack(probe));
            }
        }
    }

    private void note(long nanos) {
        longestNanos = Math.max(longestNanos, nanos);
    }

    private static String name(Probe probe) {
        return probe.thread == null ? "unknown" : probe.thread.getName();
    }

    private static String stack(Probe probe) {
        return probe.thread == null
                ? "it never began"
                : Stream.of(probe.thread.getStackTrace())
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining(" < "));
    }

    /** Tells how long each loop has taken to come round lately, and how often it was too long. */
    void collect(MetricSink sink) {
        for (int loop = 0; loop < probes.size(); loop++) {
            sink.value(Metric.EVENT_LOOP_LAG, probes.get(loop).lag.nanos() / NANOS, Integer.toString(loop));
        }
        sink.value(Metric.EVENT_LOOP_STALLS, stalls);
    }

    /** Returns how often a loop has not come round in time. */
    int stalls() {
        return stalls;
    }

    /** Returns the longest time that a loop took, if it was too long. */
    long longestMillis() {
        return longestNanos / 1_000_000;
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
    }
}
