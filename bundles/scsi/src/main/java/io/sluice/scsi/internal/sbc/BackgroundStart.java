package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.util.concurrent.CompletionStage;

/** Begins an erasure for a command, which ends with it or, with IMMED, at once. */
final class BackgroundStart {

    private static final int IMMED = 0x80;

    private BackgroundStart() {}

    /** Begins what SANITIZE asks for, whose IMMED bit is bit 7 of byte 1. */
    static void begin(Execution execution, Volume store, Erasure erasure) throws CheckConditionException {
        begin(execution, store, erasure, (execution.cdb()[1] & IMMED) != 0);
    }

    static void begin(Execution execution, Volume store, Erasure erasure, boolean immediate)
            throws CheckConditionException {
        // The right to write may be gone since the parameters were asked for.
        execution.unit().requireStore(execution.mapping());
        CompletionStage<CompletionStage<Void>> begun =
                execution.unit().erasure().begin(store, erasure, execution.era());
        execution.thenUnlessStopped(begun, () -> {
            CompletionStage<Void> erased = begun.toCompletableFuture().join();
            if (immediate) {
                erased.whenComplete((done, failure) -> reportLater(execution));
                execution.good();
            } else {
                // The command may be aborted; the erasure goes on.
                execution.thenUnlessStopped(erased, execution::good);
            }
        });
    }

    private static void reportLater(Execution execution) {
        SenseData failure = execution.unit().erasure().failure();
        if (failure != null) {
            execution.unit().deferError(execution.nexus(), failure);
        }
    }
}
