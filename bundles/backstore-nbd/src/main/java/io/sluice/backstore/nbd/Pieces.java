package io.sluice.backstore.nbd;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts what is longer than a request may be. */
final class Pieces {

    private Pieces() {}

    static int length(ByteBuffer[] buffers) {
        int length = 0;
        for (ByteBuffer buffer : buffers) {
            length += buffer.remaining();
        }
        return length;
    }

    /** Returns views of some of the bytes of buffers that follow each other. */
    static ByteBuffer[] cut(ByteBuffer[] buffers, int from, int length) {
        List<ByteBuffer> views = new ArrayList<>();
        int skip = from;
        int left = length;
        for (ByteBuffer buffer : buffers) {
            int begin = Math.min(skip, buffer.remaining());
            int bytes = Math.min(left, buffer.remaining() - begin);
            if (bytes > 0) {
                views.add(buffer.slice(buffer.position() + begin, bytes));
            }
            skip -= begin;
            left -= bytes;
        }
        return views.toArray(ByteBuffer[]::new);
    }
}
