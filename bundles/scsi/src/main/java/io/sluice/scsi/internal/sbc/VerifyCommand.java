package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/**
 * VERIFY(10), (12) and (16) (SBC-4 5.36 to 5.38): reads the blocks and, as BYTCHK says, compares them with nothing, with
 * as many blocks of Data-Out, or each with the same one block.
 */
public final class VerifyCommand implements Command {

    private static final int BYTCHK_NONE = 0;
    private static final int BYTCHK_ALL = 1;
    private static final int BYTCHK_SAME = 3;

    private final CdbFormat format;

    /** @param format which of the forms */
    public VerifyCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        int byteCheck = cdb[1] >> 1 & 0x03;
        long lba = format.lba(cdb);
        long blocks = format.blocks(cdb);
        BlockTransfer.check(execution, format, geometry, lba, blocks);
        int blockSize = geometry.blockSize();
        switch (byteCheck) {
            case BYTCHK_NONE -> MediumComparison.read(execution, lba, blocks);
            case BYTCHK_ALL -> compare(execution, lba, blocks, Math.toIntExact(blocks * blockSize));
            case BYTCHK_SAME -> compare(execution, lba, blocks, blocks == 0 ? 0 : blockSize);
            default -> throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 2));
        }
    }

    private static void compare(Execution execution, long lba, long blocks, int length) throws CheckConditionException {
        execution.transfers(length);
        if (length == 0) {
            execution.good();
            return;
        }
        if (execution.task().dataOutLength() < length) {
            throw new CheckConditionException(Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
        }
        execution.receive(length, data -> MediumComparison.compare(execution, lba, blocks, data));
    }
}
