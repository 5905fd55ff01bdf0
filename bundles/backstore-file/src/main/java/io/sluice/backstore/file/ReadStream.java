package io.sluice.backstore.file;

/**
 * Reads that came near each other, and whether they are a sequence: at least three, which have left out less than half of what
 * lies between the first and the last one. They may come in any order within the depth of a queue. Not thread-safe.
 */
final class ReadStream {

    /** How many reads a read may come too early or too late. */
    private static final int DEPTH = 32;

    private static final int FEWEST_READS = 3;

    /** A longer read would hide what was left out before it. */
    private static final int MOST_PLACES = 8;

    /** A sequence outlives so many times more other reads than what may be one of a kind. */
    private static final int PATIENCE_SHIFT = 6;

    /** What is read ahead, and kept by {@link ReadAhead}: how far from the end, up to where it is wanted, and asked for. */
    int aheadBytes;

    long wantedEnd;
    long askedEnd;

    /** The end of what was read; far from everything as long as nothing was. */
    long endBytes = Long.MIN_VALUE / 2;

    /** The length of the first read; places are counted in it. */
    private long unitBytes = 1;

    /** The first place, and the one behind the last. */
    private long first;

    private long end;

    /** The last 64 places: the lowest bit is the last one, and those that were read are set. */
    private long seen;

    private int count;
    private long lastUse;

    /** Becomes one of a single read. */
    void begin(long offset, long length, long use) {
        unitBytes = length;
        first = offset / length;
        end = first;
        seen = 0;
        count = 0;
        aheadBytes = 0;
        endBytes = 0;
        wantedEnd = 0;
        askedEnd = 0;
        goOn(offset, length, use);
    }

    /** Returns the length of the first read. */
    long unitBytes() {
        return unitBytes;
    }

    /** Returns whether a read is near enough. */
    boolean mayGoOnAt(long offset, long length) {
        return distance(offset) <= DEPTH * Math.max(unitBytes, length) && length <= MOST_PLACES * unitBytes;
    }

    long distance(long offset) {
        return Math.abs(offset - endBytes);
    }

    /** Counts a read that is near enough. */
    void goOn(long offset, long length, long use) {
        long from = offset / unitBytes;
        long to = (offset + length - 1) / unitBytes + 1;
        if (to > end) {
            seen = to - end < Long.SIZE ? seen << to - end : 0;
            end = to;
        }
        first = Math.min(first, from);
        seen |= places(end - to, end - from);
        endBytes = Math.max(endBytes, offset + length);
        count = Math.min(count + 1, FEWEST_READS);
        lastUse = use;
    }

    /** Returns the bits from one to before another. */
    private static long places(long from, long to) {
        return lowest(to) & ~lowest(from);
    }

    private static long lowest(long bits) {
        return bits >= Long.SIZE ? -1 : (1L << bits) - 1;
    }

    boolean isSequential() {
        long places = Math.min(end - first, Long.SIZE);
        return count == FEWEST_READS && Long.bitCount(seen) * 2 > places;
    }

    /** Returns how little it is worth to be kept. */
    long age(long now) {
        return aheadBytes > 0 ? now - lastUse >> PATIENCE_SHIFT : now - lastUse;
    }
}
