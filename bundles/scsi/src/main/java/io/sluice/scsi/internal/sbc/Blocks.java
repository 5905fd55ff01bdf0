package io.sluice.scsi.internal.sbc;

import java.nio.ByteBuffer;

/** Data-Out of a command that looks at it, in as many buffers as it came in: nothing is copied to have it in one. */
final class Blocks {

    private final ByteBuffer[] parts;
    private final int length;

    /** @param parts the data; it is left as it is */
    Blocks(ByteBuffer[] parts) {
        this.parts = parts;
        int sum = 0;
        for (ByteBuffer part : parts) {
            sum += part.remaining();
        }
        this.length = sum;
    }

    /** Returns how many bytes there are. */
    int length() {
        return length;
    }

    /** Returns a view of the data from an offset on, to write it. */
    ByteBuffer[] from(int offset) {
        ByteBuffer[] views = new ByteBuffer[parts.length];
        int skip = offset;
        for (int i = 0; i < parts.length; i++) {
            int skipped = Math.min(skip, parts[i].remaining());
            views[i] = parts[i].slice(parts[i].position() + skipped, parts[i].remaining() - skipped);
            skip -= skipped;
        }
        return views;
    }

    /** Compares all that is left in a buffer with the data; returns the offset of the first difference, or -1. */
    int mismatch(int offset, ByteBuffer other) {
        int done = 0;
        for (ByteBuffer part : from(offset)) {
            int piece = Math.min(part.remaining(), other.remaining() - done);
            int mismatch = other.slice(other.position() + done, piece).mismatch(part.slice(0, piece));
            if (mismatch >= 0) {
                return done + mismatch;
            }
            done += piece;
        }
        return -1;
    }

    /** Sets the bits of the data in all that is left in a buffer. */
    void or(int offset, ByteBuffer other) {
        int at = other.position();
        for (ByteBuffer part : from(offset)) {
            while (part.hasRemaining() && at < other.limit()) {
                other.put(at, (byte) (other.get(at) | part.get()));
                at++;
            }
        }
    }
}
