package io.sluice.scsi.internal;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.io.IOException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The part of a unit's state that outlives the process: a change counts once it is saved. Thread-safe. */
public final class DurableState {

    private static final Logger LOG = LoggerFactory.getLogger(DurableState.class);

    private final String unit;
    private final UnitStateStore store;
    private UnitState state;

    DurableState(String unit, UnitStateStore store, UnitState loaded) {
        this.unit = unit;
        this.store = store;
        this.state = loaded;
    }

    /** Returns what is saved now. */
    public synchronized UnitState get() {
        return state;
    }

    /**
     * Changes and saves the state; a change that changes nothing is not written.
     *
     * @throws CheckConditionException INTERNAL TARGET FAILURE if it cannot be saved; the state is as it was
     */
    public synchronized void update(UnaryOperator<UnitState> change) throws CheckConditionException {
        UnitState changed = change.apply(state);
        if (changed.equals(state)) {
            return;
        }
        try {
            store.save(changed);
            state = changed;
        } catch (IOException failed) {
            LOG.error("unit={} its state cannot be saved: {}", unit, failed.getMessage(), failed);
            throw new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE);
        }
    }
}
