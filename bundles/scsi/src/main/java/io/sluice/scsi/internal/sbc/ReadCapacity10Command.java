package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.AccessState;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.BlockDevice;

/** READ CAPACITY(10) (SBC-4 5.20). */
public final class ReadCapacity10Command implements Command {

    private static final int LENGTH = 8;
    private static final long TOO_LARGE = 0xFFFF_FFFFL;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        BlockGeometry geometry = geometry(execution);
        byte[] data = new byte[LENGTH];
        Bytes.put32(data, 0, Math.min(geometry.blocks() - 1, TOO_LARGE));
        Bytes.put32(data, 4, geometry.blockSize());
        execution.respond(data, LENGTH);
    }

    /**
     * Returns the geometry of the medium, which has to be usable unless another gateway serves it: a host that does not learn the
     * size of a path that stands by takes it for a disk of another size.
     */
    static BlockGeometry geometry(Execution execution) throws CheckConditionException {
        if (execution.mapping().view().group().state() == AccessState.UNAVAILABLE) {
            throw new CheckConditionException(Sense.ACCESS_STATE_UNAVAILABLE);
        }
        BlockDevice unit = execution.unit();
        return unit.access().standby() ? unit.geometry() : unit.readyStore().geometry();
    }
}
