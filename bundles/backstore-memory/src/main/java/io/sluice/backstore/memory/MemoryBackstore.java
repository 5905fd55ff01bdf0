package io.sluice.backstore.memory;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Blocks in direct memory, in chunks that come to be with the first write and go with an unmap. Contents are lost with the
 * process. Every operation completes in the caller's thread.
 *
 * <p>A chunk is locked while it is read or written, so that nobody sees half a write of a block.
 */
final class MemoryBackstore implements Backstore {

    static final int CHUNK_BYTES = 1 << 20;

    private static final Set<Capability> CAPABILITIES =
            Set.copyOf(EnumSet.of(Capability.UNMAP, Capability.WRITE_ZEROES, Capability.RESIZE, Capability.ALLOCATION));

    private final AtomicLong allocated = new AtomicLong();
    private volatile BlockGeometry geometry;
    private volatile AtomicReferenceArray<Chunk> chunks;

    /** Memory of a chunk; null bytes read as zeros. The object itself is the lock. */
    private static final class Chunk {
        private ByteBuffer bytes;
    }

    MemoryBackstore(BlockGeometry geometry) {
        this.geometry = geometry;
        this.chunks = grown(new AtomicReferenceArray<>(0), geometry);
    }

    private static AtomicReferenceArray<Chunk> grown(AtomicReferenceArray<Chunk> old, BlockGeometry geometry) {
        int count = Math.toIntExact((geometry.sizeBytes() + CHUNK_BYTES - 1) / CHUNK_BYTES);
        AtomicReferenceArray<Chunk> grown = new AtomicReferenceArray<>(count);
        for (int i = 0; i < count; i++) {
            grown.set(i, i < old.length() ? old.get(i) : new Chunk());
        }
        return grown;
    }

    /** Something that is done with the part of an operation that lies in one chunk. */
    @FunctionalInterface
    private interface ChunkAction {
        void apply(Chunk chunk, int offset, int length) throws BackstoreException;
    }

    /** Performs an action chunk by chunk, each under its lock. */
    private CompletionStage<Void> each(long offset, long length, ChunkAction action) {
        try {
            AtomicReferenceArray<Chunk> present = chunks;
            for (long at = offset; at < offset + length; ) {
                int within = (int) (at % CHUNK_BYTES);
                int piece = (int) Math.min(CHUNK_BYTES - within, offset + length - at);
                Chunk chunk = present.get((int) (at / CHUNK_BYTES));
                synchronized (chunk) {
                    action.apply(chunk, within, piece);
                }
                at += piece;
            }
            return Backstore.done();
        } catch (BackstoreException failed) {
            return CompletableFuture.failedFuture(failed);
        }
    }

    @Override
    public BlockGeometry geometry() {
        return geometry;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        return each(geometry.offsetBytes(lba), destination.remaining(), (chunk, offset, length) -> {
            if (chunk.bytes == null) {
                Zeros.put(destination, length);
            } else {
                destination.put(chunk.bytes.slice(offset, length));
            }
        });
    }

    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        long length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        Source bytes = new Source(source);
        return each(geometry.offsetBytes(lba), length, (chunk, offset, piece) -> {
            if (chunk.bytes == null) {
                chunk.bytes = allocate();
            }
            bytes.copyTo(chunk.bytes.slice(offset, piece));
        });
    }

    private ByteBuffer allocate() throws BackstoreException {
        try {
            ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_BYTES);
            allocated.addAndGet(CHUNK_BYTES);
            return bytes;
        } catch (OutOfMemoryError full) {
            throw new BackstoreException(Fault.OUT_OF_SPACE, "no direct memory is left for a memory backstore", full);
        }
    }

    @Override
    public CompletionStage<Void> flush() {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return each(geometry.offsetBytes(lba), blocks * geometry.blockSize(), (chunk, offset, length) -> {
            if (length == CHUNK_BYTES && chunk.bytes != null) {
                chunk.bytes = null;
                allocated.addAndGet(-CHUNK_BYTES);
            } else if (chunk.bytes != null) {
                Zeros.put(chunk.bytes.slice(offset, length), length);
            }
        });
    }

    @Override
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        return unmap(lba, blocks);
    }

    @Override
    public synchronized void resize(long blocks) throws BackstoreException {
        BlockGeometry changed = new BlockGeometry(blocks, geometry.blockSize(), geometry.physicalBlockSize());
        if (blocks < geometry.blocks()) {
            throw new BackstoreException(Fault.WRITE_FAILED, "a memory backstore cannot shrink");
        }
        chunks = grown(chunks, changed);
        geometry = changed;
    }

    @Override
    public long allocatedBytes() {
        return allocated.get();
    }

    @Override
    public void close() {
        chunks = new AtomicReferenceArray<>(0);
    }
}
