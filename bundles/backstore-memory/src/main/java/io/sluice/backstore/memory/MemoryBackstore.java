package io.sluice.backstore.memory;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Placement;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Blocks in direct memory, in chunks that come to be with the first write and go with an unmap. What all of them may take is
 * set aside while the store is open, so that no write finds it used up by another. Contents are lost when the store is closed.
 * Every operation completes in the caller's thread.
 *
 * <p>A chunk is locked while it is read or written, so that nobody sees half a write of a block.
 */
final class MemoryBackstore implements Backstore, Unmap, WriteZeroes, Resize, AllocatedSpace, ExtentMap, Placement {

    /** A multiple of every block size, so that no block lies in two chunks. */
    static final int CHUNK_BYTES = 1 << 20;

    private static final BackstoreLimits LIMITS = BackstoreLimits.NONE.withUnmapGranularityBytes(CHUNK_BYTES, 0);

    private final MemoryBudget budget;
    private final AtomicLong allocatedBytes = new AtomicLong();
    private volatile BlockGeometry geometry;
    private volatile Chunk[] chunks;

    /** What is set aside in the budget. Guarded by this. */
    private long reservedBytes;

    /** Memory of a chunk; null bytes read as zeros. The object itself is the lock. */
    private static final class Chunk {
        private ByteBuffer bytes;
    }

    private MemoryBackstore(BlockGeometry geometry, MemoryBudget budget) {
        this.budget = budget;
        this.geometry = geometry;
        this.chunks = grown(new Chunk[0], geometry);
        this.reservedBytes = bytesFor(geometry.sizeBytes());
    }

    /**
     * Opens an empty store.
     *
     * @param budget where its memory comes from
     * @throws BackstoreException if there is not enough of it
     */
    static MemoryBackstore open(BlockGeometry geometry, MemoryBudget budget) throws BackstoreException {
        if (!budget.take(bytesFor(geometry.sizeBytes()))) {
            throw new BackstoreException(Fault.NOT_READY, budget.refusal());
        }
        return new MemoryBackstore(geometry, budget);
    }

    /** Returns what the chunks of a store take. */
    static long bytesFor(long sizeBytes) {
        return (sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES * CHUNK_BYTES;
    }

    private static Chunk[] grown(Chunk[] old, BlockGeometry geometry) {
        int count = Math.toIntExact(bytesFor(geometry.sizeBytes()) / CHUNK_BYTES);
        Chunk[] grown = new Chunk[count];
        System.arraycopy(old, 0, grown, 0, old.length);
        for (int i = old.length; i < count; i++) {
            grown[i] = new Chunk();
        }
        return grown;
    }

    /** What is done with the part of an operation that lies in one chunk. */
    @FunctionalInterface
    private interface ChunkAction {
        void apply(Chunk chunk, int offset, int length) throws BackstoreException;
    }

    /** Performs an action chunk by chunk, each under its lock. */
    private CompletionStage<Void> each(long lba, long lengthBytes, ChunkAction action) {
        Chunk[] present = chunks;
        long at = geometry.offsetBytes(lba);
        long end = at + lengthBytes;
        try {
            while (at < end) {
                int offset = (int) (at % CHUNK_BYTES);
                int length = (int) Math.min(CHUNK_BYTES - offset, end - at);
                Chunk chunk = present[(int) (at / CHUNK_BYTES)];
                synchronized (chunk) {
                    action.apply(chunk, offset, length);
                }
                at += length;
            }
            return Backstore.done();
        } catch (BackstoreException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    @Override
    public String medium() {
        return "memory of this process: nothing survives its end";
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
    public BackstoreLimits limits() {
        return LIMITS;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return each(lba, destination.remaining(), (chunk, offset, length) -> {
            if (chunk.bytes == null) {
                Zeros.put(destination, length);
            } else {
                destination.put(destination.position(), chunk.bytes, offset, length);
                destination.position(destination.position() + length);
            }
        });
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        Source data = new Source(source);
        return each(lba, data.remaining(), (chunk, offset, length) -> {
            if (chunk.bytes == null) {
                chunk.bytes = allocate();
            }
            data.copyTo(chunk.bytes, offset, length);
        });
    }

    private ByteBuffer allocate() throws BackstoreException {
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_BYTES);
            allocatedBytes.addAndGet(CHUNK_BYTES);
            return bytes;
        } catch (OutOfMemoryError full) {
            throw new BackstoreException(Fault.OUT_OF_SPACE, "the process has no direct memory left", full);
        }
    }

    private void free(Chunk chunk) {
        if (chunk.bytes != null) {
            chunk.bytes = null;
            allocatedBytes.addAndGet(-CHUNK_BYTES);
        }
    }

    @Override
    public CompletionStage<Void> flush() {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        boolean toTheEnd = blocks == geometry.blocks() - lba;
        return each(lba, blocks * geometry.blockSize(), (chunk, offset, length) -> {
            // The last chunk of a store may be wider than what is left of the store.
            if (length == CHUNK_BYTES || (offset == 0 && toTheEnd)) {
                free(chunk);
            } else {
                clear(chunk, offset, length);
            }
        });
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return each(lba, blocks * geometry.blockSize(), MemoryBackstore::clear);
    }

    private static void clear(Chunk chunk, int offset, int length) {
        if (chunk.bytes != null) {
            Zeros.put(chunk.bytes.slice(offset, length), length);
        }
    }

    @Override
    public synchronized CompletionStage<Void> resize(long blocks) {
        if (blocks < geometry.blocks()) {
            return failed(Fault.WRITE_FAILED, "a memory backstore cannot be made smaller");
        }
        if (blocks > MemoryBackstoreProvider.MAXIMUM_BYTES / geometry.blockSize()) {
            return failed(Fault.OUT_OF_SPACE, MemoryBackstoreProvider.TOO_LARGE);
        }
        long more = bytesFor(blocks * geometry.blockSize()) - reservedBytes;
        if (!budget.take(more)) {
            return failed(Fault.OUT_OF_SPACE, budget.refusal());
        }
        reservedBytes += more;
        BlockGeometry changed = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        // Chunks first: whoever sees the new size finds them.
        chunks = grown(chunks, changed);
        geometry = changed;
        return Backstore.done();
    }

    private static CompletionStage<Void> failed(Fault fault, String message) {
        return CompletableFuture.failedFuture(new BackstoreException(fault, message));
    }

    @Override
    public CompletionStage<Long> allocatedBytes() {
        return CompletableFuture.completedFuture(allocatedBytes.get());
    }

    @Override
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        Chunk[] present = chunks;
        int blockSize = geometry.blockSize();
        long at = geometry.offsetBytes(lba);
        long end = Math.min(at + maxBlocks * blockSize, geometry.sizeBytes());
        List<BlockExtent> extents = new ArrayList<>();
        while (at < end && extents.size() < maxExtents) {
            int index = (int) (at / CHUNK_BYTES);
            boolean allocated = isAllocated(present[index]);
            long next;
            do {
                index++;
                next = Math.min((long) index * CHUNK_BYTES, end);
            } while (next < end && isAllocated(present[index]) == allocated);
            extents.add(new BlockExtent((next - at) / blockSize, allocated));
            at = next;
        }
        return CompletableFuture.completedFuture(extents);
    }

    private static boolean isAllocated(Chunk chunk) {
        synchronized (chunk) {
            return chunk.bytes != null;
        }
    }

    @Override
    public synchronized CompletionStage<Void> close() {
        for (Chunk chunk : chunks) {
            synchronized (chunk) {
                free(chunk);
            }
        }
        budget.giveBack(reservedBytes);
        reservedBytes = 0;
        return Backstore.done();
    }
}
