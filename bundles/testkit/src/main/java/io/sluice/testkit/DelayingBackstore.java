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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A store of which each operation begins late; counts them. Thread-safe. */
public final class DelayingBackstore extends ForwardingBackstore
        implements Unmap, WriteZeroes, Resize, AllocatedSpace, ExtentMap {

    private final ScheduledExecutorService scheduler;
    private final long delayMicros;
    private final AtomicLong operations = new AtomicLong();

    DelayingBackstore(Backstore delegate, ScheduledExecutorService scheduler, long delayMicros) {
        super(delegate);
        this.scheduler = scheduler;
        this.delayMicros = delayMicros;
    }

    /** Returns how many operations were asked for, the flushes among them. */
    public long operations() {
        return operations.get();
    }

    private <T> CompletionStage<T> later(Supplier<CompletionStage<T>> below) {
        operations.incrementAndGet();
        CompletableFuture<T> result = new CompletableFuture<>();
        Runnable begin = () -> below.get().whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        scheduler.schedule(begin, delayMicros, TimeUnit.MICROSECONDS);
        return result;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return later(() -> super.read(lba, destination));
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        return later(() -> super.write(lba, source, durability));
    }

    @Override
    public CompletionStage<Void> flush() {
        return later(super::flush);
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return later(() -> delegate().ability(Unmap.class).unmap(lba, blocks));
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return later(() -> delegate().ability(WriteZeroes.class).writeZeroes(lba, blocks, durability));
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        return later(() -> delegate().ability(Resize.class).resize(blocks));
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return later(() -> delegate().ability(AllocatedSpace.class).allocatedBytes());
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return later(() -> delegate().ability(ExtentMap.class).extents(lba, maxBlocks, maxExtents));
    }
}
