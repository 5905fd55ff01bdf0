package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A small disk with a volatile cache, both in memory: what was written is on the medium when it was to be stable, or after a
 * flush, and not before. A test sees what a power loss leaves. Completes at once. Thread-safe.
 */
public final class VolatileBackstore implements Backstore, Unmap, WriteZeroes {

    private final BlockGeometry geometry;
    private final byte[] cache;
    private final byte[] medium;

    /** A disk of zeros. */
    public VolatileBackstore(BlockGeometry geometry) {
        this(geometry, new byte[Math.toIntExact(geometry.sizeBytes())]);
    }

    private VolatileBackstore(BlockGeometry geometry, byte[] content) {
        this.geometry = geometry;
        this.cache = content.clone();
        this.medium = content.clone();
    }

    /** Returns the disk as it is when the power is back: with nothing that was in the cache alone. */
    public synchronized VolatileBackstore afterPowerLoss() {
        return new VolatileBackstore(geometry, medium);
    }

    /** Returns the disk as another process finds it, for which the cache has lost nothing. */
    public synchronized VolatileBackstore afterKill() {
        VolatileBackstore left = new VolatileBackstore(geometry, medium);
        System.arraycopy(cache, 0, left.cache, 0, cache.length);
        return left;
    }

    /** Returns what is in a block. */
    public synchronized byte[] block(long lba) {
        int offset = offset(lba);
        return Arrays.copyOfRange(cache, offset, offset + geometry.blockSize());
    }

    private int offset(long lba) {
        return Math.toIntExact(geometry.offsetBytes(lba));
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public <A> A ability(Class<A> kind) {
        return kind.isInstance(this) ? kind.cast(this) : null;
    }

    @Override
    public synchronized CompletionStage<Void> read(long lba, ByteBuffer destination) {
        if (!geometry.contains(lba, destination.remaining() / geometry.blockSize())) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.READ_FAILED, "beyond the end"));
        }
        destination.put(cache, offset(lba), destination.remaining());
        return Backstore.done();
    }

    @Override
    public synchronized CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        int begin = offset(lba);
        int end = begin;
        for (ByteBuffer part : source) {
            int length = part.remaining();
            part.get(cache, end, length);
            end += length;
        }
        settle(begin, end, durability);
        return Backstore.done();
    }

    @Override
    public synchronized CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        int begin = offset(lba);
        int end = offset(lba + blocks);
        Arrays.fill(cache, begin, end, (byte) 0);
        settle(begin, end, durability);
        return Backstore.done();
    }

    private void settle(int begin, int end, Durability durability) {
        if (durability == Durability.STABLE) {
            System.arraycopy(cache, begin, medium, begin, end - begin);
        }
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return writeZeroes(lba, blocks, Durability.CACHED);
    }

    @Override
    public synchronized CompletionStage<Void> flush() {
        settle(0, cache.length, Durability.STABLE);
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> close() {
        return flush();
    }
}
