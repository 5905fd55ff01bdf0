package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store that does the same thing with every operation: the base of those that delay, hang or go wrong. It can do what the
 * store below can, except to lend and to supply, which would bypass it.
 */
abstract class InterceptingBackstore extends ForwardingBackstore
        implements Unmap, WriteZeroes, Resize, AllocatedSpace, FreeSpace, ExtentMap {

    /** @param delegate the store below */
    InterceptingBackstore(Backstore delegate) {
        super(delegate);
    }

    /**
     * Performs an operation, or does something else.
     *
     * @param below the operation of the store below
     */
    abstract <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> below);

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return pass(() -> super.read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return pass(() -> super.write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> flush() {
        return pass(super::flush);
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return pass(() -> delegate().ability(Unmap.class).unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return pass(() -> delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability));
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        return pass(() -> delegate().ability(Resize.class).resize(blocks));
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return pass(() -> delegate().ability(AllocatedSpace.class).allocatedBytes());
    }

    @Override
    public CompletionStage<Long> freeBytes() {
        return pass(() -> delegate().ability(FreeSpace.class).freeBytes());
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return pass(() -> delegate().ability(ExtentMap.class).extents(lba, maxBlocks, maxExtents));
    }

    @Override
    public CompletionStage<Void> close() {
        return pass(super::close);
    }
}
