package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;

/** READ CAPACITY(10) (SBC-4 5.20). */
public final class ReadCapacity10Command implements Command {

    private static final int LENGTH = 8;
    private static final long TOO_LARGE = 0xFFFF_FFFFL;

    @Override
    public void execute(Execution execution) {
        BlockGeometry geometry = execution.store().geometry();
        byte[] data = new byte[LENGTH];
        Bytes.put32(data, 0, Math.min(geometry.blocks() - 1, TOO_LARGE));
        Bytes.put32(data, 4, geometry.blockSize());
        execution.respond(data, LENGTH);
    }
}
