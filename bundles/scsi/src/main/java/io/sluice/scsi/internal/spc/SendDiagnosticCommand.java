package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.BlockDevice;

/** SEND DIAGNOSTIC (SPC-5 6.43): the self-test is that the medium can be used, where it is served; there are no diagnostic pages. */
public final class SendDiagnosticCommand implements Command {

    private static final int SELFTEST = 0x04;
    private static final int RESERVED_CODES = 1 << 3 | 1 << 7;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int code = cdb[1] >> 5 & 0x07;
        if ((RESERVED_CODES >> code & 1) != 0 || (code != 0 && (cdb[1] & SELFTEST) != 0)) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 7));
        }
        if (Bytes.u16(cdb, 3) != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(3, -1));
        }
        BlockDevice unit = execution.unit();
        if (!unit.access().standby() && unit.storeIfReady() == null) {
            throw new CheckConditionException(Sense.LOGICAL_UNIT_NOT_READY);
        }
        execution.good();
    }
}
