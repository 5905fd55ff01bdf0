package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Lun;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.NexusView;
import java.util.List;

/** REPORT LUNS (SPC-5 6.32): the LUNs that this nexus sees. */
public final class ReportLunsCommand implements Command {

    private static final int HEADER = 8;
    private static final int ENTRY = 8;

    /** SELECT REPORT: units without the well-known ones, those alone, or both. */
    private static final int ORDINARY = 0x00;

    private static final int WELL_KNOWN = 0x01;
    private static final int BOTH = 0x02;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        NexusView view = execution.mapping().view();
        execution.respond(report(execution.cdb(), view), CdbFormat.CDB12.length(execution.cdb()));
        view.reported();
    }

    /**
     * Returns the whole list.
     *
     * @throws CheckConditionException INVALID FIELD IN CDB for another SELECT REPORT
     */
    public static byte[] report(byte[] cdb, NexusView view) throws CheckConditionException {
        int select = Bytes.u8(cdb, 2);
        if (select > BOTH) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
        }
        List<LunMapping> mappings = select == WELL_KNOWN ? List.of() : view.mappings();
        int wellKnown = select == ORDINARY ? 0 : 1;
        byte[] list = new byte[HEADER + ENTRY * (mappings.size() + wellKnown)];
        Bytes.put32(list, 0, list.length - HEADER);
        int offset = HEADER;
        for (LunMapping mapping : mappings) {
            Bytes.put64(list, offset, Lun.encode(mapping.lun()));
            offset += ENTRY;
        }
        if (wellKnown > 0) {
            Bytes.put64(list, offset, Lun.encodeReportLuns());
        }
        return list;
    }
}
