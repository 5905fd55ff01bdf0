package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** pread(2) and pwrite(2) with buffers of the caller, who sees to their alignment; bound with the first use. */
final class DirectCalls {

    static {
        BoundCalls.bind(DirectCalls.class);
    }

    private DirectCalls() {}

    static native long pread(int descriptor, Pointer buffer, long length, long offset) throws LastErrorException;

    static native long pwrite(int descriptor, Pointer buffer, long length, long offset) throws LastErrorException;

    /** Reads into a direct buffer and advances it; returns the bytes read, 0 at the end of the file. */
    static int read(int descriptor, long offset, ByteBuffer destination) throws IOException {
        Pointer memory = Native.getDirectBufferPointer(destination).share(destination.position());
        int length = destination.remaining();
        int read = (int) Libc.call(() -> pread(descriptor, memory, length, offset));
        destination.position(destination.position() + read);
        return read;
    }

    /** Writes from a direct buffer and advances it; returns the bytes written. */
    static int write(int descriptor, long offset, ByteBuffer source) throws IOException {
        Pointer memory = Native.getDirectBufferPointer(source).share(source.position());
        int length = source.remaining();
        int written = (int) Libc.call(() -> pwrite(descriptor, memory, length, offset));
        source.position(source.position() + written);
        return written;
    }
}
