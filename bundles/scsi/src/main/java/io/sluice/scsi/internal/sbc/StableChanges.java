package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.util.concurrent.CompletionStage;

/** Changes of blocks that are not flushed one by one, and one flush at the end that makes all of them stable. */
final class StableChanges implements Execution.Operations {

    private final Execution.Operations changes;
    private final Volume store;
    private boolean flushed;

    private StableChanges(Execution.Operations changes, Volume store) {
        this.changes = changes;
        this.store = store;
    }

    /** @param durability what the end of all has to mean */
    static Execution.Operations of(Execution.Operations changes, Volume store, Durability durability) {
        return durability == Durability.STABLE ? new StableChanges(changes, store) : changes;
    }

    @Override
    public CompletionStage<Void> next() throws CheckConditionException {
        CompletionStage<Void> change = flushed ? null : changes.next();
        if (change == null && !flushed) {
            flushed = true;
            return store.flush();
        }
        return change;
    }
}
