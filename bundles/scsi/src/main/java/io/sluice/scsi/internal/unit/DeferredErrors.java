package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.SenseData;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Failures of what went on after a command had ended with GOOD status (SPC-5 4.4.5): each is told once, to the initiator
 * whose command it was. Thread-safe.
 */
final class DeferredErrors {

    private static final int MOST_PER_NEXUS = 16;

    private final ConcurrentHashMap<Nexus, Queue<SenseData>> errors = new ConcurrentHashMap<>();

    /** Keeps a failure for a nexus; of very many, the first are kept. */
    void add(Nexus nexus, SenseData failure) {
        Queue<SenseData> queue = errors.computeIfAbsent(nexus, key -> new ConcurrentLinkedQueue<>());
        if (queue.size() < MOST_PER_NEXUS) {
            queue.add(failure.asDeferred());
        }
    }

    /** Returns the oldest failure of a nexus and forgets it, or null. */
    SenseData poll(Nexus nexus) {
        Queue<SenseData> queue = errors.isEmpty() ? null : errors.get(nexus);
        return queue == null ? null : queue.poll();
    }

    /** Forgets a nexus that is gone. */
    void forget(Nexus nexus) {
        errors.remove(nexus);
    }
}
