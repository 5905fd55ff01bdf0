package io.sluice.scsi.internal.unit;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whether the medium is in the unit, and which nexuses prevent its removal (SBC-4 4.9, 5.15). Thread-safe. */
public final class RemovableMedium {

    private final boolean removable;
    private final Set<Nexus> preventers = ConcurrentHashMap.newKeySet();
    private volatile boolean loaded = true;

    RemovableMedium(boolean removable) {
        this.removable = removable;
    }

    /** Returns whether the medium can be ejected at all. */
    public boolean removable() {
        return removable;
    }

    /** Returns whether the medium is in the unit. */
    public boolean loaded() {
        return loaded;
    }

    /** Prevents or allows removal on behalf of a nexus. */
    public void prevent(Nexus nexus, boolean prevent) {
        if (prevent) {
            preventers.add(nexus);
        } else {
            preventers.remove(nexus);
        }
    }

    /** Allows removal again as far as this nexus is concerned: it is gone. */
    void forget(Nexus nexus) {
        preventers.remove(nexus);
    }

    /** Allows removal again: the unit was reset. */
    void reset() {
        preventers.clear();
    }

    /**
     * Loads or ejects the medium.
     *
     * @return whether anything changed
     * @throws CheckConditionException MEDIUM REMOVAL PREVENTED
     */
    public boolean setLoaded(boolean load) throws CheckConditionException {
        if (!preventers.isEmpty()) {
            throw new CheckConditionException(Sense.MEDIUM_REMOVAL_PREVENTED);
        }
        boolean changed = loaded != load;
        loaded = load;
        return changed;
    }
}
