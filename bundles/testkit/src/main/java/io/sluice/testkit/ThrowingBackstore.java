package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A store of which each call goes wrong in a way that no interface allows, while it is told to: what a backend with bugs does
 * to a gateway. Thread-safe.
 */
public final class ThrowingBackstore extends ForwardingBackstore
        implements Unmap, WriteZeroes, Resize, AllocatedSpace, ExtentMap {

    /** What a call does. */
    public enum Manner {
        /** What it should. */
        WELL,
        /** Throws an unchecked exception. */
        EXCEPTION,
        /** Throws an error, as a library that is missing does. */
        ERROR,
        /** Returns null. */
        NULL,
        /** Returns a stage that fails with something that is no BackstoreException. */
        STRANGE_FAILURE
    }

    private volatile Manner manner = Manner.WELL;

    /** @param delegate the store below, which is asked while all is well */
    public ThrowingBackstore(Backstore delegate) {
        super(delegate);
    }

    /** Sets what calls do from now on. */
    public void behave(Manner next) {
        manner = next;
    }

    private <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> below) {
        return switch (manner) {
            case WELL -> below.get();
            case EXCEPTION -> throw new IllegalStateException("a backend with a bug");
            case ERROR -> throw new NoClassDefFoundError("a backend without its library");
            case NULL -> null;
            case STRANGE_FAILURE -> CompletableFuture.failedFuture(new ArithmeticException("a backend with a bug"));
        };
    }

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
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return pass(() -> delegate().ability(ExtentMap.class).extents(lba, maxBlocks, maxExtents));
    }

    @Override
    public CompletionStage<Void> close() {
        return pass(super::close);
    }
}
