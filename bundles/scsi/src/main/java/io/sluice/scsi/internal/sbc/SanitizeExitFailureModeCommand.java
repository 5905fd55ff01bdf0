package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** SANITIZE with EXIT FAILURE MODE (SBC-4 5.30.2.7): leaves the state after a failed sanitize operation. */
public final class SanitizeExitFailureModeCommand implements Command {

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        if (CdbFormat.CDB10.length(execution.cdb()) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(7, -1));
        }
        execution.unit().requireStore(execution.mapping());
        if (execution.unit().erasure().running()) {
            execution.unit().erasure().requireNone();
        }
        if (!execution.unit().erasure().mayExitFailure()) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 4));
        }
        execution.thenUnlessStopped(execution.unit().erasure().exitFailure(), execution::good);
    }
}
