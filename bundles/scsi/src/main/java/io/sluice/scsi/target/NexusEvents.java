package io.sluice.scsi.target;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the listener of a nexus on a thread of its own, because who establishes a unit attention may hold locks. What has not
 * been told yet is kept once for each LUN and kind, so however much happens, a nexus waits in the queue once. Thread-safe.
 */
final class NexusEvents {

    private static final Logger LOG = LoggerFactory.getLogger(NexusEvents.class);
    private static final long IDLE_SECONDS = 5;
    private static final Executor TELLER = teller();

    private final Nexus nexus;

    /** Guarded by this. */
    private Set<Event> untold = new LinkedHashSet<>();

    private record Event(long lun, Sense condition) {}

    NexusEvents(Nexus nexus) {
        this.nexus = nexus;
    }

    private static Executor teller() {
        ThreadPoolExecutor one =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "sluice-scsi-events");
                    thread.setDaemon(true);
                    return thread;
                });
        one.allowCoreThreadTimeOut(true);
        return one;
    }

    /** Has a listener told; returns at once. */
    void tell(Nexus.Listener listener, long lun, Sense condition) {
        boolean first;
        synchronized (this) {
            first = untold.isEmpty();
            untold.add(new Event(lun, condition));
        }
        if (first) {
            TELLER.execute(() -> flush(listener));
        }
    }

    private void flush(Nexus.Listener listener) {
        List<Event> events;
        synchronized (this) {
            events = List.copyOf(untold);
            untold = new LinkedHashSet<>();
        }
        for (Event event : events) {
            try {
                listener.attention(event.lun(), SenseData.of(event.condition()));
            } catch (RuntimeException bug) {
                LOG.error("{} could not be told {}", nexus, event.condition(), bug);
            }
        }
    }
}
