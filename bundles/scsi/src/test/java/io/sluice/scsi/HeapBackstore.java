package io.sluice.scsi;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store in one byte array that remembers what it was asked and lets a test hold or fail the next operation. */
public final class HeapBackstore
        implements Backstore, Unmap, WriteZeroes, Resize, AllocatedSpace, FreeSpace, ExtentMap {

    private final Set<Class<?>> abilities = new HashSet<>(Set.of(Unmap.class, Resize.class));
    private BlockGeometry geometry;
    private byte[] bytes;
    private volatile CompletableFuture<Void> next;
    private boolean dropWrite;
    public BackstoreLimits limits = BackstoreLimits.NONE;
    /** What it was asked that has to do with stable storage, in order. */
    public final List<String> calls = Collections.synchronizedList(new ArrayList<>());

    private CompletableFuture<Void> heldFlush;
    public long allocated;
    public long free = Long.MAX_VALUE;
    public long allocatedTo;
    public int flushes;
    public volatile int reads;
    public volatile int unmaps;
    public int zeroWrites;
    public Durability lastDurability;
    public volatile Thread lastWriter;

    public HeapBackstore(BlockGeometry geometry) {
        this.geometry = geometry;
        this.bytes = new byte[(int) geometry.sizeBytes()];
    }

    /** The next operation completes as this future does; what it does to the data happens at once. */
    public CompletableFuture<Void> holdNext() {
        next = new CompletableFuture<>();
        return next;
    }

    /** The next flush completes as this future does. */
    public CompletableFuture<Void> holdNextFlush() {
        heldFlush = new CompletableFuture<>();
        return heldFlush;
    }

    /** The next write is lost, as if the power went off before it. */
    public void dropNextWrite() {
        dropWrite = true;
    }

    public void enable(Class<?> ability) {
        abilities.add(ability);
    }

    public byte[] bytes(long lba, int blocks) {
        int offset = (int) geometry.offsetBytes(lba);
        return Arrays.copyOfRange(bytes, offset, offset + blocks * geometry.blockSize());
    }

    private CompletionStage<Void> result() {
        CompletableFuture<Void> held = next;
        next = null;
        return held == null ? Backstore.done() : held;
    }

    @Override
    public BackstoreLimits limits() {
        return limits;
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public <A> A ability(Class<A> kind) {
        if (kind == CryptographicErase.class && abilities.contains(kind)) {
            return kind.cast((CryptographicErase) this::eraseKey);
        }
        return abilities.contains(kind) ? kind.cast(this) : null;
    }

    private CompletionStage<Void> eraseKey() {
        calls.add("erase key");
        return result();
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        reads++;
        destination.put(bytes, (int) geometry.offsetBytes(lba), destination.remaining());
        return result();
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        calls.add("write " + durability);
        lastDurability = durability;
        lastWriter = Thread.currentThread();
        if (dropWrite) {
            dropWrite = false;
            return result();
        }
        int offset = (int) geometry.offsetBytes(lba);
        for (ByteBuffer part : source) {
            int length = part.remaining();
            part.get(bytes, offset, length);
            offset += length;
        }
        return result();
    }

    @Override
    public CompletionStage<Void> flush() {
        flushes++;
        calls.add("flush");
        CompletableFuture<Void> held = heldFlush;
        heldFlush = null;
        return held == null ? result() : held;
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        unmaps++;
        calls.add("unmap");
        zero(lba, blocks);
        return result();
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        zeroWrites++;
        calls.add("zero " + durability);
        lastDurability = durability;
        zero(lba, blocks);
        return result();
    }

    private void zero(long lba, long blocks) {
        int offset = (int) geometry.offsetBytes(lba);
        Arrays.fill(bytes, offset, offset + (int) (blocks * geometry.blockSize()), (byte) 0);
    }

    @Override
    public CompletionStage<Void> resize(long blocks) {
        geometry = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        bytes = Arrays.copyOf(bytes, (int) geometry.sizeBytes());
        return result();
    }

    @Override
    public CompletionStage<Long> freeBytes() {
        return CompletableFuture.completedFuture(free);
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return CompletableFuture.completedFuture(allocated);
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        List<BlockExtent> extents = new ArrayList<>();
        long from = lba;
        if (from < allocatedTo) {
            extents.add(new BlockExtent(Math.min(maxBlocks, allocatedTo - from), true));
            from = allocatedTo;
        }
        if (from < lba + maxBlocks && extents.size() < maxExtents) {
            extents.add(new BlockExtent(lba + maxBlocks - from, false));
        }
        return CompletableFuture.completedFuture(extents);
    }

    @Override
    public CompletionStage<Void> close() {
        return Backstore.done();
    }
}
