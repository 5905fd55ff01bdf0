package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/**
 * PRE-FETCH(10) and (16) (SBC-4 5.13, 5.14). The unit has no cache of its own, so that the blocks do not all fit: GOOD,
 * not CONDITION MET.
 */
public final class PreFetchCommand implements Command {

    private final CdbFormat format;

    /** @param format which of the forms */
    public PreFetchCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockRange.check(execution.store().geometry(), format.lba(cdb), format.length(cdb));
        execution.good();
    }
}
