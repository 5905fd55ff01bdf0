package io.sluice.layer.crypt;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Memory for encrypted data on its way to the store below. There is as much of it as there is data being written, which the
 * transport bounds: four times as much at most, or 4 KiB for what is shorter. Some is kept for whoever comes next. Thread-safe.
 */
final class ScratchBuffers {

    private static final int KEPT = 64;

    private final Pool[] pools = {new Pool(4 << 10), new Pool(16 << 10), new Pool(Xts.CHUNK)};

    /** Buffers of one size. */
    private static final class Pool {
        private final int size;
        private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();
        private final AtomicInteger kept = new AtomicInteger();

        Pool(int size) {
            this.size = size;
        }

        ByteBuffer take() {
            ByteBuffer buffer = idle.poll();
            if (buffer == null) {
                return ByteBuffer.allocateDirect(size);
            }
            kept.decrementAndGet();
            return buffer.clear();
        }

        void giveBack(ByteBuffer buffer) {
            if (kept.incrementAndGet() <= KEPT) {
                idle.add(buffer);
            } else {
                kept.decrementAndGet();
            }
        }
    }

    /** Returns the one whose buffers are the shortest that do. */
    private Pool pool(int length) {
        for (Pool pool : pools) {
            if (length <= pool.size) {
                return pool;
            }
        }
        throw new IllegalArgumentException("nothing is longer than a chunk: " + length);
    }

    /** Returns buffers for pieces of {@link Xts#CHUNK} bytes each, the last one as long as it has to be. */
    ByteBuffer[] take(int length) {
        ByteBuffer[] taken = new ByteBuffer[(length + Xts.CHUNK - 1) / Xts.CHUNK];
        for (int i = 0; i < taken.length; i++) {
            int piece = Math.min(Xts.CHUNK, length - i * Xts.CHUNK);
            taken[i] = pool(piece).take().limit(piece);
        }
        return taken;
    }

    void giveBack(ByteBuffer[] buffers) {
        for (ByteBuffer buffer : buffers) {
            pool(buffer.capacity()).giveBack(buffer);
        }
    }
}
