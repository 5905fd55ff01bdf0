package io.sluice.scsi.internal.log;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** LOG SENSE (SPC-5 6.8): cumulative values; there is nothing to save. */
public final class LogSenseCommand implements Command {

    private static final int SP = 0x01;

    /** PAGE CONTROL: thresholds, cumulative values, and the defaults of both. */
    private static final int CUMULATIVE = 1;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        if ((cdb[1] & SP) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 0));
        }
        int control = cdb[2] >> 6 & 0x03;
        LogPage page = LogPage.find(execution.unit(), cdb[2] & 0x3F, Bytes.u8(cdb, 3));
        if (page == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 5));
        }
        if (control != CUMULATIVE && control != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 7));
        }
        if (Bytes.u16(cdb, 5) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(5, -1));
        }
        long allocation = CdbFormat.CDB10.length(cdb);
        if (page.needsAllocation()) {
            execution.then(
                    execution.unit().threshold().measure(), bytes -> execution.respond(page.encode(bytes), allocation));
        } else {
            execution.respond(page.encode(execution.unit()), allocation);
        }
    }
}
