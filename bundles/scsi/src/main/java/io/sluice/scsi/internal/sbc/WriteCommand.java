package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;

/**
 * WRITE(6), (10), (12) and (16) (SBC-4 5.40 to 5.43). An initiator that offers less than the CDB says has that written, and
 * the residual count says so; the rest of the blocks stays as it is, also inside a block.
 */
public final class WriteCommand implements Command {

    private final CdbFormat format;

    /** @param format which of the forms */
    public WriteCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = format.lba(cdb);
        long blocks = format.blocks(cdb);
        BlockTransfer.check(execution, format, geometry, lba, blocks);
        BlockTransfer.requireDirection(execution);
        int wanted = Math.toIntExact(blocks * geometry.blockSize());
        execution.transfers(wanted);
        int length = (int) Math.min(wanted, execution.task().dataOutLength());
        if (length == 0) {
            execution.good();
            return;
        }
        boolean hasFua = format != CdbFormat.CDB6;
        execution.unit().statistics().wrote(blocks);
        if (length % geometry.blockSize() == 0) {
            execution.receive(
                    length,
                    data -> execution.atBlocks(
                            lba, blocks, () -> execution.endAfterWrite(write(execution, lba, data, hasFua), length)));
        } else {
            execution.receive(
                    length,
                    data -> execution.atBlocksAlone(
                            lba, blocks, () -> writePart(execution, lba, data, length, hasFua)));
        }
    }

    /** What the copy manager writes has been read, perhaps from the same medium. */
    private static CompletionStage<Void> write(Execution execution, long lba, ByteBuffer[] data, boolean hasFua) {
        Durability durability = BlockTransfer.durability(execution, hasFua);
        return execution.internal()
                ? execution.writeBack(lba, data, durability)
                : execution.store().write(lba, data, durability);
    }

    /** Keeps the end of the last block, of which the initiator offers the beginning. */
    private static void writePart(Execution execution, long lba, ByteBuffer[] data, int length, boolean hasFua) {
        int blockSize = execution.store().geometry().blockSize();
        int begun = length % blockSize;
        ByteBuffer last = execution.scratch(blockSize);
        execution.then(execution.store().read(lba + length / blockSize, last.duplicate()), () -> {
            ByteBuffer[] whole = Arrays.copyOf(data, data.length + 1);
            whole[data.length] = last.slice(begun, blockSize - begun);
            execution.endAfterWrite(
                    execution.writeBack(lba, whole, BlockTransfer.durability(execution, hasFua)), length);
        });
    }
}
