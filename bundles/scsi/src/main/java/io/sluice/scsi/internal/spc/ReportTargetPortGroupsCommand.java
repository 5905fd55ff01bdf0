package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.TargetDevice;

/** REPORT TARGET PORT GROUPS (SPC-5 6.36): the one group of the target, its state and its port. */
public final class ReportTargetPortGroupsCommand implements Command {

    private static final int DESCRIPTOR = 8;
    private static final int PORT = 4;
    private static final int EXTENDED_HEADER = 0x10;

    /** U_SUP, S_SUP, AN_SUP and AO_SUP: all states that an operator or initiator may set. */
    private static final int SUPPORTED_STATES = 0x0F;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int format = cdb[1] >> 5 & 0x07;
        if (format > 1) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 7));
        }
        int header = format == 0 ? 4 : 8;
        TargetDevice target = execution.mapping().target();
        int group = execution.nexus().targetPort().groupTag();
        byte[] data = new byte[header + DESCRIPTOR + PORT];
        Bytes.put32(data, 0, data.length - 4);
        if (format != 0) {
            data[4] = EXTENDED_HEADER;
        }
        data[header] = (byte) target.accessState().code();
        data[header + 1] = SUPPORTED_STATES;
        Bytes.put16(data, header + 2, group);
        data[header + 5] = (byte) target.accessStatusCode();
        data[header + 7] = 1;
        Bytes.put16(data, header + DESCRIPTOR + 2, group);
        execution.respond(data, CdbFormat.CDB12.length(cdb));
    }
}
