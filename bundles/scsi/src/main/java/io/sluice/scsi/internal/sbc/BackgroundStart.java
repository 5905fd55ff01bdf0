package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.Execution;
import io.sluice.volume.Volume;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

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
        CompletableFuture<Void> response = new CompletableFuture<>();
        execution.unit().erasure().begin(store, erasure).whenComplete((erased, failure) -> {
            if (failure == null) {
                response.complete(null);
            } else {
                response.completeExceptionally(failure);
                reportLater(execution, immediate);
            }
        });
        if (immediate) {
            execution.good();
        } else {
            // The command may be aborted; the erasure goes on.
            execution.onAbort(() -> response.completeExceptionally(new CancellationException()));
            execution.endAfter(response);
        }
    }

    private static void reportLater(Execution execution, boolean immediate) {
        SenseData state = execution.unit().erasure().state();
        if (immediate && state != null) {
            execution.unit().deferError(execution.nexus(), state);
        }
    }
}
