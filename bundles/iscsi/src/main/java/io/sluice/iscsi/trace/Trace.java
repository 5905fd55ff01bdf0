package io.sluice.iscsi.trace;

import io.sluice.iscsi.trace.TracedEvent.Who;
import io.sluice.management.TraceLine;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;
import io.sluice.scsi.Lun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One trace: what it is of, and what it has seen. Any thread may call. */
final class Trace {

    /** Lines are short, and nobody reads as many. */
    private static final int PART_FOR_LINES = 4;

    private final long id;
    private final TraceRequest request;
    private final Instant since = Instant.now();
    private final long beganAt = System.nanoTime();
    private final long beganEpochNanos = since.getEpochSecond() * 1_000_000_000L + since.getNano();
    private final TraceRing<TracedEvent> events;
    private final TraceRing<TracedPdu> pdus;
    private volatile Instant endedAt;

    /** @param id tells traces apart */
    Trace(long id, TraceRequest request) {
        this.id = id;
        this.request = request;
        this.events = new TraceRing<>(request.memoryBytes() / PART_FOR_LINES);
        this.pdus = new TraceRing<>(request.memoryBytes() - request.memoryBytes() / PART_FOR_LINES);
    }

    long id() {
        return id;
    }

    TraceRequest request() {
        return request;
    }

    /** Returns when something was, from what {@link System#nanoTime} was then. */
    long epochNanos(long nanoTime) {
        return beganEpochNanos + (nanoTime - beganAt);
    }

    /** Returns whether it is about whose session this is. */
    boolean wants(Who who) {
        boolean initiator = request.initiator().isEmpty()
                || request.initiator().equalsIgnoreCase(who.initiator())
                || request.initiator().equals(who.entry());
        return initiator && (request.target().isEmpty() || request.target().equalsIgnoreCase(who.target()));
    }

    /** Returns whether it is about all, so that it does not matter whose a session is. */
    boolean wantsAll() {
        return request.initiator().isEmpty() && request.target().isEmpty();
    }

    /** Returns whether it is about a logical unit. */
    boolean wantsLun(long lun) {
        return request.lun() == TraceRequest.ANY_LUN || Lun.decode(lun) == request.lun();
    }

    void add(TracedEvent event) {
        events.add(event, event.weight());
    }

    void add(TracedPdu pdu) {
        pdus.add(pdu, pdu.weight());
    }

    TraceRing<TracedPdu> pdus() {
        return pdus;
    }

    void end() {
        endedAt = Instant.now();
    }

    /** Lets go of all that it has. */
    void forget() {
        events.clear();
        pdus.clear();
    }

    TraceLines lines(long from, int most) {
        boolean running = endedAt == null;
        TraceRing.Part<TracedEvent> part = events.from(from, most);
        List<TraceLine> lines = new ArrayList<>(part.things().size());
        for (TracedEvent event : part.things()) {
            lines.add(event.line(part.from() + lines.size()));
        }
        return new TraceLines(lines, part.from() + lines.size(), Math.max(0, part.from() - from), running);
    }

    TraceStatus status() {
        Instant ended = endedAt;
        return new TraceStatus(
                ended == null,
                request,
                since,
                ended == null ? since.plus(request.duration()) : ended,
                events.count(),
                events.kept(),
                pdus.count(),
                pdus.kept(),
                events.bytes() + pdus.bytes());
    }
}
