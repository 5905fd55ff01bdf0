package io.sluice.manager;

import io.sluice.management.TraceLines;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.management.TransportTrace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** A trace that has seen one PDU as soon as it has begun. */
final class FakeTrace implements TransportTrace {

    static final String CONTENT = "a capture";

    /** What the stream of a capture is met with, or null. */
    volatile IOException failure;

    private TraceRequest request;
    private boolean running;

    @Override
    public boolean start(TraceRequest asked) {
        if (running) {
            return false;
        }
        request = asked;
        running = true;
        return true;
    }

    @Override
    public boolean stop() {
        boolean was = running;
        running = false;
        return was;
    }

    @Override
    public TraceStatus status() {
        return request == null
                ? TraceStatus.NONE
                : new TraceStatus(running, request, Instant.EPOCH, Instant.EPOCH, 0, 0, 1, 1, 100);
    }

    @Override
    public TraceLines lines(long from, int most) {
        return new TraceLines(List.of(), from, most, running);
    }

    @Override
    public void write(OutputStream out) throws IOException {
        out.write(CONTENT.getBytes(StandardCharsets.US_ASCII));
        if (failure != null) {
            throw failure;
        }
    }
}
