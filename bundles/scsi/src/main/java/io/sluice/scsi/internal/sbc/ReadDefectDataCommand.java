package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** READ DEFECT DATA(10) and (12) (SBC-4 5.23, 5.24): there are no defects to list. */
public final class ReadDefectDataCommand implements Command {

    private static final int FORMAT = 0x07;
    private static final int LISTS = 0x18;
    private static final int LONGEST_FORMAT = 0x06;

    private final CdbFormat format;

    /** @param format which of the forms */
    public ReadDefectDataCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        boolean ten = format == CdbFormat.CDB10;
        int flagsOffset = ten ? 2 : 1;
        int flags = execution.cdb()[flagsOffset];
        if ((flags & FORMAT) > LONGEST_FORMAT) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(flagsOffset, 2));
        }
        byte[] data = new byte[ten ? 4 : 8];
        data[1] = (byte) (flags & (LISTS | FORMAT));
        Bytes.put16(data, 2, 0);
        execution.respond(data, format.length(execution.cdb()));
    }
}
