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

    /** Copies the next bytes to a place in a buffer, whose position stays; there are enough. */
    void copyTo(ByteBuffer destination, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            ByteBuffer part = parts[index];
            if (!part.hasRemaining()) {
                index++;
                continue;
            }
            int piece = Math.min(part.remaining(), end - at);
            destination.put(at, part, part.position(), piece);
            part.position(part.position() + piece);
            at += piece;
        }
    }
}
