package com.example.embedded;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Blocks in a map; one that is not there reads as zeros. Nothing here waits, so everything is done at once, in the thread of
 * the caller.
 */
record MapBackstore(BlockGeometry geometry, Map<Long, byte[]> blocks) implements Backstore {

    @Override
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        byte[] zeros = new byte[geometry.blockSize()];
        for (long block = lba; destination.hasRemaining(); block++) {
            destination.put(blocks.getOrDefault(block, zeros));
        }
        return Backstore.done();
    }

    /** A block may begin in one buffer and end in the next. */
    @Override
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        long block = lba;
        byte[] bytes = new byte[geometry.blockSize()];
        int filled = 0;
        for (ByteBuffer part : source) {
            while (part.hasRemaining()) {
                int length = Math.min(part.remaining(), bytes.length - filled);
                part.get(bytes, filled, length);
                filled += length;
                if (filled == bytes.length) {
                    blocks.put(block++, bytes);
                    bytes = new byte[bytes.length];
                    filled = 0;
                }
            }
        }
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> flush() {
        return Backstore.done();
    }

    @Override
    public CompletionStage<Void> close() {
        return Backstore.done();
    }
}
