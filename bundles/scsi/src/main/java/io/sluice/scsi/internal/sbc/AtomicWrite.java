package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.task.FaultSense;
import io.sluice.scsi.internal.unit.KeptBlocks;
import io.sluice.scsi.internal.unit.Restoration;
import io.sluice.volume.OverdueException;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A write of all blocks or none, for a command that is alone at the blocks; then it ends the command. What was there is kept
 * aside, the blocks are written and flushed, and what is kept is let go; when that fails, it is put back before.
 */
final class AtomicWrite {

    private static final Logger LOG = LoggerFactory.getLogger(AtomicWrite.class);

    private final Execution execution;
    private final Volume volume;
    private final long lba;
    private final int blocks;
    private final ByteBuffer[] data;
    private final ByteBuffer before;
    private final ByteBuffer present;

    /** Takes memory from the task; there may be none. */
    AtomicWrite(Execution execution, long lba, int blocks, ByteBuffer[] data, int length) {
        this.execution = execution;
        this.volume = execution.store();
        this.lba = lba;
        this.blocks = blocks;
        this.data = data;
        int more = Restoration.scratchBytes(length);
        ByteBuffer memory = execution.scratch(length + more);
        this.before = memory.slice(0, length);
        this.present = memory.slice(length, more);
    }

    void begin() {
        BackstoreException distrust = volume.distrust();
        if (distrust != null) {
            // Kept aside, the blocks would be closed for reads too, because nothing could be put back.
            execution.fail(distrust);
            return;
        }
        execution.then(volume.read(lba, before.duplicate()), this::keep);
    }

    private void keep() {
        if (!execution.unit().mayKeepAside()) {
            // It is known of a store that has come only now.
            execution.fail(new CheckConditionException(Sense.INVALID_COMMAND_OPERATION_CODE));
            return;
        }
        execution.unit().writeIntents().keep(lba, lba + blocks, before).whenComplete((kept, failure) -> {
            if (failure != null) {
                LOG.error("{} cannot keep aside what it overwrites: {}", execution, failure.getMessage(), failure);
                execution.fail(new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE));
            } else if (execution.stopped()) {
                end(kept, new CancellationException());
            } else if (!execution.inTime()) {
                end(kept, over());
            } else {
                write(kept);
            }
        });
    }

    /** Written first and flushed then, so that it is known which of the two has failed. */
    private void write(KeptBlocks kept) {
        execution
                .writeBack(lba, data, Durability.CACHED)
                .thenCompose(written -> volume.flush())
                .whenComplete((stable, failure) -> {
                    if (failure == null) {
                        end(kept, null);
                    } else {
                        undo(kept, failure);
                    }
                });
    }

    private void undo(KeptBlocks kept, Throwable failure) {
        if (FaultSense.cause(failure) instanceof OverdueException givenUp) {
            kept.closeUntil(givenUp.over());
            execution.fail(givenUp);
            return;
        }
        if (FaultSense.isBusy(FaultSense.cause(failure))) {
            // Nothing was tried: a store has no time for a write, and never for a flush.
            end(kept, failure);
            return;
        }
        volume.repair(this::restore).thenCompose(restored -> volume.flush()).whenComplete((stable, broken) -> {
            if (broken == null) {
                end(kept, failure);
            } else if (FaultSense.cause(broken) instanceof OverdueException givenUp) {
                kept.closeUntil(givenUp.over());
                execution.fail(givenUp);
            } else {
                kept.close(broken);
                execution.fail(failure);
            }
        });
    }

    /** What was kept of a medium that is another one by now has gone with it, and is put back where that is. */
    private CompletionStage<Void> restore(Backstore open) {
        return execution.inTime()
                ? new Restoration(open, lba, before, present).run()
                : CompletableFuture.failedFuture(over());
    }

    private CheckConditionException over() {
        return new CheckConditionException(execution.unit().access().over());
    }

    /** The blocks are all old or all new, on stable storage. */
    private void end(KeptBlocks kept, Throwable failure) {
        kept.letGo().whenComplete((cleared, stays) -> {
            if (failure != null) {
                execution.fail(failure);
            } else if (!execution.inTime()) {
                execution.fail(over());
            } else if (stays != null) {
                execution.fail(new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE));
            } else {
                execution.unit().threshold().wrote(before.capacity());
                execution.good();
            }
        });
    }
}
