package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import java.util.concurrent.ConcurrentHashMap;

/** What each nexus has put into the echo buffer (SPC-5 6.18.7, 6.49.8). Thread-safe. */
public final class EchoBuffers {

    /** How much fits, in bytes. */
    public static final int CAPACITY = 4096;

    private final ConcurrentHashMap<Nexus, byte[]> buffers = new ConcurrentHashMap<>();

    /** Keeps data for a nexus, in place of what it had put there before. */
    public void put(Nexus nexus, byte[] data) {
        buffers.put(nexus, data);
    }

    /** Returns what a nexus has put there, or null. */
    public byte[] get(Nexus nexus) {
        return buffers.get(nexus);
    }

    /** Forgets a nexus that is gone. */
    public void forget(Nexus nexus) {
        buffers.remove(nexus);
    }
}
