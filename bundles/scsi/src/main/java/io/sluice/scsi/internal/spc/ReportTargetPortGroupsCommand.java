package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.PortGroup;
import java.util.List;

/** REPORT TARGET PORT GROUPS (SPC-5 6.36): the groups of all targets that the unit is mapped into, with states and ports. */
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
        List<PortGroup> groups = execution.unit().ports().groups();
        byte[] data = new byte[header + groups.size() * (DESCRIPTOR + PORT)];
        Bytes.put32(data, 0, data.length - 4);
        if (format != 0) {
            data[4] = EXTENDED_HEADER;
        }
        int offset = header;
        for (PortGroup group : groups) {
            int number = group.port().number();
            data[offset] = (byte) group.state().code();
            data[offset + 1] = SUPPORTED_STATES;
            Bytes.put16(data, offset + 2, number);
            data[offset + 5] = (byte) group.statusCode();
            data[offset + 7] = 1;
            Bytes.put16(data, offset + DESCRIPTOR + 2, number);
            offset += DESCRIPTOR + PORT;
        }
        execution.respond(data, CdbFormat.CDB12.length(cdb));
    }
}
