package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Linux can do with a file and Java cannot: punch holes, zero ranges, tell the space in use. It has a descriptor of
 * its own, because Java does not give away the one of a channel.
 */
final class NativeFile implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NativeFile.class);

    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;
    private static final int ZERO_RANGE = 0x10;

    /** Space for a struct stat, and where st_blocks is in it on 64-bit Linux. */
    private static final int STAT_BYTES = 256;

    private static final int ST_BLOCKS = 64;
    private static final int ST_BLOCK_BYTES = 512;

    private final int descriptor;

    /** The C library, bound once. */
    private static final class Libc {
        static {
            Native.register(Libc.class, NativeLibrary.getInstance("c"));
        }

        static native int open(String path, int flags) throws LastErrorException;

        static native int close(int descriptor) throws LastErrorException;

        static native int fallocate(int descriptor, int mode, long offset, long length) throws LastErrorException;

        static native int fstat(int descriptor, Pointer stat) throws LastErrorException;
    }

    private NativeFile(int descriptor) {
        this.descriptor = descriptor;
    }

    /** Opens a file for writing; null where this platform or a missing library does not allow it. */
    static NativeFile open(Path path) {
        try {
            if (!Platform.isLinux() || !Platform.is64Bit()) {
                return null;
            }
            return new NativeFile(Libc.open(path.toString(), O_RDWR | O_CLOEXEC));
        } catch (LinkageError | LastErrorException unavailable) {
            LOG.warn("file={} zeros are written instead of punching holes: {}", path, unavailable.toString());
            return null;
        }
    }

    /** Frees a range; it reads as zeros afterwards. */
    void punchHole(long offset, long length) throws IOException {
        allocate(PUNCH_HOLE | KEEP_SIZE, offset, length);
    }

    /** Makes a range read as zeros and keeps its space. */
    void zeroRange(long offset, long length) throws IOException {
        allocate(ZERO_RANGE | KEEP_SIZE, offset, length);
    }

    /** Reserves the space of a range. */
    void reserve(long offset, long length) throws IOException {
        allocate(0, offset, length);
    }

    private void allocate(int mode, long offset, long length) throws IOException {
        try {
            Libc.fallocate(descriptor, mode, offset, length);
        } catch (LastErrorException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /** Returns the bytes of real space in use. */
    long allocatedBytes() throws IOException {
        try (Memory stat = new Memory(STAT_BYTES)) {
            Libc.fstat(descriptor, stat);
            return stat.getLong(ST_BLOCKS) * ST_BLOCK_BYTES;
        } catch (LastErrorException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    @Override
    public void close() {
        try {
            Libc.close(descriptor);
        } catch (LastErrorException failed) {
            LOG.warn("a file descriptor could not be closed: {}", failed.getMessage());
        }
    }
}
