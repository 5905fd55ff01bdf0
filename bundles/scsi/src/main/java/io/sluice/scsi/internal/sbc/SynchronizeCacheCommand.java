package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.util.concurrent.CompletionStage;

/**
 * SYNCHRONIZE CACHE(10) and (16) (SBC-4 5.33, 5.34). The whole store is flushed, which covers any range; the flush begins
 * when the command has its turn, after everything that it covers has ended. With IMMED the status comes at once, and a failure
 * is a deferred error; the task stays in the task set until the flush has ended.
 */
public final class SynchronizeCacheCommand implements Command {

    private static final int IMMED = 0x02;

    private final CdbFormat format;

    /** @param format which of the forms */
    public SynchronizeCacheCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockRange.check(execution.store().geometry(), format.lba(cdb), format.blocks(cdb));
        CompletionStage<Void> flush = execution.store().flush();
        if ((cdb[1] & IMMED) == 0) {
            execution.endAfter(flush);
        } else {
            execution.goodBefore(flush);
        }
    }
}
