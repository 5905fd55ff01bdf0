package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRun;
import io.sluice.scsi.internal.format.Bytes;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.unit.Host;
import io.sluice.scsi.internal.unit.RepresentationOfData;
import java.time.Duration;
import java.util.List;

/** POPULATE TOKEN (SBC-4 5.15): makes a token that stands for ranges of blocks. */
public final class PopulateTokenCommand implements Command {

    static final int SERVICE_ACTION = 0x10;

    /** What one token may stand for at most. */
    static final long MAX_TOKEN_BYTES = 4L << 30;

    static final int MAX_TIMEOUT_SECONDS = 600;
    static final int DEFAULT_TIMEOUT_SECONDS = 60;

    private static final int RANGES = 14;
    private static final int MIN_LENGTH = 16;
    private static final int MAX_LENGTH = MIN_LENGTH + 16 * BlockRangeDescriptor.MOST;
    private static final int RTV = 0x02;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        long length = CdbFormat.CDB16.length(execution.cdb());
        if (length < MIN_LENGTH || length > MAX_LENGTH) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        execution.receiveParameters((int) length, list -> populate(execution, list));
    }

    private static void populate(Execution execution, byte[] list) throws CheckConditionException {
        long seconds = Bytes.u32(list, 4);
        if (seconds > MAX_TIMEOUT_SECONDS) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(4, -1));
        }
        if ((list[2] & RTV) != 0 && Bytes.u32(list, 8) != RepresentationOfData.TYPE) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(8, -1));
        }
        List<BlockRun> ranges = BlockRangeDescriptor.parse(execution, list, RANGES);
        int blockSize = execution.store().geometry().blockSize();
        long bytes = ranges.stream().mapToLong(BlockRun::blocks).sum() * blockSize;
        if (bytes > MAX_TOKEN_BYTES) {
            throw new CheckConditionException(SenseData.invalidFieldInParameterList(RANGES, -1));
        }
        // Writes that are on their way end first; one that comes later revokes the token.
        execution.atBlocksAlone(0, Long.MAX_VALUE, () -> issue(execution, ranges, bytes, seconds));
    }

    private static void issue(Execution execution, List<BlockRun> ranges, long bytes, long seconds) {
        RepresentationOfData representation = new RepresentationOfData(
                execution.unit(),
                Host.of(execution.nexus()),
                ranges,
                bytes,
                Duration.ofSeconds(seconds == 0 ? DEFAULT_TIMEOUT_SECONDS : seconds));
        execution.unit().representations().add(representation);
        byte[] token = execution.unit().copyManager().issue(representation, CopyDescriptor.of(execution.mapping()));
        CopyStatus status = new CopyStatus();
        status.transferred(bytes);
        status.end(Status.GOOD, new byte[0]);
        int blockSize = execution.store().geometry().blockSize();
        TokenOperation operation = new TokenOperation(SERVICE_ACTION, status, blockSize, token);
        execution.unit().copyOperations().put(execution.nexus(), listId(execution), operation);
        execution.good();
    }

    /** Returns the LIST IDENTIFIER, of 32 bits; those of EXTENDED COPY are others. */
    static long listId(Execution execution) {
        return 1L << 32 | Bytes.u32(execution.cdb(), 6);
    }
}
