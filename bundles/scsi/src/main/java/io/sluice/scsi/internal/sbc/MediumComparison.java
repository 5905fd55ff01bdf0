package io.sluice.scsi.internal.sbc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** Reads a range of blocks piece by piece and compares it with Data-Out, which repeats if it is shorter. */
final class MediumComparison implements Execution.Operations {

    private static final int MAXIMUM_CHUNK_BYTES = 256 << 10;

    private final Volume store;
    private final int blockSize;
    private final Blocks expected;
    private final ByteBuffer medium;
    private final long end;
    private long lba;
    private long comparedBytes;
    private int pendingBytes;

    private MediumComparison(Execution execution, long lba, long blocks, Blocks expected) {
        this.store = execution.store();
        this.blockSize = store.geometry().blockSize();
        this.expected = expected;
        this.lba = lba;
        this.end = lba + blocks;
        long chunk = Math.min(blocks, Math.max(1, MAXIMUM_CHUNK_BYTES / blockSize));
        this.medium = execution.scratch((int) chunk * blockSize);
    }

    /** Reads the blocks and ends the execution with GOOD if all can be read. */
    static void read(Execution execution, long lba, long blocks) throws CheckConditionException {
        MediumComparison reads = new MediumComparison(execution, lba, blocks, null);
        verify(execution, lba, blocks, reads);
    }

    /** Compares the blocks with data and ends the execution with GOOD or MISCOMPARE (SBC-4 4.22.2). */
    static void compare(Execution execution, long lba, long blocks, ByteBuffer[] data) throws CheckConditionException {
        MediumComparison comparison = of(execution, lba, blocks, data);
        verify(execution, lba, blocks, comparison);
    }

    /** It is about what is on the medium: what is newer in a cache goes there first (SBC-4 4.15). */
    private static void verify(Execution execution, long lba, long blocks, MediumComparison comparison)
            throws CheckConditionException {
        execution.atBlocks(
                lba,
                blocks,
                () -> execution.then(execution.store().flushNewer(), () -> execution.endAfterAll(comparison)));
    }

    /** Makes a comparison for a command that has claimed the blocks already. */
    static MediumComparison of(Execution execution, long lba, long blocks, ByteBuffer[] data) {
        return new MediumComparison(execution, lba, blocks, new Blocks(data));
    }

    /** Makes reads for a command that has claimed the blocks already: they verify without data. */
    static MediumComparison of(Execution execution, long lba, long blocks) {
        return new MediumComparison(execution, lba, blocks, null);
    }

    @Override
    public CompletionStage<Void> next() throws CheckConditionException {
        if (expected != null) {
            checkPending();
        }
        if (lba == end) {
            return null;
        }
        long start = lba;
        int chunk = (int) Math.min(end - start, medium.capacity() / blockSize);
        lba += chunk;
        pendingBytes = chunk * blockSize;
        return store.read(start, medium.duplicate().clear().limit(pendingBytes));
    }

    private void checkPending() throws CheckConditionException {
        for (int done = 0; done < pendingBytes; ) {
            int from = (int) ((comparedBytes + done) % expected.length());
            int piece = Math.min(pendingBytes - done, expected.length() - from);
            int mismatch = expected.mismatch(from, medium.slice(done, piece));
            if (mismatch >= 0) {
                throw new CheckConditionException(SenseData.withInformation(
                        Sense.MISCOMPARE_DURING_VERIFY_OPERATION, comparedBytes + done + mismatch));
            }
            done += piece;
        }
        comparedBytes += pendingBytes;
        pendingBytes = 0;
    }
}
