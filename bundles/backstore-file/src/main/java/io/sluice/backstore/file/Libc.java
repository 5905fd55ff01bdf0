package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;

/** The C library, bound with the first use, so that whoever may do without JNA loads without it. */
final class Libc {

    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_EXCL = 0x80;
    private static final int O_CLOEXEC = 0x80000;

    /** struct statx is the same on all architectures, which struct stat is not. */
    private static final int STATX_BYTES = 256;

    private static final int STATX_BLOCKS = 0x400;
    private static final int STX_BLOCKS = 48;
    private static final int STX_BLOCK_BYTES = 512;
    private static final int AT_EMPTY_PATH = 0x1000;

    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int EOPNOTSUPP = 95;

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

    /** @param exclusive of a block device, whether to fail if the kernel or another process has it for itself */
    static int openFile(String path, boolean writable, boolean exclusive) throws IOException {
        try {
            return open(path, (writable ? O_RDWR : O_RDONLY) | (exclusive ? O_EXCL : 0) | O_CLOEXEC);
        } catch (LastErrorException failed) {
            if (failed.getErrorCode() == EBUSY) {
                throw new BusyException(failed.getMessage());
            }
            if (failed.getErrorCode() == EACCES) {
                throw new AccessDeniedException(path);
            }
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
            if (failed.getErrorCode() == EOPNOTSUPP) {
                throw new NotSupportedException(failed.getMessage());
            }
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
