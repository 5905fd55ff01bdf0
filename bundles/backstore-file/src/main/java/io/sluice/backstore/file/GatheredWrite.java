package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** pwritev(2), which Java does not offer with a position. */
final class GatheredWrite {

    private static final int MAXIMUM_VECTORS = 64;
    private static final int VECTOR_BYTES = 2 * Long.BYTES;

    /** Of struct iovec: address and length. */
    private static final ThreadLocal<Memory> VECTORS =
            ThreadLocal.withInitial(() -> new Memory(MAXIMUM_VECTORS * VECTOR_BYTES));

    static {
        BoundCalls.bind(GatheredWrite.class);
    }

    static native long pwritev(int descriptor, Pointer vectors, int count, long offset) throws LastErrorException;

    static int write(int descriptor, long offset, ByteBuffer[] source, int bytes) throws IOException {
        Memory vectors = VECTORS.get();
        int count = 0;
        int left = bytes;
        for (int i = 0; left > 0 && count < MAXIMUM_VECTORS; i++) {
            int length = Math.min(left, source[i].remaining());
            if (length > 0) {
                Pointer address = Native.getDirectBufferPointer(source[i]).share(source[i].position());
                vectors.setPointer((long) count * VECTOR_BYTES, address);
                vectors.setLong((long) count * VECTOR_BYTES + Long.BYTES, length);
                count++;
                left -= length;
            }
        }
        int written = call(descriptor, vectors, count, offset);
        advance(source, written);
        return written;
    }

    private static int call(int descriptor, Pointer vectors, int count, long offset) throws IOException {
        while (true) {
            try {
                return (int) pwritev(descriptor, vectors, count, offset);
            } catch (LastErrorException failed) {
                if (!Libc.isInterrupted(failed)) {
                    throw new IOException(failed.getMessage(), failed);
                }
            }
        }
    }

    private static void advance(ByteBuffer[] source, int bytes) {
        int left = bytes;
        for (int i = 0; left > 0; i++) {
            int length = Math.min(left, source[i].remaining());
            source[i].position(source[i].position() + length);
            left -= length;
        }
    }
}
