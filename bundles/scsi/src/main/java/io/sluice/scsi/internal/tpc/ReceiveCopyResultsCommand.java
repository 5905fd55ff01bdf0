package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** RECEIVE COPY STATUS(LID1) and RECEIVE COPY OPERATING PARAMETERS (SPC-5 6.20, 6.23). */
public final class ReceiveCopyResultsCommand {

    /** RECEIVE COPY STATUS(LID1). */
    public static final Command COPY_STATUS = ReceiveCopyResultsCommand::status;
    /** RECEIVE COPY OPERATING PARAMETERS. */
    public static final Command OPERATING_PARAMETERS = ReceiveCopyResultsCommand::operatingParameters;

    private static final int STATUS_LENGTH = 12;
    private static final int PARAMETERS_LENGTH = 46;
    private static final int SNLID = 0x01;
    private static final int IN_PROGRESS = 0;
    private static final int COMPLETED = 1;
    private static final int COMPLETED_WITH_ERRORS = 2;

    /** TRANSFER COUNT UNITS: kibibytes. */
    private static final int KIBIBYTES = 1;

    private static final int CONCURRENT_COPIES = 64;

    private ReceiveCopyResultsCommand() {}

    private static void status(Execution execution) throws CheckConditionException {
        int listId = Bytes.u8(execution.cdb(), 2);
        CopyStatus status = execution.unit().copyOperations().get(execution.nexus(), listId, CopyStatus.class);
        if (status == null) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
        }
        byte[] data = new byte[STATUS_LENGTH];
        Bytes.put32(data, 0, STATUS_LENGTH - 4);
        data[4] = (byte) (!status.ended() ? IN_PROGRESS : status.failed() ? COMPLETED_WITH_ERRORS : COMPLETED);
        Bytes.put16(data, 5, status.segments());
        data[7] = KIBIBYTES;
        Bytes.put32(data, 8, status.bytes() / 1024);
        execution.respond(data, CdbFormat.CDB16.length(execution.cdb()));
    }

    private static void operatingParameters(Execution execution) {
        byte[] data = new byte[PARAMETERS_LENGTH];
        Bytes.put32(data, 0, PARAMETERS_LENGTH - 4);
        data[4] = SNLID;
        Bytes.put16(data, 8, ExtendedCopyCommand.MAX_TARGETS);
        Bytes.put16(data, 10, ExtendedCopyCommand.MAX_SEGMENTS);
        Bytes.put32(data, 12, ExtendedCopyCommand.MAX_LIST_LENGTH);
        Bytes.put32(data, 16, ExtendedCopyCommand.MAX_SEGMENT_BYTES);
        Bytes.put16(data, 34, CONCURRENT_COPIES);
        data[36] = CONCURRENT_COPIES;
        data[37] = 9;
        data[43] = 2;
        data[44] = ExtendedCopyCommand.BLOCK_TO_BLOCK;
        data[45] = (byte) CopyDescriptor.IDENTIFICATION;
        execution.respond(data, CdbFormat.CDB16.length(execution.cdb()));
    }
}
