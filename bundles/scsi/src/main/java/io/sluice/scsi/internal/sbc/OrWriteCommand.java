package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import java.nio.ByteBuffer;

/** ORWRITE(16) (SBC-4 5.12): sets the bits of the data in the blocks; no other command is at them in between. */
public final class OrWriteCommand implements Command {

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        long blocks = CdbFormat.CDB16.blocks(cdb);
        BlockTransfer.check(execution, CdbFormat.CDB16, geometry, lba, blocks);
        int wanted = Math.toIntExact(blocks * geometry.blockSize());
        execution.transfers(wanted);
        int length = BlockTransfer.available(execution, wanted, geometry.blockSize());
        if (length == 0) {
            execution.good();
            return;
        }
        Durability durability = BlockTransfer.durability(execution, true);
        execution.unit().statistics().wrote(blocks);
        execution.receive(length, data -> {
            ByteBuffer bits = Blocks.gather(data, length);
            execution.atBlocksAlone(lba, blocks, () -> {
                ByteBuffer medium = ByteBuffer.allocateDirect(length);
                execution.then(execution.store().read(lba, medium.duplicate()), () -> {
                    for (int i = 0; i < length; i++) {
                        medium.put(i, (byte) (medium.get(i) | bits.get(i)));
                    }
                    ByteBuffer[] source = {medium};
                    execution.endAfterWrite(execution.store().write(lba, source, durability), length);
                });
            });
        });
    }
}
