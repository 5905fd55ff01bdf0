package io.sluice.scsi.internal.sbc;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.internal.command.Command;
import io.sluice.scsi.internal.format.CdbFormat;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** ORWRITE(16) (SBC-4 5.12): sets the bits of the data in the blocks; no other command is at them in between. */
public final class OrWriteCommand implements Command {

    /** A multiple of every block size. */
    private static final int MAXIMUM_CHUNK_BYTES = 256 << 10;

    @Override
    public void execute(Execution execution) throws CheckConditionException {
        byte[] cdb = execution.cdb();
        BlockGeometry geometry = execution.store().geometry();
        long lba = CdbFormat.CDB16.lba(cdb);
        long blocks = CdbFormat.CDB16.blocks(cdb);
        BlockTransfer.check(execution, CdbFormat.CDB16, geometry, lba, blocks);
        int wanted = Math.toIntExact(blocks * geometry.blockSize());
        execution.transfers(wanted);
        int length = BlockTransfer.available(execution, wanted, geometry.blockSize());
        if (length == 0) {
            execution.good();
            return;
        }
        execution.unit().statistics().wrote(blocks);
        execution.receive(length, data -> {
            ByteBuffer medium = execution.scratch(Math.min(length, MAXIMUM_CHUNK_BYTES));
            Changes changes = new Changes(execution, lba, new Blocks(data), medium);
            execution.atBlocksAlone(
                    lba,
                    blocks,
                    () -> execution.endAfterAll(
                            StableChanges.of(changes, execution.store(), BlockTransfer.durability(execution, true))));
        });
    }

    /** Reads a piece, changes it and writes it back, and so on. */
    private static final class Changes implements Execution.Operations {
        private final Execution execution;
        private final Volume store;
        private final long lba;
        private final Blocks bits;
        private final ByteBuffer medium;
        private int doneBytes;
        private boolean read;

        private Changes(Execution execution, long lba, Blocks bits, ByteBuffer medium) {
            this.execution = execution;
            this.store = execution.store();
            this.lba = lba;
            this.bits = bits;
            this.medium = medium;
        }

        @Override
        public CompletionStage<Void> next() {
            long at = lba + doneBytes / store.geometry().blockSize();
            ByteBuffer piece = medium.slice(0, Math.min(medium.capacity(), bits.length() - doneBytes));
            if (!piece.hasRemaining()) {
                execution.unit().threshold().wrote(bits.length());
                return null;
            }
            read = !read;
            if (read) {
                return store.read(at, piece);
            }
            bits.or(doneBytes, piece);
            doneBytes += piece.remaining();
            return execution.writeBack(at, new ByteBuffer[] {piece}, Durability.CACHED);
        }
    }
}
