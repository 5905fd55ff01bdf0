package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Base of a store whose calls block: a subclass gives byte offsets their meaning in a few plain methods, and this class
 * runs them on the executor that the provider was given.
 *
 * <p>The plain methods run on the executor's threads, several at a time. They throw {@link BackstoreException} to fail
 * the operation.
 */
public abstract class BlockingBackstore implements Backstore {

    private final Executor executor;

    /** @param executor runs the blocking calls; its queue should be at least the engine's window */
    protected BlockingBackstore(Executor executor) {
        this.executor = Objects.requireNonNull(executor);
    }

    /** Reads {@code destination.remaining()} bytes at a byte offset. */
    protected abstract void readAt(long offsetBytes, ByteBuffer destination) throws BackstoreException;

    /** Writes the remaining bytes of one buffer at a byte offset, which need not be the start of a block. */
    protected abstract void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException;

    /**
     * Reads as much as can be read without waiting, in the thread of the caller, and advances the buffer by that. What is
     * left is read by {@link #readAt}. The default reads nothing.
     *
     * @throws BackstoreException to fail the operation
     */
    protected void readNow(long offsetBytes, ByteBuffer destination) throws BackstoreException {}

    /**
     * Writes in the thread of the caller, if that will not wait; all of the data or nothing. The default writes nothing.
     *
     * @param lengthBytes remaining bytes of all buffers
     * @return whether the data was written; the buffers are untouched otherwise
     * @throws BackstoreException to fail the operation
     */
    protected boolean writeNow(long offsetBytes, ByteBuffer[] source, long lengthBytes) throws BackstoreException {
        return false;
    }

    /** Puts everything written so far on stable storage. */
    protected abstract void flushAll() throws BackstoreException;

    /** Makes a range of bytes read as zeros and gives its space back; only with {@link Capability#UNMAP}. */
    protected void unmapAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        throw new UnsupportedOperationException("unmap");
    }

    /** Makes a range of bytes read as zeros and keeps its space; only with {@link Capability#WRITE_ZEROES}. */
    protected void zeroAt(long offsetBytes, long lengthBytes) throws BackstoreException {
        throw new UnsupportedOperationException("writeZeroes");
    }

    @Override
    public final CompletionStage<Void> read(long lba, ByteBuffer destination) {
        long start = geometry().offsetBytes(lba);
        int before = destination.position();
        try {
            readNow(start, destination);
        } catch (BackstoreException failed) {
            return CompletableFuture.failedFuture(failed);
        }
        if (!destination.hasRemaining()) {
            return Backstore.done();
        }
        long offset = start + destination.position() - before;
        return submit(() -> readAt(offset, destination));
    }

    @Override
    public final CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        long start = geometry().offsetBytes(lba);
        try {
            if (durability == Durability.CACHED && writeNow(start, source, remaining(source))) {
                return Backstore.done();
            }
        } catch (BackstoreException failed) {
            return CompletableFuture.failedFuture(failed);
        }
        return submit(() -> {
            writeAll(start, source);
            makeStable(durability);
        });
    }

    /** Writes the buffers one behind the other: with {@link #writeAt}, unless the store can gather them. */
    protected void writeAll(long offsetBytes, ByteBuffer[] source) throws BackstoreException {
        long offset = offsetBytes;
        for (ByteBuffer part : source) {
            int length = part.remaining();
            writeAt(offset, part);
            offset += length;
        }
    }

    /** Returns the remaining bytes of all buffers. */
    protected static long remaining(ByteBuffer[] source) {
        long length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        return length;
    }

    @Override
    public final CompletionStage<Void> flush() {
        return submit(this::flushAll);
    }

    @Override
    public final CompletionStage<Void> unmap(long lba, long blocks) {
        BlockGeometry geometry = geometry();
        return submit(() -> unmapAt(geometry.offsetBytes(lba), blocks * geometry.blockSize()));
    }

    @Override
    public final CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        BlockGeometry geometry = geometry();
        return submit(() -> {
            zeroAt(geometry.offsetBytes(lba), blocks * geometry.blockSize());
            makeStable(durability);
        });
    }

    private void makeStable(Durability durability) throws BackstoreException {
        if (durability == Durability.STABLE) {
            flushAll();
        }
    }

    private CompletionStage<Void> submit(BlockingOperation operation) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        try {
            executor.execute(() -> {
                try {
                    operation.run();
                    result.complete(null);
                } catch (Throwable failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException closed) {
            result.completeExceptionally(
                    new BackstoreException(Fault.NOT_READY, "the backstore's executor takes no more work", closed));
        }
        return result;
    }

    @FunctionalInterface
    private interface BlockingOperation {
        void run() throws BackstoreException;
    }
}
