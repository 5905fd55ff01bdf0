package io.sluice.backstore.file;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** A write that waits for a thread: its own stage and its own place in the queue, so that it costs one object. */
final class PendingWrite extends CompletableFuture<Void> {

    private static final VarHandle CLAIMED;

    static {
        try {
            CLAIMED = MethodHandles.lookup().findVarHandle(PendingWrite.class, "claimed", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    final long offset;
    final ByteBuffer[] source;

    /** In the queue the one before this, in a batch the one behind it. */
    PendingWrite next;

    /** How many stand in the queue up to this one. */
    int number;

    /** What came of it, until it is told; of the thread that has claimed it. */
    Throwable failure;

    private volatile boolean claimed;

    PendingWrite(long offset, ByteBuffer[] source) {
        this.offset = offset;
        this.source = source;
    }

    /** Returns true to the one thread that is to perform it. */
    boolean claim() {
        return CLAIMED.compareAndSet(this, false, true);
    }

    boolean isClaimed() {
        return claimed;
    }

    long lengthBytes() {
        long length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        return length;
    }
}
