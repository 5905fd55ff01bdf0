package io.sluice.layer.crypt;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory for encrypted data on its way to the store below. There is as much of it as there is data being written, which the
 * transport bounds; some is kept for whoever comes next. Thread-safe.
 */
final class ScratchBuffers {

    private static final int KEPT = 64;

    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();

    /** Returns buffers of {@link Xts#CHUNK} bytes each, the last as long as it has to be. */
    ByteBuffer[] take(int length) {
        ByteBuffer[] taken = new ByteBuffer[(length + Xts.CHUNK - 1) / Xts.CHUNK];
        for (int i = 0; i < taken.length; i++) {
            ByteBuffer buffer = idle.poll();
            if (buffer == null) {
                buffer = ByteBuffer.allocateDirect(Xts.CHUNK);
            } else {
                kept.decrementAndGet();
            }
            taken[i] = buffer.clear().limit(Math.min(Xts.CHUNK, length - i * Xts.CHUNK));
        }
        return taken;
    }

    void giveBack(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            if (kept.incrementAndGet() <= KEPT) {
                idle.add(buffer);
            } else {
                kept.decrementAndGet();
            }
        }
    }
}
