package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.BlockLimits;
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
            execution.atBlocks(
                    ranges(list, count),
                    () -> execution.endAfterAll(StableChanges.of(
                            new Unmaps(execution.store(), list, count),
                            execution.store(),
                            BlockTransfer.durability(execution, false))));
        });
    }

    private static long[] ranges(byte[] list, int count) {
        long[] ranges = new long[2 * count];
        for (int i = 0; i < count; i++) {
            int offset = HEADER + i * DESCRIPTOR;
            ranges[2 * i] = Bytes.s64(list, offset);
            ranges[2 * i + 1] = ranges[2 * i] + Bytes.u32(list, offset + 8);
        }
        return ranges;
    }

    private static int check(Execution execution, byte[] list) throws CheckConditionException {
        int described = Bytes.u16(list, 2);
        int count = Math.min(described, list.length - HEADER) / DESCRIPTOR;
        BlockLimits limits = execution.unit().limits();
        if (count > limits.maximumUnmapDescriptorCount()) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(2, -1));
        }
        long total = 0;
        for (int i = 0; i < count; i++) {
            int offset = HEADER + i * DESCRIPTOR;
            long blocks = Bytes.u32(list, offset + 8);
            total += blocks;
            BlockRange.check(execution.store().geometry(), Bytes.s64(list, offset), blocks);
            if (total > limits.maximumUnmapLbaCount()) {
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
