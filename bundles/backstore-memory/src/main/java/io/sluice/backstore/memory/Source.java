package io.sluice.backstore.memory;

import java.nio.ByteBuffer;

/** The data of a write, taken piece by piece from its buffers. */
final class Source {

    private final ByteBuffer[] parts;
    private int index;

    Source(ByteBuffer[] parts) {
        this.parts = parts;
    }

    /** Returns the bytes that have not been taken. */
    long remaining() {
        long bytes = 0;
        for (ByteBuffer part : parts) {
            bytes += part.remaining();
        }
        return bytes;
    }

    /** Fills a buffer with the next bytes; there are enough. */
    void copyTo(ByteBuffer destination) {
        while (destination.hasRemaining()) {
            ByteBuffer part = parts[index];
            if (!part.hasRemaining()) {
                index++;
                continue;
            }
            int piece = Math.min(part.remaining(), destination.remaining());
            destination.put(part.slice(part.position(), piece));
            part.position(part.position() + piece);
        }
    }
}
