package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/**
 * WRITE ATOMIC(16) (SBC-4 5.47): all of the blocks are written or none, for every other command, when it fails, and across a kill or a
 * power loss. They begin and end with a physical block.
 */
public final class WriteAtomicCommand implements Command {

    private static final int TRANSFER_LENGTH = 12;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        int blocks = Bytes.u16(cdb, TRANSFER_LENGTH);
        BlockRange.check(geometry, lba, blocks);
        BlockRange.checkTransfer(blocks, execution.unit().limits().maximumAtomicLength(), TRANSFER_LENGTH);
        int physical = geometry.physicalBlockSize() / geometry.blockSize();
        if (lba % physical != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(2, -1));
        }
        if (blocks % physical != 0) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(TRANSFER_LENGTH, -1));
        }
        int length = blocks * geometry.blockSize();
        execution.transfers(length);
        BlockTransfer.requireExactly(execution, length);
        if (length == 0) {
            execution.good();
            return;
        }
        execution.unit().statistics().wrote(blocks);
        execution.receive(length, data -> {
            AtomicWrite write = new AtomicWrite(execution, lba, blocks, data, length);
            execution.atBlocksAlone(lba, blocks, write::begin);
        });
    }
}
