package io.sluice.management;

import io.sluice.config.ConfigException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Shows what initiators send and are sent. There is one trace at a time for the gateway; it costs nothing while there is none.
 * What proves who somebody is, is never in it. Any thread may call; nothing waits for an initiator.
 */
@ProviderType
public interface TraceManagement {

    /**
     * Begins a trace, also of sessions that are there already; the one before is forgotten.
     *
     * @throws ConfigException if one runs, or there is no such target
     */
    void start(TraceRequest request) throws ConfigException;

    /**
     * Ends the trace. What it has is kept until the next one begins, or for an hour.
     *
     * @throws ConfigException if none runs
     */
    void stop() throws ConfigException;

    /** Returns how the trace is. */
    TraceStatus status();

    /**
     * Returns lines of the trace of the moment, or of the last one.
     *
     * @param from number of the first; earlier ones that had to go are counted
     * @param most how many at most
     */
    TraceLines lines(long from, int most);

    /**
     * Writes the PDUs of the trace into a new file of the gateway's folder for them, as a capture that Wireshark reads; for its
     * owner alone.
     *
     * @param name name of the file, without a folder; it ends in {@code .pcap}
     * @return where the file is
     * @throws ConfigException if there is such a file already, nothing to write, or it cannot be written
     */
    String export(String name) throws ConfigException;
}
