package io.sluice.backstore.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Linux can do with a file and Java cannot: punch holes, zero ranges, reserve space, tell the space in use. It has a
 * descriptor of its own, because Java does not give away the one of a channel.
 *
 * <p>Closing it drops the locks that this process has on the file, as every close of a descriptor does (POSIX fcntl).
 */
class NativeFile implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(NativeFile.class);

    private static final int KEEP_SIZE = 0x01;
    private static final int PUNCH_HOLE = 0x02;
    private static final int ZERO_RANGE = 0x10;
    private static final long BEHIND_BYTES = 1 << 20;
    private static final long TRIED_BYTES = 1 << 20;

    private final int descriptor;
    private final Runnable whenClosed;
    private final AtomicBoolean closed = new AtomicBoolean();

    /** @param descriptor an open file, closed with this object */
    NativeFile(int descriptor) {
        this(descriptor, () -> {});
    }

    private NativeFile(int descriptor, Runnable whenClosed) {
        this.descriptor = descriptor;
        this.whenClosed = whenClosed;
    }

    /** Opens a file by a call of the C library. */
    @FunctionalInterface
    private interface Opening {
        int open() throws IOException;
    }

    private static NativeFile openBound(Opening opening) throws IOException {
        BoundCalls.enter();
        NativeFile opened = null;
        try {
            opened = new NativeFile(opening.open(), BoundCalls::leave);
            return opened;
        } finally {
            if (opened == null) {
                BoundCalls.leave();
            }
        }
    }

    /** Opens a file; null where this platform or a missing library does not allow it. */
    static NativeFile open(Path path, boolean writable) throws IOException {
        return open(path, writable, false);
    }

    /** @param exclusive of a block device, whether to fail if the kernel or another process has it for itself */
    static NativeFile open(Path path, boolean writable, boolean exclusive) throws IOException {
        if (!System.getProperty("os.name").equals("Linux")) {
            return null;
        }
        try {
            return openBound(() -> Libc.openFile(path.toString(), writable, exclusive));
        } catch (LinkageError unavailable) {
            LOG.warn("file={} no blocks are given back: {}", path, unavailable.toString());
            return null;
        }
    }

    /** Returns a name for the open file itself, whatever has become of the one that it was opened by. */
    Path path() {
        return Path.of("/proc/self/fd/" + descriptor);
    }

    /** Returns the descriptor. Once it is closed its number may be that of another file, which nobody may get at by this one. */
    private int descriptor() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
        return descriptor;
    }

    /** Frees a range; it reads as zeros afterwards. */
    void punchHole(long offset, long length) throws IOException {
        Libc.allocate(descriptor(), PUNCH_HOLE | KEEP_SIZE, offset, length);
    }

    /** Makes a range read as zeros and keeps its space. */
    void zeroRange(long offset, long length) throws IOException {
        Libc.allocate(descriptor(), ZERO_RANGE | KEEP_SIZE, offset, length);
    }

    /** Gives a range its space; the file gets no longer. */
    void reserve(long offset, long length) throws IOException {
        Libc.allocate(descriptor(), KEEP_SIZE, offset, length);
    }

    /** Makes a file end at a place, and gives back all space behind it, also if it ends there already. */
    void cutAt(long sizeBytes) throws IOException {
        Libc.cut(descriptor(), sizeBytes);
    }

    /**
     * What the system knows of a file.
     *
     * @param names how many names it has in folders
     * @param sizeBytes where it ends
     * @param allocatedBytes bytes of real space in use
     */
    record Status(long names, long sizeBytes, long allocatedBytes) {}

    /** Finds out what the system knows of the file now. */
    Status status() throws IOException {
        return Libc.status(descriptor());
    }

    /** Returns the bytes of real space in use. */
    long allocatedBytes() throws IOException {
        return status().allocatedBytes();
    }

    /** Makes stable what was written by this descriptor, and what the kernel has of the file. */
    void force() throws IOException {
        Libc.force(descriptor());
    }

    /** Has the kernel begin to read a range into the page cache; may wait until the disk takes the requests. */
    void readAhead(long offset, long length) throws IOException {
        Libc.readAhead(descriptor(), offset, length);
    }

    /** Has the kernel begin to write to the disk what the page cache has of a range; may wait until the disk takes the requests. */
    void beginToWrite(long offset, long length) throws IOException {
        Libc.beginToWrite(descriptor(), offset, length);
    }

    /** Drops what is in the page cache and need not be written, so that it is read from the disk again. */
    void forgetCached() throws IOException {
        Libc.forgetCached(descriptor());
    }

    /** Returns whether holes can be punched, by trying it where nothing is: behind the end of a regular file. */
    boolean canPunch(long sizeBytes) {
        try {
            long behind = (sizeBytes / BEHIND_BYTES + 1) * BEHIND_BYTES;
            Libc.allocate(descriptor(), PUNCH_HOLE | KEEP_SIZE, behind, BEHIND_BYTES);
            return true;
        } catch (NotSupportedException never) {
            return false;
        } catch (IOException other) {
            return true;
        }
    }

    /**
     * Returns whether files in a folder could have more space, by reserving some for one without a name. What is reserved
     * behind the end of a file with data could only be given back by cutting that file.
     *
     * @throws NotSupportedException where that cannot be tried
     */
    static boolean hasRoom(Path folder) throws IOException {
        try (NativeFile tried = openNameless(folder)) {
            tried.reserve(0, TRIED_BYTES);
            return true;
        } catch (IOException refused) {
            if (FileIo.isFull(refused)) {
                return false;
            }
            throw refused;
        }
    }

    /** Opens a file past the page cache. */
    static NativeFile openDirect(Path path, boolean writable) throws IOException {
        return openBound(() -> Libc.openDirect(path.toString(), writable));
    }

    /** Returns what memory and ranges have to be aligned to past the page cache; 0 where the system does not tell. */
    int directAlignment() throws IOException {
        return Libc.directAlignment(descriptor());
    }

    /** Reads into an aligned direct buffer and advances it; returns the bytes read, 0 at the end. */
    int readDirect(long offset, ByteBuffer destination) throws IOException {
        return DirectCalls.read(descriptor(), offset, destination);
    }

    /** Writes from an aligned direct buffer and advances it; returns the bytes written. */
    int writeDirect(long offset, ByteBuffer source) throws IOException {
        return DirectCalls.write(descriptor(), offset, source);
    }

    /** Opens a new file without a name, which is gone when it is closed, unless it gets one. */
    static NativeFile openNameless(Path folder) throws IOException {
        return openBound(() -> Libc.openNameless(folder.toString()));
    }

    /** Gives a file without a name one that nothing has yet. */
    void name(Path path) throws IOException {
        CopyCalls.name(path().toString(), path.toString());
    }

    /** Becomes a clone of another file, as it is in one moment; returns false where the file system cannot do that. */
    boolean cloneOf(NativeFile other) throws IOException {
        return CopyCalls.clone(other.descriptor(), descriptor());
    }

    /** Copies a range of another file to the same place; returns the bytes copied, or -1 where the kernel cannot. */
    long copyOf(NativeFile other, long offset, long length) throws IOException {
        return CopyCalls.copy(other.descriptor(), descriptor(), offset, length);
    }

    /** Returns whether {@link #readCached} and what {@link #residency} tells may be asked for where nobody may wait. */
    boolean promisesNotToWait() {
        return !closed.get() && PageCache.promises(descriptor);
    }

    /**
     * Reads what is in the page cache, without waiting for the disk. Only where {@link #promisesNotToWait}.
     *
     * @param destination a direct buffer; it is not advanced
     * @return the bytes read; 0 if the first one is not there
     */
    int readCached(long offset, ByteBuffer destination) {
        return closed.get() ? 0 : PageCache.read(descriptor, offset, destination);
    }

    /**
     * Returns what tells which parts are in the page cache.
     *
     * @param length bytes from the beginning that it is to know
     */
    PageResidency residency(long length) throws IOException {
        return new PageResidency(descriptor(), length);
    }

    /**
     * Writes from several direct buffers by one call, and advances them by what it took.
     *
     * @param bytes how many of the remaining bytes to write, at least 1
     * @return the bytes written; fewer if the call took fewer
     */
    int write(long offset, ByteBuffer[] source, int bytes) throws IOException {
        return GatheredWrite.write(descriptor(), offset, source, bytes);
    }

    /** Returns where the next data begins at or behind an offset, or -1 if there is none. */
    long nextData(long offset) throws IOException {
        return Libc.seek(descriptor(), offset, Libc.SEEK_DATA);
    }

    /** Returns where the next hole begins at or behind an offset; the end of the file counts as one. */
    long nextHole(long offset) throws IOException {
        return Libc.seek(descriptor(), offset, Libc.SEEK_HOLE);
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            Libc.closeFile(descriptor);
        } finally {
            whenClosed.run();
        }
    }
}
