package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.BlockRange;
import io.sluice.scsi.internal.CdbFormat;
import io.sluice.scsi.internal.Command;
import io.sluice.scsi.internal.Execution;

/**
 * SYNCHRONIZE CACHE(10) and (16) (SBC-4 5.33, 5.34). The whole store is flushed, which covers any range. With IMMED the
 * status still comes after the flush: an error then has a command to be reported for.
 */
public final class SynchronizeCacheCommand implements Command {

    private final CdbFormat format;

    /** @param format which of the forms */
    public SynchronizeCacheCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockRange.check(execution.store().geometry(), format.lba(cdb), format.blocks(cdb));
        execution.endAfter(execution.store().flush());
    }
}
