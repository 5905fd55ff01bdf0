package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.util.concurrent.CancellationException;

/**
 * READ(6), (10), (12) and (16) (SBC-4 5.16 to 5.19). With FUA, what is newer in a cache goes to stable storage before it is
 * read (SBC-4 4.15).
 */
public final class ReadCommand implements Command {

    /** Below this length a copy costs less than having the kernel send from a file (docs/performance.md). */
    private static final int MINIMUM_LENT_BYTES = 128 << 10;

    private final CdbFormat format;

    /** @param format which of the forms */
    public ReadCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = format.lba(cdb);
        long blocks = format.blocks(cdb);
        BlockTransfer.check(execution, format, geometry, lba, blocks);
        long wanted = blocks * geometry.blockSize();
        execution.transfers(wanted);
        int length = (int) Math.min(wanted, wholeBlocks(execution.task().dataInLength(), geometry.blockSize()));
        if (length == 0) {
            execution.good();
        } else {
            execution.unit().statistics().read(blocks);
            execution.atBlocks(lba, blocks, step(execution, lba, length));
        }
    }

    /** Two steps of their own, so that a READ without FUA costs nothing more. */
    private Execution.NextStep step(Execution execution, long lba, int length) {
        return format != CdbFormat.CDB6 && BlockTransfer.fua(execution)
                ? () -> execution.then(execution.store().flushNewer(), () -> read(execution, lba, length))
                : () -> read(execution, lba, length);
    }

    /** In the order of what a byte costs: the kernel sends it, the store has it, it is copied. */
    private static void read(Execution execution, long lba, int length) {
        Task task = execution.task();
        Volume volume = execution.store();
        boolean lendable = length >= MINIMUM_LENT_BYTES
                && task.sendsFromFile(length)
                && execution.unit().lends();
        FileRange range = lendable ? volume.lend(lba, length) : null;
        if (range != null) {
            task.dataIn(range);
            execution.good();
        } else if (task.sendsSuppliedData() && volume.supplies()) {
            execution.thenAlways(volume.supply(lba, length), data -> supply(execution, data));
        } else {
            execution.endAfter(volume.read(lba, task.dataInBuffer(length)));
        }
    }

    private static void supply(Execution execution, SuppliedData data) {
        if (execution.stopped()) {
            data.close();
            execution.fail(new CancellationException());
        } else {
            execution.task().dataIn(data);
            execution.good();
        }
    }

    /** What the initiator does not take is not read, but the store reads whole blocks. */
    private static long wholeBlocks(long length, int blockSize) {
        return (length + blockSize - 1) / blockSize * blockSize;
    }
}
