package io.sluice.backstore.memory;

import java.nio.ByteBuffer;

/** Fills buffers with zeros. */
final class Zeros {

    private static final ByteBuffer PAGE = ByteBuffer.allocateDirect(64 << 10).asReadOnlyBuffer();

    private Zeros() {}

    static void put(ByteBuffer destination, int length) {
        for (int left = length; left > 0; ) {
            int piece = Math.min(left, PAGE.capacity());
            destination.put(PAGE.slice(0, piece));
            left -= piece;
        }
    }
}
