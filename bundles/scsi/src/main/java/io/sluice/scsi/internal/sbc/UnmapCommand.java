package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.BlockLimits;
import io.sluice.scsi.internal.BlockRange;
import io.sluice.scsi.internal.Bytes;
import io.sluice.scsi.internal.CdbFormat;
import io.sluice.scsi.internal.Command;
import io.sluice.scsi.internal.Execution;
import io.sluice.volume.Volume;
import java.util.concurrent.CompletionStage;

/** UNMAP (SBC-4 5.35): every descriptor is checked before the first block changes. */
public final class UnmapCommand implements Command {

    private static final int HEADER = 8;
    private static final int DESCRIPTOR = 16;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        int length = (int) CdbFormat.CDB10.length(execution.cdb());
        if (length > 0 && length < HEADER) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters(length, list -> {
            int count = check(execution, list);
            // All descriptors are one claim, over the whole medium: their blocks may lie anywhere.
            execution.atBlocks(
                    0, Long.MAX_VALUE, () -> execution.endAfterAll(new Unmaps(execution.store(), list, count)));
        });
    }

    private static int check(Execution execution, byte[] list) throws CheckConditionException {
        int described = Bytes.u16(list, 2);
        int count = Math.min(described, list.length - HEADER) / DESCRIPTOR;
        BlockLimits limits = execution.unit().limits();
        if (count > limits.maximumUnmapDescriptorCount()) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(2, -1));
        }
        for (int i = 0; i < count; i++) {
            int offset = HEADER + i * DESCRIPTOR;
            long blocks = Bytes.u32(list, offset + 8);
            BlockRange.check(execution.store().geometry(), Bytes.s64(list, offset), blocks);
            if (blocks > limits.maximumUnmapLbaCount()) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset + 8, -1));
            }
        }
        return count;
    }

    /** The descriptors of a list that has been checked, one operation each; those of no blocks are passed over. */
    private static final class Unmaps implements Execution.Operations {
        private final Volume store;
        private final byte[] list;
        private final int count;
        private int index;

        private Unmaps(Volume store, byte[] list, int count) {
            this.store = store;
            this.list = list;
            this.count = count;
        }

        @Override
        public CompletionStage<Void> next() {
            while (index < count) {
                int offset = HEADER + index * DESCRIPTOR;
                index++;
                long blocks = Bytes.u32(list, offset + 8);
                if (blocks > 0) {
                    return store.unmap(Bytes.s64(list, offset), blocks);
                }
            }
            return null;
        }
    }
}
