package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;

/** The C library, bound with the first use, so that whoever may do without JNA loads without it. */
final class Libc {

    private static final int O_RDONLY = 0;
    private static final int O_RDWR = 2;
    private static final int O_EXCL = 0x80;
    private static final int O_CLOEXEC = 0x80000;
    private static final int OWNER_ONLY = 0600;

    /** The bit is another one on ARM. */
    private static final int O_DIRECT = System.getProperty("os.arch").startsWith("aarch64") ? 0x10000 : 0x4000;

    /** A file without a name. The bit of O_DIRECTORY in it is another one on ARM. */
    private static final int O_TMPFILE =
            0x400000 | (System.getProperty("os.arch").startsWith("aarch64") ? 0x4000 : 0x10000);

    /** struct statx is the same on all architectures, which struct stat is not. */
    private static final int STATX_BYTES = 256;

    private static final int STATX_NLINK = 0x4;
    private static final int STATX_SIZE = 0x200;
    private static final int STATX_BLOCKS = 0x400;
    private static final int STATX_DIOALIGN = 0x2000;
    private static final int STX_NLINK = 16;
    private static final int STX_SIZE = 40;
    private static final int STX_BLOCKS = 48;
    private static final int STX_DIO_MEM_ALIGN = 152;
    private static final int STX_DIO_OFFSET_ALIGN = 156;
    private static final int STX_BLOCK_BYTES = 512;
    private static final int AT_EMPTY_PATH = 0x1000;

    private static final int POSIX_FADV_WILLNEED = 3;
    private static final int POSIX_FADV_DONTNEED = 4;

    private static final int SYNC_FILE_RANGE_WRITE = 2;

    static final int SEEK_DATA = 3;
    static final int SEEK_HOLE = 4;

    private static final int EINTR = 4;
    private static final int ENXIO = 6;
    private static final int EACCES = 13;
    private static final int EBUSY = 16;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;
    private static final int EDQUOT = 122;

    static {
        BoundCalls.bind(Libc.class);
    }

    /** A system call. */
    @FunctionalInterface
    interface Call {
        long run() throws LastErrorException;
    }

    static native int open(String path, int flags, int mode) throws LastErrorException;

    static native int close(int descriptor) throws LastErrorException;

    static native int fallocate(int descriptor, int mode, long offset, long length) throws LastErrorException;

    static native int statx(int folder, String path, int flags, int mask, Pointer statx) throws LastErrorException;

    static native long lseek(int descriptor, long offset, int whence) throws LastErrorException;

    static native int fdatasync(int descriptor) throws LastErrorException;

    static native int ftruncate(int descriptor, long length) throws LastErrorException;

    static native int posix_fadvise(int descriptor, long offset, long length, int advice);

    static native int sync_file_range(int descriptor, long offset, long length, int flags) throws LastErrorException;

    static native String strerror(int error);

    /** A signal may end a call of a file system in user space or on the network; then nothing was done. */
    static long call(Call call) throws IOException {
        while (true) {
            try {
                return call.run();
            } catch (LastErrorException failed) {
                if (!isInterrupted(failed)) {
                    throw failure(failed);
                }
            }
        }
    }

    static boolean isInterrupted(LastErrorException failure) {
        return failure.getErrorCode() == EINTR;
    }

    private static IOException failure(LastErrorException failure) {
        return switch (failure.getErrorCode()) {
            case EBUSY -> new BusyException(failure.getMessage());
            case EACCES -> new AccessDeniedException(failure.getMessage());
            case EINVAL -> new InvalidRequestException(failure.getMessage());
            case EOPNOTSUPP, ENOSYS -> new NotSupportedException(failure.getMessage());
            default -> new IOException(failure.getMessage(), failure);
        };
    }

    /** Returns how this system, in its language, says that there is no space, or none within a quota. */
    static List<String> wordsForNoSpace() {
        return List.of(strerror(ENOSPC), strerror(EDQUOT));
    }

    static long seek(int descriptor, long offset, int whence) throws IOException {
        try {
            return lseek(descriptor, offset, whence);
        } catch (LastErrorException failed) {
            if (failed.getErrorCode() == ENXIO) {
                return -1;
            }
            throw failure(failed);
        }
    }

    /** @param exclusive of a block device, whether to fail if the kernel or another process has it for itself */
    static int openFile(String path, boolean writable, boolean exclusive) throws IOException {
        int flags = (writable ? O_RDWR : O_RDONLY) | (exclusive ? O_EXCL : 0) | O_CLOEXEC;
        return (int) call(() -> open(path, flags, 0));
    }

    /** Opens a file past the page cache. */
    static int openDirect(String path, boolean writable) throws IOException {
        int flags = (writable ? O_RDWR : O_RDONLY) | O_DIRECT | O_CLOEXEC;
        return (int) call(() -> open(path, flags, 0));
    }

    /** Returns what memory and ranges have to be aligned to past the page cache; 0 where the system does not tell. */
    static int directAlignment(int descriptor) throws IOException {
        try (Memory statx = new Memory(STATX_BYTES)) {
            statx.clear();
            call(() -> statx(descriptor, "", AT_EMPTY_PATH, STATX_DIOALIGN, statx));
            boolean told = (statx.getInt(0) & STATX_DIOALIGN) != 0;
            return told ? Math.max(statx.getInt(STX_DIO_MEM_ALIGN), statx.getInt(STX_DIO_OFFSET_ALIGN)) : 0;
        }
    }

    /** Opens a file that has no name, and is gone when it is closed. */
    static int openNameless(String folder) throws IOException {
        return (int) call(() -> open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, OWNER_ONLY));
    }

    static void closeFile(int descriptor) throws IOException {
        try {
            close(descriptor);
        } catch (LastErrorException failed) {
            // Linux has closed it all the same; to do it again might close the file of somebody else.
            throw failure(failed);
        }
    }

    static void allocate(int descriptor, int mode, long offset, long length) throws IOException {
        call(() -> fallocate(descriptor, mode, offset, length));
    }

    static void force(int descriptor) throws IOException {
        call(() -> fdatasync(descriptor));
    }

    static void cut(int descriptor, long length) throws IOException {
        call(() -> ftruncate(descriptor, length));
    }

    static NativeFile.Status status(int descriptor) throws IOException {
        try (Memory statx = new Memory(STATX_BYTES)) {
            call(() -> statx(descriptor, "", AT_EMPTY_PATH, STATX_NLINK | STATX_SIZE | STATX_BLOCKS, statx));
            return new NativeFile.Status(
                    Integer.toUnsignedLong(statx.getInt(STX_NLINK)),
                    statx.getLong(STX_SIZE),
                    statx.getLong(STX_BLOCKS) * STX_BLOCK_BYTES);
        }
    }

    static void readAhead(int descriptor, long offset, long length) throws IOException {
        advise(descriptor, offset, length, POSIX_FADV_WILLNEED);
    }

    /** Never tells of what could not be written before: that is left to fdatasync. */
    static void beginToWrite(int descriptor, long offset, long length) throws IOException {
        call(() -> sync_file_range(descriptor, offset, length, SYNC_FILE_RANGE_WRITE));
    }

    static void forgetCached(int descriptor) throws IOException {
        advise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    }

    private static void advise(int descriptor, long offset, long length, int advice) throws IOException {
        int error = posix_fadvise(descriptor, offset, length, advice);
        if (error != 0) {
            throw new IOException(strerror(error));
        }
    }
}
