package io.sluice.backstore.file;

import com.sun.jna.LastErrorException;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.io.IOException;

/**
 * Tells which parts of a file are in the page cache and complete, so that the kernel can send them without waiting for the
 * disk: mincore(2) over a mapping that nobody touches. Thread-safe.
 *
 * <p>The kernel answers honestly only to those who may write the file or own it.
 */
final class PageResidency implements AutoCloseable {

    /** The longest range that is looked at. */
    private static final int MAXIMUM_BYTES = 8 << 20;

    private static final int PROT_READ = 1;
    private static final int MAP_SHARED = 1;
    private static final int RESIDENT = 0x01;

    static {
        BoundCalls.bind(PageResidency.class);
    }

    private static final int PAGE_BYTES = getpagesize();

    /** One byte for each page. */
    private static final ThreadLocal<Memory> FLAGS =
            ThreadLocal.withInitial(() -> new Memory(MAXIMUM_BYTES / PAGE_BYTES + 1));

    private final long address;
    private final long length;

    private static native int getpagesize();

    private static native long mmap(long address, long length, int protection, int flags, int descriptor, long offset)
            throws LastErrorException;

    private static native int munmap(long address, long length) throws LastErrorException;

    private static native int mincore(long address, long length, Pointer flags);

    /**
     * Maps a file.
     *
     * @param descriptor the file, open for reading
     * @param length bytes from its beginning
     * @throws IOException if this process cannot have so long a mapping
     */
    PageResidency(int descriptor, long length) throws IOException {
        try {
            this.address = mmap(0, length, PROT_READ, MAP_SHARED, descriptor, 0);
            this.length = length;
        } catch (LastErrorException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    /** Returns whether all pages of a range are there. */
    boolean contains(long offset, int bytes) {
        if (bytes > MAXIMUM_BYTES || offset > length - bytes) {
            return false;
        }
        long begin = offset / PAGE_BYTES * PAGE_BYTES;
        int pages = (int) ((offset + bytes - 1) / PAGE_BYTES - offset / PAGE_BYTES) + 1;
        Memory flags = FLAGS.get();
        if (mincore(address + begin, (long) pages * PAGE_BYTES, flags) != 0) {
            return false;
        }
        for (int page = 0; page < pages; page++) {
            if ((flags.getByte(page) & RESIDENT) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether the pages are there of which a range covers a part only: those are read before they are written. */
    boolean containsEdges(long offset, long bytes) {
        long end = offset + bytes;
        return (offset % PAGE_BYTES == 0 || contains(offset, 1)) && (end % PAGE_BYTES == 0 || contains(end - 1, 1));
    }

    @Override
    public void close() throws IOException {
        try {
            munmap(address, length);
        } catch (LastErrorException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }
}
