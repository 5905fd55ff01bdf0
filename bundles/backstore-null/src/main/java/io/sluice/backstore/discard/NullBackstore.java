package io.sluice.backstore.discard;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads zeros and drops writes, at once and in the caller's thread: what remains is the cost of everything above. */
final class NullBackstore implements Backstore, Unmap, WriteZeroes, Resize, Placement {

    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private volatile BlockGeometry geometry;

    NullBackstore(BlockGeometry geometry) {
        this.geometry = geometry;
    }

    @Override
    public String medium() {
        return "nothing: what is written is dropped";
    }

    @Override
    public String caution() {
        return "";
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        while (destination.hasRemaining()) {
            destination.put(ZEROS.slice(0, Math.min(destination.remaining(), ZEROS.capacity())));
        }
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> flush() {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        if (blocks < geometry.blocks()) {
            return CompletableFuture.failedFuture(
                    new BackstoreException(Fault.WRITE_FAILED, "a null backstore cannot be made smaller"));
        }
        geometry = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> close() {
        return Backstore.done();
    }
}
