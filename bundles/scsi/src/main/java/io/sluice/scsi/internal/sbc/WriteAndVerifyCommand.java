package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/**
 * WRITE AND VERIFY(10), (12) and (16) (SBC-4 5.44 to 5.46): the blocks are written to stable storage and read again, and
 * with BYTCHK compared with the data.
 */
public final class WriteAndVerifyCommand implements Command {

    private static final int BYTCHK_NONE = 0;
    private static final int BYTCHK_ALL = 1;

    private final CdbFormat format;

    /** @param format which of the forms */
    public WriteAndVerifyCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        int byteCheck = cdb[1] >> 1 & 0x03;
        if (byteCheck > BYTCHK_ALL) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 2));
        }
        long lba = format.lba(cdb);
        long blocks = format.blocks(cdb);
        BlockTransfer.check(execution, format, geometry, lba, blocks);
        int wanted = Math.toIntExact(blocks * geometry.blockSize());
        execution.transfers(wanted);
        int length = BlockTransfer.available(execution, wanted, geometry.blockSize());
        long written = length / geometry.blockSize();
        if (length == 0) {
            execution.good();
            return;
        }
        execution.unit().statistics().wrote(written);
        execution.receive(length, data -> {
            MediumComparison check = byteCheck == BYTCHK_NONE
                    ? MediumComparison.of(execution, lba, written)
                    : MediumComparison.of(execution, lba, written, data);
            execution.atBlocksAlone(
                    lba,
                    blocks,
                    () -> execution.then(execution.store().write(lba, data, Durability.STABLE), () -> {
                        execution.unit().threshold().wrote(length);
                        execution.endAfterAll(check);
                    }));
        });
    }
}
