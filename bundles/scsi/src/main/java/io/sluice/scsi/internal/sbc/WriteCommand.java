package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.CdbFormat;
import io.sluice.scsi.internal.Command;
import io.sluice.scsi.internal.Execution;

/** WRITE(6), (10), (12) and (16) (SBC-4 5.40 to 5.43). */
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
        int wanted = Math.toIntExact(blocks * geometry.blockSize());
        execution.transfers(wanted);
        int length = BlockTransfer.available(execution, wanted, geometry.blockSize());
        if (length == 0) {
            execution.good();
            return;
        }
        Durability durability = BlockTransfer.durability(execution, format != CdbFormat.CDB6);
        execution.receive(length, data -> execution.endAfter(execution.store().write(lba, data, durability)));
    }
}
