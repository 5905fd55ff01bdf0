package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
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

    private final OpenFile from;
    private final NativeFile to;
    private final FileChannel toChannel;
    private final BooleanSupplier stopped;
    private boolean byKernel = true;
    private long told = System.nanoTime();

    /**
     * @param to where the copy is to be, empty
     * @param toChannel the same
     * @param stopped asked between two pieces whether to give up
     */
    FileCopy(OpenFile from, NativeFile to, FileChannel toChannel, BooleanSupplier stopped) {
        this.from = from;
        this.to = to;
        this.toChannel = toChannel;
        this.stopped = stopped;
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
            if (stopped.getAsBoolean()) {
                throw new IOException("it was stopped before all was copied");
            }
            at += piece(at, end - at);
            tell(at, all);
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
        if (System.nanoTime() - told > TELL_NANOS) {
            told = System.nanoTime();
            LOG.info("file={} {} of {} MiB are copied", from.path(), done >> 20, all >> 20);
        }
    }
}
