package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.util.HexFormat;

/** REPORT IDENTIFYING INFORMATION (SPC-5 6.31). */
public final class ReportIdentifyingInformationCommand implements Command {

    private static final int HEADER = 4;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int code = cdb[10] >> 1 & 0x7F;
        byte[] data = code == IdentifyingInformation.SUPPORTED ? supported() : information(execution, code);
        execution.respond(data, CdbFormat.CDB12.length(cdb));
    }

    private static byte[] supported() {
        IdentifyingInformation[] types = IdentifyingInformation.values();
        byte[] data = new byte[HEADER + 4 * types.length];
        Bytes.put16(data, 2, data.length - HEADER);
        for (int i = 0; i < types.length; i++) {
            data[HEADER + 4 * i] = (byte) (types[i].code() << 1);
            Bytes.put16(data, HEADER + 4 * i + 2, types[i].maximumLength());
        }
        return data;
    }

    private static byte[] information(Execution execution, int code) throws CheckConditionException {
        if (IdentifyingInformation.of(code) == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(10, 7));
        }
        String digits =
                execution.unit().durable().get().identifyingInformation().getOrDefault(code, "");
        byte[] information = HexFormat.of().parseHex(digits);
        byte[] data = new byte[HEADER + information.length];
        Bytes.put16(data, 2, information.length);
        System.arraycopy(information, 0, data, HEADER, information.length);
        return data;
    }
}
