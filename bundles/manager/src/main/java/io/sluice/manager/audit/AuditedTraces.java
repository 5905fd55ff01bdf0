package io.sluice.manager.audit;

import io.sluice.config.ConfigException;
import io.sluice.management.TraceLines;
import io.sluice.management.TraceManagement;
import io.sluice.management.TraceRequest;
import io.sluice.management.TraceStatus;

/** Writes down who has looked at what hosts send. */
final class AuditedTraces implements TraceManagement {

    private final TraceManagement traces;
    private final AuditTrail trail;

    AuditedTraces(TraceManagement traces, AuditTrail trail) {
        this.traces = traces;
        this.trail = trail;
    }

    @Override
    public void start(TraceRequest request) throws ConfigException {
        trail.order("start a trace" + words(request), () -> traces.start(request));
    }

    private static String words(TraceRequest request) {
        return (request.initiator().isEmpty() ? "" : " of initiator " + request.initiator())
                + (request.target().isEmpty() ? "" : " of target " + request.target())
                + (request.lun() == TraceRequest.ANY_LUN ? "" : " of LUN " + request.lun())
                + (request.dataBytes() == 0 ? "" : " with " + request.dataBytes() + " bytes of data of each PDU");
    }

    @Override
    public void stop() throws ConfigException {
        trail.order("stop the trace", traces::stop);
    }

    @Override
    public TraceStatus status() {
        return traces.status();
    }

    @Override
    public TraceLines lines(long from, int most) {
        return traces.lines(from, most);
    }

    @Override
    public String export(String name) throws ConfigException {
        return trail.change("export the trace as " + name, () -> traces.export(name), file -> "done");
    }
}
