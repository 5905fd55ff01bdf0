package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.mode.ModePage;
import io.sluice.scsi.internal.mode.PageControl;
import io.sluice.scsi.internal.task.Execution;
import java.io.ByteArrayOutputStream;

/** MODE SENSE(6) and (10) (SPC-5 6.14, 6.15). */
public final class ModeSenseCommand implements Command {

    private static final int DBD = 0x08;
    private static final int LLBAA = 0x10;
    private static final int ALL_PAGES = 0x3F;
    private static final int ALL_SUBPAGES = 0xFF;

    private final CdbFormat format;

    /** @param format which of the two forms */
    public ModeSenseCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int control = cdb[2] >> 6 & 0x03;
        byte[] pages = pages(execution, PageControl.values()[control], cdb[2] & 0x3F, cdb[3] & 0xFF);
        boolean longBlocks = (cdb[1] & LLBAA) != 0;
        byte[] descriptor = (cdb[1] & DBD) != 0
                ? new byte[0]
                : ModeParameterHeader.blockDescriptor(execution.unit().geometry(), longBlocks);
        boolean writeProtected = execution.unit().writeProtected(execution.mapping());
        byte[] data = ModeParameterHeader.encode(format, writeProtected, longBlocks, descriptor, pages);
        execution.respond(data, format.length(cdb));
    }

    private static byte[] pages(Execution execution, PageControl control, int page, int subpage)
            throws CheckConditionException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ModePage candidate : ModePage.values()) {
            boolean pageAsked = page == ALL_PAGES || page == candidate.page();
            boolean subpageAsked = subpage == ALL_SUBPAGES || subpage == candidate.subpage();
            if (pageAsked && subpageAsked) {
                out.writeBytes(execution.unit().modePages().values(candidate, control));
            }
        }
        if (out.size() == 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, 5));
        }
        return out.toByteArray();
    }
}
