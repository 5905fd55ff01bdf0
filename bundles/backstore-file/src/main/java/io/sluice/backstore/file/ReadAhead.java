package io.sluice.backstore.file;

import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the kernel read ahead of initiators that read one block after the other. The kernel does so by itself for whoever reads a
 * file alone and in order; a store is read by several threads, for several sequences at once. Thread-safe, and never waits in
 * the thread that reads.
 *
 * <p>A few sequences are known, the ones that were read last. What is read at random is compared with them and nothing else.
 */
final class ReadAhead {

    private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

    static final int STREAMS = 16;

    /** What is read ahead of a new sequence at most; it doubles each time. */
    static final int FIRST_BYTES = 512 << 10;

    /** So many reads are read ahead of a new sequence: small ones end soon more often than not. */
    private static final int FIRST_READS = 16;

    /** What every kernel takes at once. */
    static final int SMALLEST_PIECE_BYTES = 128 << 10;

    /** Reads a range into the page cache; may wait for the disk's queue, not for the disk. */
    @FunctionalInterface
    interface Reading {
        void read(long offset, long length) throws IOException;
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final ReadStream[] streams = new ReadStream[STREAMS];
    private final int mostBytes;
    private final int pieceBytes;
    private final Reading reading;
    private final Executor executor;

    private volatile long endBytes;
    private long reads;
    private int turn;
    private boolean busy;

    /** Guards the file against being closed while it is asked for. */
    private final Object open = new Object();

    private boolean closed;

    /**
     * Knows no sequence yet.
     *
     * @param mostBytes how far to read ahead of a sequence at most; 0 for never
     * @param pieceBytes the most that the kernel takes at once: of what is longer it forgets the rest
     * @param endBytes where the blocks end
     * @param executor runs what may wait; one thing at a time
     */
    ReadAhead(int mostBytes, int pieceBytes, long endBytes, Reading reading, Executor executor) {
        this.mostBytes = mostBytes;
        this.pieceBytes = pieceBytes;
        this.endBytes = endBytes;
        this.reading = reading;
        this.executor = executor;
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = new ReadStream();
        }
    }

    /** The blocks end elsewhere now. */
    void resized(long bytes) {
        endBytes = bytes;
    }

    /**
     * Somebody reads a range. Where two threads come at the same moment one of them is not counted, rather than have it wait:
     * a sequence is known by most of its reads.
     */
    void sees(long offset, int length) {
        if (mostBytes == 0 || length == 0 || !lock.tryLock()) {
            return;
        }
        boolean begins;
        try {
            begins = needsMore(find(offset, length), offset + length) && !busy;
            busy |= begins;
        } finally {
            lock.unlock();
        }
        if (begins) {
            begin();
        }
    }

    /** Returns the sequence that a read belongs to; it takes the place of another if there was none. */
    private ReadStream find(long offset, int length) {
        reads++;
        ReadStream nearest = null;
        ReadStream oldest = streams[0];
        for (ReadStream stream : streams) {
            if (stream.mayGoOnAt(offset, length)
                    && (nearest == null || stream.distance(offset) < nearest.distance(offset))) {
                nearest = stream;
            }
            if (stream.age(reads) > oldest.age(reads)) {
                oldest = stream;
            }
        }
        if (nearest == null) {
            oldest.begin(offset, length, reads);
            return oldest;
        }
        nearest.goOn(offset, length, reads);
        return nearest;
    }

    /**
     * Asks for half of what is read ahead at a time, so that it is asked seldom.
     *
     * @param readEnd where the read ends that has come; who reads backwards never goes beyond the end
     */
    private boolean needsMore(ReadStream stream, long readEnd) {
        long left = stream.wantedEnd - stream.endBytes;
        if (readEnd < stream.endBytes || left > stream.aheadBytes / 2 || !stream.isSequential()) {
            return false;
        }
        long begin = Math.max(stream.wantedEnd, stream.endBytes);
        int wider = stream.aheadBytes == 0 ? firstBytes(stream) : stream.aheadBytes * 2;
        stream.aheadBytes = Math.min(wider, mostBytes);
        long end = Math.min(stream.endBytes + stream.aheadBytes, endBytes);
        if (begin >= end) {
            return false;
        }
        stream.wantedEnd = end;
        return true;
    }

    private static int firstBytes(ReadStream stream) {
        return (int) Math.min(FIRST_READS * stream.unitBytes(), FIRST_BYTES);
    }

    private void begin() {
        try {
            executor.execute(this::ask);
        } catch (RejectedExecutionException overloaded) {
            LOG.debug("nothing is read ahead: {}", overloaded.toString());
            lock.lock();
            try {
                busy = false;
            } finally {
                lock.unlock();
            }
        }
    }

    /** A range that the kernel is asked for. */
    private record Piece(long offset, long length) {}

    private void ask() {
        for (Piece piece = next(); piece != null; piece = next()) {
            synchronized (open) {
                if (closed) {
                    return;
                }
                try {
                    reading.read(piece.offset(), piece.length());
                } catch (IOException failed) {
                    // Whoever reads it is told.
                    LOG.debug("what is at {} is not read ahead: {}", piece.offset(), failed.toString());
                }
            }
        }
    }

    /** Returns the next piece, of one sequence after the other; null when there is none. */
    private Piece next() {
        lock.lock();
        try {
            for (int i = 0; i < STREAMS; i++) {
                turn = (turn + 1) % STREAMS;
                ReadStream stream = streams[turn];
                long begin = Math.max(stream.askedEnd, stream.endBytes);
                long length = Math.min(stream.wantedEnd - begin, pieceBytes - begin % pieceBytes);
                if (length > 0) {
                    stream.askedEnd = begin + length;
                    return new Piece(begin, length);
                }
            }
            busy = false;
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing is asked for any more when it returns; may wait for what is being asked for. */
    void close() {
        synchronized (open) {
            closed = true;
        }
    }
}
