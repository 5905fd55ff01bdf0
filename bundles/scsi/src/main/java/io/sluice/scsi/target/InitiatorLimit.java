package io.sluice.scsi.target;

import io.sluice.backstore.pace.Limits;
import io.sluice.backstore.pace.Pacer;

/** The limit of one initiator; where there is none, asking costs one volatile read. Thread-safe. */
final class InitiatorLimit {

    /** Of who is no initiator of the configuration. */
    static final InitiatorLimit NONE = new InitiatorLimit();

    private volatile Pacer pacer;

    /** Returns what lets commands begin; null if nothing is limited. */
    Pacer pacer() {
        Pacer present = pacer;
        return present == null || !present.unlimited() ? present : restOf(present);
    }

    /** A limit that was taken away stays until nothing waits there any more, so that nobody passes those that waited. */
    private synchronized Pacer restOf(Pacer seen) {
        if (pacer == seen && seen.idle()) {
            pacer = null;
        }
        return pacer;
    }

    synchronized void set(Limits limits, Pacer.Clock clock) {
        if (pacer != null) {
            pacer.set(limits);
        } else if (!limits.none()) {
            pacer = new Pacer(limits, clock);
        }
    }
}
