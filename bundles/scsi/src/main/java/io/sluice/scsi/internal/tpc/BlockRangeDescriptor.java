package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.BlockRun;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.task.Execution;
import java.util.ArrayList;
import java.util.List;

/** Block device range descriptors (SBC-4 5.15.3). */
final class BlockRangeDescriptor {

    /** How many one command may have. */
    static final int MOST = 64;

    private static final int LENGTH = 16;

    private BlockRangeDescriptor() {}

    /**
     * Reads the descriptors of a parameter list, all inside the medium.
     *
     * @param offset where their length stands; they follow it
     */
    static List<BlockRun> parse(Execution execution, byte[] list, int offset) throws CheckConditionException {
        int length = Bytes.u16(list, offset);
        if (list.length - offset - 2 < length) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        if (length == 0 || length % LENGTH != 0 || length / LENGTH > MOST) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(offset, -1));
        }
        List<BlockRun> ranges = new ArrayList<>();
        for (int at = offset + 2; at < offset + 2 + length; at += LENGTH) {
            BlockRun range = new BlockRun(Bytes.s64(list, at), Bytes.u32(list, at + 8));
            BlockRange.check(execution.store().geometry(), range.lba(), range.blocks());
            if (ranges.stream().anyMatch(range::overlaps)) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(at, -1));
            }
            ranges.add(range);
        }
        return ranges;
    }
}
