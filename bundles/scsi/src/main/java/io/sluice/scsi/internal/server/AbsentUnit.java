package io.sluice.scsi.internal.server;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.identity.StandardInquiryData;
import io.sluice.scsi.internal.spc.InquiryCommand;
import io.sluice.scsi.internal.spc.ReportLunsCommand;
import io.sluice.scsi.internal.unit.NexusView;

/**
 * Answers for LUNs that have no unit (SAM-5 4.7.4, 5.12) and for the REPORT LUNS well-known logical unit (SPC-5 8.2).
 * LUN 0 lists the others even where it has no unit itself, so that an initiator can begin there.
 */
public final class AbsentUnit {

    private static final int REQUEST_SENSE = 0x03;
    private static final int INQUIRY = 0x12;
    private static final int REPORT_LUNS = 0xA0;
    private static final int TEST_UNIT_READY = 0x00;
    private static final int EVPD = 0x01;
    private static final byte[] NONE = new byte[0];

    private AbsentUnit() {}

    /** Performs a command. */
    public static void execute(Task task, int lun, NexusView view) {
        boolean wellKnown = lun == Lun.REPORT_LUNS;
        try {
            byte[] cdb = task.cdb();
            switch (Bytes.u8(cdb, 0)) {
                case INQUIRY -> inquiry(task, cdb, wellKnown);
                case REQUEST_SENSE ->
                    respond(
                            task,
                            SenseData.of(wellKnown ? Sense.NO_ADDITIONAL_SENSE : Sense.LOGICAL_UNIT_NOT_SUPPORTED)
                                    .encode((cdb[1] & 0x01) != 0),
                            Bytes.u8(cdb, 4));
                case REPORT_LUNS -> {
                    requireUnit(wellKnown || lun == 0);
                    respond(task, ReportLunsCommand.report(cdb, view), CdbFormat.CDB12.length(cdb));
                    view.reported();
                }
                case TEST_UNIT_READY -> {
                    requireUnit(wellKnown);
                    task.complete(Status.GOOD, NONE, 0);
                }
                default -> {
                    requireUnit(wellKnown);
                    throw new CheckConditionException(Sense.INVALID_COMMAND_OPERATION_CODE);
                }
            }
        } catch (CheckConditionException refused) {
            task.complete(Status.CHECK_CONDITION, refused.senseData().encode(false), 0);
        }
    }

    private static void requireUnit(boolean present) throws CheckConditionException {
        if (!present) {
            throw new CheckConditionException(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        }
    }

    private static void inquiry(Task task, byte[] cdb, boolean wellKnown) throws CheckConditionException {
        if ((cdb[1] & EVPD) != 0 || cdb[2] != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb((cdb[1] & EVPD) != 0 ? 1 : 2, -1));
        }
        byte[] data = wellKnown ? StandardInquiryData.ofWellKnownUnit() : StandardInquiryData.ofAbsentUnit();
        respond(task, data, InquiryCommand.allocationLength(cdb));
    }

    private static void respond(Task task, byte[] data, long allocationLength) {
        int length = (int) Math.min(data.length, allocationLength);
        if (length > 0) {
            task.dataInBuffer(length).put(data, 0, length);
        }
        task.complete(Status.GOOD, NONE, length);
    }
}
