package io.sluice.backstore.file;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * Has the kernel begin early to write to the disk what initiators write one block after the other. By itself it gathers that for half
 * a minute, or until there are gigabytes of it; then whoever flushes waits for all of them, and whoever writes is slowed down. Nothing
 * becomes stable by this: a flush does that, and hears of what could not be written.
 *
 * <p>The file is seen in pieces, of which the few are known that were written last. A piece is begun when it was written up to its end,
 * half of it at least, and in order as far as the depth of a queue allows. What is written at random, perhaps again and again, goes to
 * the disk when the kernel sees fit.
 */
final class WriteBehind extends EarlyRanges {

    static final int PIECES = 16;

    /** How many of its own lengths a write may come too late, and at most which part of a piece. */
    private static final int DEPTH = 32;

    private static final int DISORDER = 4;

    private static final long NONE = -1;

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

    private final Progress[] known = new Progress[PIECES];
    private final Queue<Long> wanted = new ArrayDeque<>(PIECES);
    private final int pieceBytes;
    private long writes;

    /**
     * Knows nothing yet.
     *
     * @param pieceBytes how much is begun at a time; 0 for never
     * @param beginning has the kernel begin to write a range to the disk
     * @param executor runs it; one thing at a time
     */
    WriteBehind(int pieceBytes, Call beginning, Executor executor) {
        super("written early", beginning, executor);
        this.pieceBytes = pieceBytes;
        for (int i = 0; i < PIECES; i++) {
            known[i] = new Progress();
        }
    }

    /** A range was written into the page cache. */
    void sees(long offset, long length) {
        if (pieceBytes != 0) {
            look(offset, length);
        }
    }

    @Override
    boolean note(long offset, long length) {
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

    @Override
    Range next() {
        Long piece = wanted.poll();
        return piece == null ? null : new Range(piece * pieceBytes, pieceBytes);
    }

    @Override
    void refused() {
        wanted.clear();
    }
}
