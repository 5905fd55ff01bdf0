package io.sluice.backstore.file;

import java.util.concurrent.Executor;

/**
 * Has the kernel read ahead of initiators that read one block after the other. The kernel does so by itself for whoever reads a
 * file alone and in order; a store is read by several threads, for several sequences at once.
 *
 * <p>A few sequences are known, the ones that were read last. What is read at random is compared with them and nothing else.
 */
final class ReadAhead extends EarlyRanges {

    static final int STREAMS = 16;

    /** What is read ahead of a new sequence at most; it doubles each time. */
    static final int FIRST_BYTES = 512 << 10;

    /** So many reads are read ahead of a new sequence: small ones end soon more often than not. */
    private static final int FIRST_READS = 16;

    /** What every kernel takes at once. */
    static final int SMALLEST_PIECE_BYTES = 128 << 10;

    private final ReadStream[] streams = new ReadStream[STREAMS];
    private final int mostBytes;
    private final int pieceBytes;

    private volatile long endBytes;
    private long reads;
    private int turn;

    /**
     * Knows no sequence yet.
     *
     * @param mostBytes how far to read ahead of a sequence at most; 0 for never
     * @param pieceBytes the most that the kernel takes at once: of what is longer it forgets the rest
     * @param endBytes where the blocks end
     * @param reading reads a range into the page cache
     * @param executor runs it; one thing at a time
     */
    ReadAhead(int mostBytes, int pieceBytes, long endBytes, Call reading, Executor executor) {
        super("read ahead", reading, executor);
        this.mostBytes = mostBytes;
        this.pieceBytes = pieceBytes;
        this.endBytes = endBytes;
        for (int i = 0; i < STREAMS; i++) {
            streams[i] = new ReadStream();
        }
    }

    /** The blocks end elsewhere now. */
    void resized(long bytes) {
        endBytes = bytes;
    }

    /** Somebody reads a range. */
    void sees(long offset, int length) {
        if (mostBytes != 0 && length != 0) {
            look(offset, length);
        }
    }

    @Override
    boolean note(long offset, long length) {
        return needsMore(find(offset, length), offset + length);
    }

    /** Returns the sequence that a read belongs to; it takes the place of another if there was none. */
    private ReadStream find(long offset, long length) {
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

    /** Takes one sequence after the other. */
    @Override
    Range next() {
        for (int i = 0; i < STREAMS; i++) {
            turn = (turn + 1) % STREAMS;
            ReadStream stream = streams[turn];
            long begin = Math.max(stream.askedEnd, stream.endBytes);
            long length = Math.min(stream.wantedEnd - begin, pieceBytes - begin % pieceBytes);
            if (length > 0) {
                stream.askedEnd = begin + length;
                return new Range(begin, length);
            }
        }
        return null;
    }
}
