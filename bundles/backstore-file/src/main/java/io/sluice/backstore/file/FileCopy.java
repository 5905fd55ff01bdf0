package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what is in a file or on a device to an empty file: as a clone where the file system can, else piece by piece by the kernel,
 * else by reading and writing. What is a hole, or nothing but zeros on a device, takes no space in the copy. Every call may wait.
 */
final class FileCopy {

    private static final Logger LOG = LoggerFactory.getLogger(FileCopy.class);

    private static final long KERNEL_PIECE_BYTES = 16 << 20;
    private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();
    private static final long TELL_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** What may be copied in a second is copied in so many pieces at least. */
    private static final int PIECES_A_SECOND = 10;

    private final OpenFile from;
    private final NativeFile to;
    private final FileChannel toChannel;
    private final long bytesPerSecond;
    private final Watch watch;
    private boolean byKernel = true;
    private long told = System.nanoTime();

    /** When the next piece may be copied. */
    private long due = System.nanoTime();

    /**
     * @param to where the copy is to be, empty
     * @param toChannel the same
     * @param bytesPerSecond how much of the data is copied in a second at most; 0 for no limit
     * @param watch asked between two pieces whether to give up
     */
    FileCopy(OpenFile from, NativeFile to, FileChannel toChannel, long bytesPerSecond, Watch watch) {
        this.from = from;
        this.to = to;
        this.toChannel = toChannel;
        this.bytesPerSecond = bytesPerSecond;
        this.watch = watch;
    }

    /** Copies all in one moment, whoever writes meanwhile; returns false if the file system cannot do that. */
    boolean tryClone() throws IOException {
        return from.nativeFile() != null && from.traits().regular() && to.cloneOf(from.nativeFile());
    }

    /**
     * Copies bytes from the beginning, while nobody writes to them.
     *
     * @param shared whether the copy may have blocks in common with what it is a copy of
     */
    void copy(long bytes, boolean shared) throws IOException {
        byKernel = shared && from.nativeFile() != null && from.traits().regular();
        if (from.nativeFile() != null && from.traits().medium().remote()) {
            // What the page cache alone has may be taken for a hole there.
            from.nativeFile().force();
        }
        for (long at = 0; at < bytes; ) {
            long data = from.traits().regular() && from.nativeFile() != null
                    ? from.nativeFile().nextData(at)
                    : at;
            if (data < 0 || data >= bytes) {
                return;
            }
            long hole = from.traits().regular() && from.nativeFile() != null
                    ? from.nativeFile().nextHole(data)
                    : bytes;
            // A file that is cut meanwhile has neither.
            at = Math.min(hole < 0 ? bytes : hole, bytes);
            copyData(data, at, bytes);
        }
    }

    private void copyData(long begin, long end, long all) throws IOException {
        for (long at = begin; at < end; ) {
            requireWanted();
            long copied = piece(at, Math.min(end - at, mostBytes()));
            at += copied;
            tell(at, all);
            pace(copied);
        }
    }

    private void requireWanted() throws IOException {
        if (watch.isCancelled()) {
            throw new IOException("it was stopped before all was copied");
        }
    }

    private long mostBytes() {
        return bytesPerSecond == 0 ? Long.MAX_VALUE : Math.max(1, bytesPerSecond / PIECES_A_SECOND);
    }

    /** Waits until what was copied may have taken so long. */
    private void pace(long copied) throws IOException {
        if (bytesPerSecond == 0) {
            return;
        }
        due = Math.max(due, System.nanoTime() - SECOND_NANOS) + copied * SECOND_NANOS / bytesPerSecond;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
            requireWanted();
            LockSupport.parkNanos(Math.min(left, SECOND_NANOS / PIECES_A_SECOND));
        }
    }

    private long piece(long offset, long left) throws IOException {
        if (byKernel) {
            long copied = to.copyOf(from.nativeFile(), offset, Math.min(left, KERNEL_PIECE_BYTES));
            if (copied > 0) {
                return copied;
            }
            // Some file systems say that nothing is there rather than that they cannot; reading finds out.
            byKernel = false;
        }
        ByteBuffer piece = ByteBuffer.allocateDirect((int) Math.min(left, ZEROS.capacity()));
        while (piece.hasRemaining()) {
            if (from.channel().read(piece, offset + piece.position()) < 0) {
                throw new IOException(from.path() + " ends before all was copied: it was cut short meanwhile");
            }
        }
        piece.flip();
        if (!piece.equals(ZEROS.slice(0, piece.limit()))) {
            while (piece.hasRemaining()) {
                toChannel.write(piece, offset + piece.position());
            }
        }
        return piece.limit();
    }

    private void tell(long done, long all) {
        watch.progress((double) done / all);
        if (System.nanoTime() - told > TELL_NANOS) {
            told = System.nanoTime();
            LOG.info("file={} {} of {} MiB are copied", from.path(), done >> 20, all >> 20);
        }
    }
}
