package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Linux can do with a file and Java cannot: punch holes, zero ranges, reserve space, tell the space in use. It has a
 * descriptor of its own, because Java does not give away the one of a channel.
 *
 * <p>Closing it drops the locks that this process has on the file, as every close of a descriptor does (POSIX fcntl).
 */
class NativeFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NativeFile.class);

    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;
    private static final int ZERO_RANGE = 0x10;

    private final int descriptor;

    /** @param descriptor an open file, closed with this object */
    NativeFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Opens a file; null where this platform or a missing library does not allow it. */
    static NativeFile open(Path path, boolean writable) throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            return new NativeFile(Libc.openFile(path.toString(), writable));
        } catch (LinkageError unavailable) {
            LOG.warn("file={} zeros are written instead of punching holes: {}", path, unavailable.toString());
            return null;
        }
    }

    /** Frees a range; it reads as zeros afterwards. */
    void punchHole(long offset, long length) throws IOException {
        Libc.allocate(descriptor, PUNCH_HOLE | KEEP_SIZE, offset, length);
    }

    /** Makes a range read as zeros and keeps its space. */
    void zeroRange(long offset, long length) throws IOException {
        Libc.allocate(descriptor, ZERO_RANGE | KEEP_SIZE, offset, length);
    }

    /** Reserves the space of a range. */
    void reserve(long offset, long length) throws IOException {
        Libc.allocate(descriptor, 0, offset, length);
    }

    /** Returns the bytes of real space in use. */
    long allocatedBytes() throws IOException {
        return Libc.allocatedBytes(descriptor);
    }

    /**
     * Reads what is in the page cache, without waiting for the disk.
     *
     * @param destination a direct buffer; it is not advanced
     * @return the bytes read; 0 if the first one is not there, or this kernel cannot tell
     */
    int readCached(long offset, ByteBuffer destination) {
        return PageCache.READABLE ? PageCache.read(descriptor, offset, destination) : 0;
    }

    /**
     * Returns what tells which parts are in the page cache.
     *
     * @param length bytes from the beginning that it is to know
     */
    PageResidency residency(long length) throws IOException {
        return new PageResidency(descriptor, length);
    }

    /**
     * Writes from several direct buffers by one call, and advances them by what it took.
     *
     * @param bytes how many of the remaining bytes to write, at least 1
     * @return the bytes written; fewer if the call took fewer
     */
    int write(long offset, ByteBuffer[] source, int bytes) throws IOException {
        return GatheredWrite.write(descriptor, offset, source, bytes);
    }

    /** Returns where the next data begins at or behind an offset, or -1 if there is none. */
    long nextData(long offset) throws IOException {
        return Libc.seek(descriptor, offset, Libc.SEEK_DATA);
    }

    /** Returns where the next hole begins at or behind an offset; the end of the file counts as one. */
    long nextHole(long offset) throws IOException {
        return Libc.seek(descriptor, offset, Libc.SEEK_HOLE);
    }

    @Override
    public void close() throws IOException {
        Libc.closeFile(descriptor);
    }

    /** The C library, bound with the first use. Only this class needs JNA, so that the one around it loads without. */
    private static final class Libc {

        private static final int O_RDONLY = 0;
        private static final int O_RDWR = 2;
        private static final int O_CLOEXEC = 0x80000;

        /** struct statx is the same on all architectures, which struct stat is not. */
        private static final int STATX_BYTES = 256;

        private static final int STATX_BLOCKS = 0x400;
        private static final int STX_BLOCKS = 48;
        private static final int STX_BLOCK_BYTES = 512;
        private static final int AT_EMPTY_PATH = 0x1000;

        private static final int SEEK_DATA = 3;
        private static final int SEEK_HOLE = 4;
        private static final int ENXIO = 6;

        static {
            Native.register(Libc.class, NativeLibrary.getInstance("c"));
        }

        static native int open(String path, int flags) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;

        static native int fallocate(int descriptor, int mode, long offset, long length) throws LastErrorException;

        static native int statx(int folder, String path, int flags, int mask, Pointer statx) throws LastErrorException;

        static native long lseek(int descriptor, long offset, int whence) throws LastErrorException;

        static long seek(int descriptor, long offset, int whence) throws IOException {
            try {
                return lseek(descriptor, offset, whence);
            } catch (LastErrorException failed) {
                if (failed.getErrorCode() == ENXIO) {
                    return -1;
                }
                throw new IOException(failed.getMessage(), failed);
            }
        }

        static int openFile(String path, boolean writable) throws IOException {
            try {
                return open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
            } catch (LastErrorException failed) {
                throw new IOException(failed.getMessage(), failed);
            }
        }

        static void closeFile(int descriptor) throws IOException {
            try {
                close(descriptor);
            } catch (LastErrorException failed) {
                throw new IOException(failed.getMessage(), failed);
            }
        }

        static void allocate(int descriptor, int mode, long offset, long length) throws IOException {
            try {
                fallocate(descriptor, mode, offset, length);
            } catch (LastErrorException failed) {
                throw new IOException(failed.getMessage(), failed);
            }
        }

        static long allocatedBytes(int descriptor) throws IOException {
            try (Memory statx = new Memory(STATX_BYTES)) {
                statx(descriptor, "", AT_EMPTY_PATH, STATX_BLOCKS, statx);
                return statx.getLong(STX_BLOCKS) * STX_BLOCK_BYTES;
            } catch (LastErrorException failed) {
                throw new IOException(failed.getMessage(), failed);
            }
        }
    }

    /** pwritev(2), which Java does not offer with a position. */
    private static final class GatheredWrite {

        private static final int MAXIMUM_VECTORS = 64;
        private static final int VECTOR_BYTES = 2 * Long.BYTES;

        /** Of struct iovec: address and length. */
        private static final ThreadLocal<Memory> VECTORS =
                ThreadLocal.withInitial(() -> new Memory(MAXIMUM_VECTORS * VECTOR_BYTES));

        static {
            Native.register(GatheredWrite.class, NativeLibrary.getInstance("c"));
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
            int written;
            try {
                written = (int) pwritev(descriptor, vectors, count, offset);
            } catch (LastErrorException failed) {
                throw new IOException(failed.getMessage(), failed);
            }
            advance(source, written);
            return written;
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

    /** A call that not every C library has, bound by itself. */
    private static final class PageCache {

        static final boolean READABLE = bind();

        private static final int RWF_NOWAIT = 0x08;

        /** struct iovec: address and length. */
        private static final ThreadLocal<Memory> VECTOR = ThreadLocal.withInitial(() -> new Memory(2 * Long.BYTES));

        private static boolean bind() {
            try {
                Native.register(PageCache.class, NativeLibrary.getInstance("c"));
                return true;
            } catch (LinkageError missing) {
                LOG.info("files are read by threads of their own: {}", missing.toString());
                return false;
            }
        }

        static native long preadv2(int descriptor, Pointer vectors, int count, long offset, int flags);

        static int read(int descriptor, long offset, ByteBuffer destination) {
            Memory vector = VECTOR.get();
            vector.setPointer(0, Native.getDirectBufferPointer(destination).share(destination.position()));
            vector.setLong(Long.BYTES, destination.remaining());
            return (int) Math.max(0, preadv2(descriptor, vector, 1, offset, RWF_NOWAIT));
        }
    }
}
