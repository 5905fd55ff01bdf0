package io.sluice.backstore.file;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** preadv2(2) with RWF_NOWAIT: a call that not every C library has, bound by itself. */
final class PageCache {

    private static final Logger LOG = LoggerFactory.getLogger(PageCache.class);

    static final boolean READABLE = bind();

    private static final int RWF_NOWAIT = 0x08;
    private static final int EAGAIN = 11;

    /** struct iovec: address and length. */
    private static final ThreadLocal<Memory> VECTOR = ThreadLocal.withInitial(() -> new Memory(2 * Long.BYTES));

    private static boolean bind() {
        try {
            BoundCalls.bind(PageCache.class);
            return true;
        } catch (LinkageError missing) {
            LOG.info("files are read by threads of their own: {}", missing.toString());
            return false;
        }
    }

    static native long preadv2(int descriptor, Pointer vectors, int count, long offset, int flags);

    /** Returns whether the file system of a file promises not to wait: those that may ask another machine or process do not. */
    static boolean promises(int descriptor) {
        ByteBuffer first = ByteBuffer.allocateDirect(1);
        Memory vector = vector(first);
        return READABLE && (preadv2(descriptor, vector, 1, 0, RWF_NOWAIT) >= 0 || Native.getLastError() == EAGAIN);
    }

    private static Memory vector(ByteBuffer destination) {
        Memory vector = VECTOR.get();
        vector.setPointer(0, Native.getDirectBufferPointer(destination).share(destination.position()));
        vector.setLong(Long.BYTES, destination.remaining());
        return vector;
    }

    static int read(int descriptor, long offset, ByteBuffer destination) {
        return (int) Math.max(0, preadv2(descriptor, vector(destination), 1, offset, RWF_NOWAIT));
    }
}
