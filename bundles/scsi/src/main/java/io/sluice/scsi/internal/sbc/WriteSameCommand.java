package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.BlockRange;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * WRITE SAME(10) and (16) (SBC-4 5.52, 5.53): one block of data to many blocks, or with NDOB zeros. With UNMAP, blocks of
 * zeros are given back; blocks of anything else are written, because what is read afterwards has to be what was sent
 * (SBC-4 4.7.3.4.4).
 */
public final class WriteSameCommand implements Command {

    private static final int UNMAP = 0x08;
    private static final int NDOB = 0x01;
    private static final int MAXIMUM_PATTERN_BYTES = 256 << 10;

    private final CdbFormat format;

    /** @param format which of the forms */
    public WriteSameCommand(CdbFormat format) {
        this.format = format;
    }

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        boolean unmap = (cdb[1] & UNMAP) != 0;
        if (unmap && !execution.unit().provisioned()) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(1, 3));
        }
        long lba = format.lba(cdb);
        BlockRange.check(geometry, lba, format.length(cdb));
        long blocks = blocks(execution, lba);
        BlockRange.checkTransfer(
                blocks, execution.unit().limits().maximumWriteSameLength(), BlockTransfer.lengthOffset(format));
        if (format == CdbFormat.CDB16 && (cdb[1] & NDOB) != 0) {
            writeSame(execution, lba, blocks, unmap, ByteBuffer.allocate(geometry.blockSize()));
            return;
        }
        int length = geometry.blockSize();
        execution.transfers(length);
        BlockTransfer.requireExactly(execution, length);
        execution.receiveInOne(length, block -> writeSame(execution, lba, blocks, unmap, ByteBuffer.wrap(block)));
    }

    /**
     * Zero blocks mean all up to the end of the medium, unless WSNZ of the Block Limits page is set (SBC-4 6.6.4). It is on
     * a thin unit, where one wrong length would give everything behind the LBA back.
     */
    private long blocks(Execution execution, long lba) throws CheckConditionException {
        long blocks = format.length(execution.cdb());
        if (blocks > 0) {
            return blocks;
        }
        if (execution.unit().provisioned()) {
            throw new CheckConditionException(SenseData.invalidFieldInCdb(BlockTransfer.lengthOffset(format), -1));
        }
        return execution.store().geometry().blocks() - lba;
    }

    private static void writeSame(Execution execution, long lba, long blocks, boolean unmap, ByteBuffer block)
            throws CheckConditionException {
        execution.unit().statistics().wrote(blocks);
        execution.atBlocks(lba, blocks, () -> {
            if (isZero(block)) {
                writeZeros(execution, lba, blocks, unmap, block);
            } else {
                writePattern(execution, lba, blocks, block);
            }
        });
    }

    private static void writeZeros(Execution execution, long lba, long blocks, boolean unmap, ByteBuffer block)
            throws CheckConditionException {
        Volume store = execution.store();
        Durability durability = BlockTransfer.durability(execution, false);
        if (blocks == 0) {
            execution.good();
        } else if (unmap) {
            execution.then(store.unmap(lba, blocks), () -> endStable(execution, durability));
        } else if (store.can(WriteZeroes.class)) {
            execution.endAfterWrite(store.writeZeroes(lba, blocks, durability), blocks * block.remaining());
        } else {
            writePattern(execution, lba, blocks, block);
        }
    }

    private static void endStable(Execution execution, Durability durability) {
        if (durability == Durability.STABLE) {
            execution.endAfter(execution.store().flush());
        } else {
            execution.good();
        }
    }

    private static void writePattern(Execution execution, long lba, long blocks, ByteBuffer block)
            throws CheckConditionException {
        int blockSize = block.remaining();
        int repeats = (int) Math.min(blocks, Math.max(1, MAXIMUM_PATTERN_BYTES / blockSize));
        ByteBuffer pattern = execution.scratch(repeats * blockSize);
        for (int i = 0; i < repeats; i++) {
            pattern.put(block.duplicate());
        }
        Durability durability = BlockTransfer.durability(execution, false);
        PatternWrites writes = new PatternWrites(execution, pattern.flip(), blockSize, lba, lba + blocks);
        execution.endAfterAll(StableChanges.of(writes, execution.store(), durability));
    }

    /** Writes of a pattern, one chunk after the other, so that an abort takes effect soon and memory stays small. */
    private static final class PatternWrites implements Execution.Operations {
        private final Execution execution;
        private final ByteBuffer pattern;
        private final int blockSize;
        private final long begin;
        private final long end;
        private long lba;

        private PatternWrites(Execution execution, ByteBuffer pattern, int blockSize, long lba, long end) {
            this.execution = execution;
            this.pattern = pattern;
            this.blockSize = blockSize;
            this.begin = lba;
            this.lba = lba;
            this.end = end;
        }

        @Override
        public CompletionStage<Void> next() {
            if (lba == end) {
                execution.unit().threshold().wrote((end - begin) * blockSize);
                return null;
            }
            long start = lba;
            int chunk = (int) Math.min(end - start, pattern.remaining() / blockSize);
            lba += chunk;
            ByteBuffer source = pattern.duplicate().limit(chunk * blockSize);
            return execution.store().write(start, new ByteBuffer[] {source}, Durability.CACHED);
        }
    }

    private static boolean isZero(ByteBuffer block) {
        for (int i = 0; i < block.limit(); i++) {
            if (block.get(i) != 0) {
                return false;
            }
        }
        return true;
    }
}
