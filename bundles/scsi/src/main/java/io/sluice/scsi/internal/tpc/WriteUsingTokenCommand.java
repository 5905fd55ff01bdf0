package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRun;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.CopyManager;
import io.sluice.scsi.internal.unit.Host;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.RepresentationOfData;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** WRITE USING TOKEN (SBC-4 5.55): writes what a token stands for, or zeros, to ranges of blocks. */
public final class WriteUsingTokenCommand implements Command {

    static final int SERVICE_ACTION = 0x11;

    private static final int TOKEN = 16;
    private static final int RANGES = 534;
    private static final int MIN_LENGTH = RANGES + 2;
    private static final int MAX_LENGTH = MIN_LENGTH + 16 * BlockRangeDescriptor.MOST;
    private static final int IMMED = 0x01;
    private static final int DEL_TKN = 0x02;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long length = CdbFormat.CDB16.length(execution.cdb());
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters((int) length, list -> write(execution, list));
    }

    private static void write(Execution execution, byte[] list) throws CheckConditionException {
        byte[] token = Arrays.copyOfRange(list, TOKEN, TOKEN + CopyManager.TOKEN_LENGTH);
        List<BlockRun> ranges = BlockRangeDescriptor.parse(execution, list, RANGES);
        int blockSize = execution.store().geometry().blockSize();
        long offset = Bytes.s64(list, 8);
        List<Copy.Segment> segments;
        RepresentationOfData source = null;
        if (Bytes.u32(token, 0) == CopyManager.ZERO_TOKEN) {
            segments = zeros(execution, ranges, blockSize);
        } else {
            source = execution.unit().copyManager().find(token, Host.of(execution.nexus()));
            if (offset < 0 || offset > source.bytes() / blockSize) {
                throw new CheckConditionException(SenseData.invalidFieldInParameterList(8, -1));
            }
            segments = segments(execution, ranges, source, offset * blockSize);
        }
        CopyStatus status = new CopyStatus();
        Copy copy = new Copy(execution, segments, source, status);
        execution
                .unit()
                .copyOperations()
                .put(
                        execution.nexus(),
                        PopulateTokenCommand.listId(execution),
                        new TokenOperation(SERVICE_ACTION, status, blockSize, null));
        copy.perform((list[2] & IMMED) != 0, execution::fail);
        if ((list[2] & DEL_TKN) != 0) {
            execution.unit().copyManager().delete(token);
        }
    }

    private static List<Copy.Segment> zeros(Execution execution, List<BlockRun> ranges, int blockSize) {
        return ranges.stream()
                .map(range -> new Copy.Segment(null, 0, execution.mapping(), range.lba(), range.blocks() * blockSize))
                .toList();
    }

    /** A token ends when its host does not see the source any more, even if it sees it again later. */
    private static LunMapping way(Execution execution, RepresentationOfData source) throws CheckConditionException {
        LunMapping way =
                execution.unit().copyManager().reach(execution.mapping(), unit -> unit == source.source(), false);
        if (way == null) {
            source.revoke();
            throw new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
        }
        return way;
    }

    /** Lays the source's ranges, from an offset on, along the destination's; ends where the shorter of both ends. */
    private static List<Copy.Segment> segments(
            Execution execution, List<BlockRun> ranges, RepresentationOfData source, long offsetBytes)
            throws CheckConditionException {
        LunMapping way = way(execution, source);
        int fromSize = way.unit().geometry().blockSize();
        int toSize = execution.store().geometry().blockSize();
        List<Copy.Segment> segments = new ArrayList<>();
        long skip = offsetBytes;
        int index = 0;
        long taken = 0;
        for (BlockRun from : source.ranges()) {
            long available = from.blocks() * fromSize;
            long begin = Math.min(skip, available);
            skip -= begin;
            while (begin < available && index < ranges.size()) {
                BlockRun to = ranges.get(index);
                long bytes = Math.min(available - begin, to.blocks() * toSize - taken);
                Copy.requireWholeBlocks(begin, way);
                Copy.requireWholeBlocks(bytes, way);
                if (bytes > 0) {
                    segments.add(new Copy.Segment(
                            way, from.lba() + begin / fromSize, execution.mapping(), to.lba() + taken / toSize, bytes));
                }
                begin += bytes;
                taken += bytes;
                if (taken == to.blocks() * toSize) {
                    index++;
                    taken = 0;
                }
            }
        }
        return segments;
    }
}
