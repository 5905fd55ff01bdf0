package io.sluice.scsi.internal.spc;

import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** REPORT SUPPORTED TASK MANAGEMENT FUNCTIONS (SPC-5 6.35). */
public final class ReportSupportedTaskManagementFunctionsCommand implements Command {

    private static final int REPD = 0x80;
    private static final int LENGTH = 4;
    private static final int EXTENDED_LENGTH = 16;

    /** ATS, ATSS, CTSS and LURS: ABORT TASK, ABORT TASK SET, CLEAR TASK SET and LOGICAL UNIT RESET. */
    private static final int FUNCTIONS = 0x80 | 0x40 | 0x10 | 0x08;

    @Override
    public void execute(Execution execution) {
        byte[] cdb = execution.cdb();
        byte[] data = new byte[(cdb[2] & REPD) != 0 ? EXTENDED_LENGTH : LENGTH];
        data[0] = (byte) FUNCTIONS;
        data[3] = (byte) (data.length - LENGTH);
        execution.respond(data, Bytes.u32(cdb, CdbFormat.CDB12.lengthBytes() - 6));
    }
}
