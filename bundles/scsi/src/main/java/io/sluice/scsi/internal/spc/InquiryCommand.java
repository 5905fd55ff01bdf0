package io.sluice.scsi.internal.spc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.identity.StandardInquiryData;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.vpd.VpdPage;

/** INQUIRY (SPC-5 6.7): standard data or a page of vital product data. */
public final class InquiryCommand implements Command {

    private static final int EVPD = 0x01;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        int pageCode = Bytes.u8(cdb, 2);
        byte[] data;
        if ((cdb[1] & EVPD) != 0) {
            VpdPage page = VpdPage.find(pageCode);
            if (page == null) {
                throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
            }
            data = page.encode(execution.mapping());
        } else if (pageCode != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
        } else {
            data = StandardInquiryData.of(execution.mapping());
        }
        execution.respond(data, allocationLength(cdb));
    }

    /** Returns the ALLOCATION LENGTH, which INQUIRY alone of the 6-byte commands keeps in two bytes. */
    public static int allocationLength(byte[] cdb) {
        return Bytes.u16(cdb, 3);
    }
}
