package io.sluice.iscsi.trace;

import io.sluice.management.TraceLines;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.management.TransportTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * The trace of a server: one at a time. Connections look at one field of it for each PDU, and find nothing there as long as
 * there is no trace. Any thread may call.
 */
public final class Tracer implements TransportTrace {

    /** How long what a trace has is kept after its end. */
    private static final Duration KEPT = Duration.ofHours(1);

    private final ScheduledExecutorService clock;
    private volatile Trace current;

    /** Guarded by this, like those below. */
    private Trace last;

    private ScheduledFuture<?> later;
    private long count;

    /** @param clock ends traces whose time is over */
    public Tracer(ScheduledExecutorService clock) {
        this.clock = clock;
    }

    /** Returns the trace that runs, or null. */
    Trace current() {
        return current;
    }

    @Override
    public synchronized boolean start(TraceRequest request) {
        if (current != null) {
            return false;
        }
        cancel();
        Trace begun = new Trace(++count, request);
        last = begun;
        current = begun;
        later = clock.schedule(() -> stop(begun), request.duration().toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    @Override
    public synchronized boolean stop() {
        return stop(current);
    }

    private synchronized boolean stop(Trace which) {
        if (which == null || current != which) {
            return false;
        }
        current = null;
        which.end();
        cancel();
        later = clock.schedule(() -> forget(which), KEPT.toNanos(), TimeUnit.NANOSECONDS);
        return true;
    }

    private void cancel() {
        if (later != null) {
            later.cancel(false);
        }
    }

    private synchronized void forget(Trace which) {
        which.forget();
        if (last == which) {
            last = null;
        }
    }

    private synchronized Trace last() {
        return last;
    }

    @Override
    public TraceStatus status() {
        Trace trace = last();
        return trace == null ? TraceStatus.NONE : trace.status();
    }

    @Override
    public TraceLines lines(long from, int most) {
        Trace trace = last();
        return trace == null ? new TraceLines(List.of(), from, 0, false) : trace.lines(from, most);
    }

    @Override
    public void write(OutputStream out) throws IOException {
        Capture capture = new Capture(out);
        Trace trace = last();
        if (trace != null) {
            capture.write(trace.pdus());
        }
    }
}
