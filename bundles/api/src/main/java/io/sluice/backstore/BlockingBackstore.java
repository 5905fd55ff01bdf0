package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Base of a store whose calls block: a subclass gives byte offsets their meaning in four plain methods, and this class runs
 * them on the threads of the backstore's {@link BackstoreContext}. Abilities are added by implementing their interfaces with
 * {@link #run}.
 *
 * <p>The plain methods run several at a time. They throw {@link BackstoreException} to fail the operation.
 */
public abstract class BlockingBackstore implements Backstore {

    private final Executor executor;

    /** @param context whose threads run the blocking calls */
    protected BlockingBackstore(BackstoreContext context) {
        this(context.executor());
    }

    /** @param executor runs the blocking calls */
    protected BlockingBackstore(Executor executor) {
        this.executor = Objects.requireNonNull(executor);
    }

    /** Reads {@code destination.remaining()} bytes at a byte offset. */
    protected abstract void readAt(long offsetBytes, ByteBuffer destination) throws BackstoreException;

    /** Writes the remaining bytes of one buffer at a byte offset, which need not be the start of a block. */
    protected abstract void writeAt(long offsetBytes, ByteBuffer source) throws BackstoreException;

    /** Puts everything written so far on stable storage. */
    protected abstract void flushAll() throws BackstoreException;

    /** Flushes and releases everything; called once. What it throws says that data may be lost. */
    protected abstract void release() throws BackstoreException;

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
        return run(() -> readAt(offset, destination));
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
        return run(() -> {
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
    public CompletionStage<Void> flush() {
        return run(this::flushAll);
    }

    @Override
    public final CompletionStage<Void> close() {
        return run(this::release);
    }

    /** Flushes if that is what the end of a write has to mean. */
    protected final void makeStable(Durability durability) throws BackstoreException {
        if (durability == Durability.STABLE) {
            flushAll();
        }
    }

    /** A call that blocks. */
    @FunctionalInterface
    protected interface BlockingOperation {

        /** Does it. */
        void run() throws BackstoreException;
    }

    /** Runs a blocking call on the threads of the backstore; whatever it throws fails the stage. */
    protected final CompletionStage<Void> run(BlockingOperation operation) {
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
        } catch (RejectedExecutionException refused) {
            result.completeExceptionally(
                    new BackstoreException(Fault.NOT_READY, "the backstore takes no more work", refused));
        }
        return result;
    }
}
