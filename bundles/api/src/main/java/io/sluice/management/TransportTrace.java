package io.sluice.management;

import java.io.IOException;
import java.io.OutputStream;
import org.osgi.annotation.versioning.ProviderType;

/** The trace of a transport; {@link TraceManagement} says what it is. Any thread may call. */
@ProviderType
public interface TransportTrace {

    /** Begins a trace. Returns false, and does nothing, if one runs. */
    boolean start(TraceRequest request);

    /** Ends the trace. Returns whether one was running. */
    boolean stop();

    /** Returns how the trace is. */
    TraceStatus status();

    /** As {@link TraceManagement#lines}. */
    TraceLines lines(long from, int most);

    /**
     * Writes the PDUs of the trace as a capture.
     *
     * @throws IOException if the stream does not take them
     */
    void write(OutputStream out) throws IOException;
}
