package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;

/** READ CAPACITY(16) (SBC-4 5.21). */
public final class ReadCapacity16Command implements Command {

    private static final int LENGTH = 32;
    private static final int LBPME_AND_LBPRZ = 0xC0;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        BlockGeometry geometry = ReadCapacity10Command.geometry(execution);
        byte[] data = new byte[LENGTH];
        Bytes.put64(data, 0, geometry.blocks() - 1);
        Bytes.put32(data, 8, geometry.blockSize());
        data[13] = (byte) Integer.numberOfTrailingZeros(geometry.physicalBlockSize() / geometry.blockSize());
        data[14] = (byte) (execution.unit().provisioned() ? LBPME_AND_LBPRZ : 0);
        execution.respond(data, CdbFormat.CDB16.length(execution.cdb()));
    }
}
