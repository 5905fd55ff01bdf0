package io.sluice.backstore.file;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel begin early to write to the disk what initiators write one block after the other. By itself it gathers that for half
 * a minute, or until there are gigabytes of it; then whoever flushes waits for all of them, and whoever writes is slowed down. Nothing
 * becomes stable by this: a flush does that, and hears of what could not be written.
 *
 * <p>The file is seen in pieces, of which the few are known that were written last. A piece is begun when it was written up to its end,
 * half of it at least, and in order as far as the depth of a queue allows. What is written at random, perhaps again and again, goes to
 * the disk when the kernel sees fit. Thread-safe, and never waits in the thread that writes.
 */
final class WriteBehind {

    private static final Logger LOG = LoggerFactory.getLogger(WriteBehind.class);

    static final int PIECES = 16;

    /** How many of its own lengths a write may come too late, and at most which part of a piece. */
    private static final int DEPTH = 32;

    private static final int DISORDER = 4;

    private static final long NONE = -1;

    /** Has the kernel begin to write a range to the disk; may wait for the disk's queue, not for the disk. */
    @FunctionalInterface
    interface Beginning {
        void begin(long offset, long length) throws IOException;
    }

    /** How far a piece of the file has been written in order. */
    private static final class Progress {

        private long piece = NONE;
        private long endBytes;
        private long written;
        private long lastUse;

        void begin(long number) {
            piece = number;
            written = 0;
            endBytes = 0;
        }

        /** @param disorderBytes how far before the end a write may begin */
        void goOn(long offset, long length, long disorderBytes, long use) {
            if (offset + disorderBytes < endBytes) {
                written = 0;
                endBytes = 0;
            }
            written += length;
            endBytes = Math.max(endBytes, offset + length);
            lastUse = use;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Progress[] known = new Progress[PIECES];
    private final Queue<Long> wanted = new ArrayDeque<>(PIECES);
    private final int pieceBytes;
    private final Beginning beginning;
    private final Executor executor;
    private long writes;
    private boolean busy;

    /** Guards the file against being closed while it is used. */
    private final Object open = new Object();

    private boolean closed;

    /**
     * Knows nothing yet.
     *
     * @param pieceBytes how much is begun at a time; 0 for never
     * @param executor runs what may wait; one thing at a time
     */
    WriteBehind(int pieceBytes, Beginning beginning, Executor executor) {
        this.pieceBytes = pieceBytes;
        this.beginning = beginning;
        this.executor = executor;
        for (int i = 0; i < PIECES; i++) {
            known[i] = new Progress();
        }
    }

    /**
     * A range was written into the page cache. Where two threads come at the same moment one of them is not counted, rather than have
     * it wait: a sequence is known by most of its writes.
     */
    void sees(long offset, long length) {
        if (pieceBytes == 0 || !lock.tryLock()) {
            return;
        }
        boolean begins;
        try {
            begins = count(offset, length) && !busy;
            busy |= begins;
        } finally {
            lock.unlock();
        }
        if (begins) {
            begin();
        }
    }

    /** Returns whether another piece is to be begun. */
    private boolean count(long offset, long length) {
        long piece = offset / pieceBytes;
        Progress progress = find(piece);
        progress.goOn(offset, length, Math.min(DEPTH * length, pieceBytes / DISORDER), ++writes);
        boolean whole = progress.endBytes >= (piece + 1) * pieceBytes && progress.written >= pieceBytes / 2;
        if (!whole) {
            return false;
        }
        progress.begin(NONE);
        // A disk that does not keep up is asked for no more: the kernel writes the rest in its time.
        return wanted.size() < PIECES && wanted.add(piece);
    }

    /** Returns what is known of a piece; that takes the place of the one written longest ago if there was nothing. */
    private Progress find(long piece) {
        Progress oldest = known[0];
        for (Progress progress : known) {
            if (progress.piece == piece) {
                return progress;
            }
            if (progress.lastUse < oldest.lastUse) {
                oldest = progress;
            }
        }
        oldest.begin(piece);
        return oldest;
    }

    private void begin() {
        try {
            executor.execute(this::beginAll);
        } catch (RejectedExecutionException overloaded) {
            LOG.debug("nothing is written early: {}", overloaded.toString());
            lock.lock();
            try {
                wanted.clear();
                busy = false;
            } finally {
                lock.unlock();
            }
        }
    }

    private void beginAll() {
        for (long piece = next(); piece != NONE; piece = next()) {
            synchronized (open) {
                if (closed) {
                    return;
                }
                try {
                    beginning.begin(piece * pieceBytes, pieceBytes);
                } catch (IOException refused) {
                    // The next flush tells of it, if anything is lost.
                    LOG.debug("what is at {} is not written early: {}", piece * pieceBytes, refused.toString());
                }
            }
        }
    }

    private long next() {
        lock.lock();
        try {
            Long piece = wanted.poll();
            busy = piece != null;
            return busy ? piece : NONE;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is begun any more when it returns; may wait for what is being begun. */
    void close() {
        synchronized (open) {
            closed = true;
        }
    }
}
