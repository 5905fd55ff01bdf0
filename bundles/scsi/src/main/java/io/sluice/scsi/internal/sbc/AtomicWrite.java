package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.task.FaultSense;
import io.sluice.scsi.internal.unit.WriteIntents;
import io.sluice.volume.OverdueException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A write that is kept aside, made, and let go, for a command that is alone at the blocks; then it ends the command. */
final class AtomicWrite {

    private static final Logger LOG = LoggerFactory.getLogger(AtomicWrite.class);

    private final Execution execution;
    private final long lba;
    private final int blocks;
    private final ByteBuffer[] data;
    private final int length;

    AtomicWrite(Execution execution, long lba, int blocks, ByteBuffer[] data, int length) {
        this.execution = execution;
        this.lba = lba;
        this.blocks = blocks;
        this.data = data;
        this.length = length;
    }

    void begin() {
        execution.unit().writeIntents().keep(lba, lba + blocks, data).whenComplete((kept, failure) -> {
            if (failure == null) {
                write().whenComplete((written, failed) -> end(kept, failed));
            } else {
                LOG.error("{} cannot be kept aside: {}", execution, failure.getMessage(), failure);
                execution.fail(new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE));
            }
        });
    }

    private CompletionStage<Void> write() {
        if (execution.stopped()) {
            return CompletableFuture.failedFuture(new CancellationException());
        }
        try {
            return Objects.requireNonNull(execution.store().write(lba, data, Durability.STABLE));
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** What was kept aside goes also after a failure: it must not come back over what is written later. */
    private void end(WriteIntents.Kept kept, Throwable failure) {
        if (FaultSense.cause(failure) instanceof OverdueException givenUp) {
            kept.letGoAfter(givenUp.over());
            execution.fail(givenUp);
            return;
        }
        kept.letGo().whenComplete((cleared, stays) -> {
            if (stays != null) {
                execution.fail(new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE));
            } else if (failure != null) {
                execution.fail(failure);
            } else {
                execution.unit().threshold().wrote(length);
                execution.good();
            }
        });
    }
}
