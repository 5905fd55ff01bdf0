package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Set;

/** Calls of Linux that copy one file to another, and that name a file without a name; bound with the first use. */
final class CopyCalls {

    /** _IOW(0x94, 9, int); where it is another number, nothing is cloned. */
    private static final long FICLONE = 0x40049409L;

    private static final int EEXIST = 17;
    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_FOLLOW = 0x400;

    private static final int EXDEV = 18;
    private static final int EINVAL = 22;
    private static final int ENOTTY = 25;
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    /** What a file system says that cannot do it, for these two files or at all. */
    private static final Set<Integer> CANNOT = Set.of(EXDEV, EINVAL, ENOTTY, ENOSYS, EOPNOTSUPP);

    static {
        BoundCalls.bind(CopyCalls.class);
    }

    private CopyCalls() {}

    static native int ioctl(int descriptor, long request, int argument) throws LastErrorException;

    static native long copy_file_range(int from, Pointer fromOffset, int to, Pointer toOffset, long length, int flags)
            throws LastErrorException;

    static native int linkat(int oldFolder, String oldPath, int newFolder, String newPath, int flags)
            throws LastErrorException;

    /** Makes a file share all blocks of another one, in one moment; returns false where that cannot be done. */
    static boolean clone(int from, int to) throws IOException {
        return unlessUnable(() -> ioctl(to, FICLONE, from)) == 0;
    }

    /** Copies a part of a file to the same place of another; returns the bytes copied, or -1 where that cannot be done. */
    static long copy(int from, int to, long offset, long length) throws IOException {
        try (Memory offsets = new Memory(2 * Long.BYTES)) {
            return unlessUnable(() -> {
                offsets.setLong(0, offset);
                offsets.setLong(Long.BYTES, offset);
                return copy_file_range(from, offsets, to, offsets.share(Long.BYTES), length, 0);
            });
        }
    }

    private static long unlessUnable(Libc.Call call) throws IOException {
        return Libc.call(() -> {
            try {
                return call.run();
            } catch (LastErrorException failed) {
                if (CANNOT.contains(failed.getErrorCode())) {
                    return -1;
                }
                throw failed;
            }
        });
    }

    /**
     * Gives an open file a name.
     *
     * @throws FileAlreadyExistsException if something has it
     */
    static void name(String open, String path) throws IOException {
        boolean taken = Libc.call(() -> {
                    try {
                        return linkat(AT_FDCWD, open, AT_FDCWD, path, AT_SYMLINK_FOLLOW);
                    } catch (LastErrorException failed) {
                        if (failed.getErrorCode() == EEXIST) {
                            return 1;
                        }
                        throw failed;
                    }
                })
                != 0;
        if (taken) {
            throw new FileAlreadyExistsException(path);
        }
    }
}
