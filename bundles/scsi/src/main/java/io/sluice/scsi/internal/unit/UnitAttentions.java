package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * The unit attention conditions of a unit, per I_T nexus (SAM-5 5.14): each condition once, reported in the order in
 * which {@link Sense} declares them, so that a reset comes before what it brought about. Thread-safe.
 */
final class UnitAttentions {

    private static final Sense[] CONDITIONS = Sense.values();

    /** Unit attentions stand together; this is the first of them. */
    private static final int FIRST = Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED.ordinal();

    private final BlockDevice unit;
    private final ConcurrentHashMap<Nexus, Queue> queues = new ConcurrentHashMap<>();

    /** Conditions of one nexus: a bit for each, because there is one of these for each nexus and LUN. */
    private static final class Queue {
        private final NexusView view;

        /** Written under the lock of this; one volatile read is the fast answer for every command. */
        private volatile long pending;

        private Queue(NexusView view) {
            this.view = view;
        }

        /** Returns whether it was not pending yet. */
        private synchronized boolean add(Sense condition) {
            long before = pending;
            pending = before | bit(condition);
            return pending != before;
        }

        private synchronized void remove(Sense condition) {
            pending &= ~bit(condition);
        }

        private synchronized Sense poll() {
            Sense condition = first();
            if (condition != null) {
                remove(condition);
            }
            return condition;
        }

        private Sense first() {
            long now = pending;
            return now == 0 ? null : CONDITIONS[FIRST + Long.numberOfTrailingZeros(now)];
        }

        private static long bit(Sense condition) {
            return 1L << (condition.ordinal() - FIRST);
        }
    }

    UnitAttentions(BlockDevice unit) {
        this.unit = unit;
    }

    /** Begins to keep conditions for a nexus, if none are kept yet: the unit is new to it. */
    void join(NexusView view) {
        Queue queue = new Queue(view);
        queue.add(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        queues.putIfAbsent(view.nexus(), queue);
    }

    /** Forgets a nexus. */
    void forget(Nexus nexus) {
        queues.remove(nexus);
    }

    /** Establishes a condition for every nexus that matches. */
    void establish(Sense condition, Predicate<Nexus> which) {
        queues.forEach((nexus, queue) -> {
            if (which.test(nexus) && queue.add(condition)) {
                queue.view.established(unit, condition);
            }
        });
    }

    /** Establishes a condition for one nexus; returns whether it was not pending yet. */
    boolean establish(Sense condition, Nexus nexus) {
        Queue queue = queues.get(nexus);
        if (queue == null || !queue.add(condition)) {
            return false;
        }
        queue.view.established(unit, condition);
        return true;
    }

    /** Returns the next condition of a nexus and clears it, or null. */
    Sense poll(Nexus nexus) {
        Queue queue = queues.get(nexus);
        return queue == null || queue.pending == 0 ? null : queue.poll();
    }

    /** Returns the next condition of a nexus and leaves it pending, or null. */
    Sense peek(Nexus nexus) {
        Queue queue = queues.get(nexus);
        return queue == null ? null : queue.first();
    }

    /** Returns the nexuses that there are. */
    Set<Nexus> nexuses() {
        return queues.keySet();
    }

    /** Returns what the nexuses see that there are. */
    List<NexusView> views() {
        return queues.values().stream().map(queue -> queue.view).toList();
    }

    /** Clears one condition of a nexus. */
    void clear(Nexus nexus, Sense condition) {
        Queue queue = queues.get(nexus);
        if (queue != null) {
            queue.remove(condition);
        }
    }
}
