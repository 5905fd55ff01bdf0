package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.nio.ByteBuffer;

/**
 * COMPARE AND WRITE (SBC-4 5.2): if the blocks are what the first half of the data says, they become the second half. No
 * other command is at the blocks in between.
 */
public final class CompareAndWriteCommand implements Command {

    private static final int NUMBER_OF_BLOCKS = 13;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        int blocks = Bytes.u8(cdb, NUMBER_OF_BLOCKS);
        BlockRange.check(geometry, lba, blocks);
        BlockRange.checkTransfer(blocks, execution.unit().limits().maximumCompareAndWriteLength(), NUMBER_OF_BLOCKS);
        int half = blocks * geometry.blockSize();
        execution.transfers(2L * half);
        if (execution.task().dataOutLength() != 2L * half) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(NUMBER_OF_BLOCKS, -1));
        }
        if (blocks == 0) {
            execution.good();
            return;
        }
        execution.unit().statistics().wrote(blocks);
        execution.receive(2 * half, data -> {
            Blocks both = new Blocks(data);
            ByteBuffer medium = execution.scratch(half);
            execution.atBlocksAlone(
                    lba,
                    blocks,
                    () -> execution.then(execution.store().read(lba, medium.duplicate()), () -> {
                        compare(medium, both);
                        Durability durability = BlockTransfer.durability(execution, true);
                        execution.endAfterWrite(execution.writeBack(lba, both.from(half), durability), half);
                    }));
        });
    }

    private static void compare(ByteBuffer medium, Blocks expected) throws CheckConditionException {
        int mismatch = expected.mismatch(0, medium);
        if (mismatch >= 0) {
            throw new CheckConditionException(
                    SenseData.withInformation(Sense.MISCOMPARE_DURING_VERIFY_OPERATION, mismatch));
        }
    }
}
