package io.sluice.volume.move;

import io.sluice.backstore.BlockGeometry;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLongArray;

/** Which regions of a disk have to be copied: a bit for each. Thread-safe. */
public final class DirtyMap {

    private static final int SMALLEST_BYTES = 256 << 10;
    private static final long MOST_REGIONS = 1L << 26;

    private final long blocks;
    private final long regionBlocks;
    private final int blockSize;
    private final int regions;
    private final AtomicLongArray words;

    /** Makes a map of a disk by which nothing has to be copied. */
    public DirtyMap(BlockGeometry geometry) {
        blocks = geometry.blocks();
        blockSize = geometry.blockSize();
        long size = SMALLEST_BYTES / blockSize;
        while ((blocks + size - 1) / size > MOST_REGIONS) {
            size *= 2;
        }
        regionBlocks = size;
        regions = (int) ((blocks + size - 1) / size);
        words = new AtomicLongArray((regions + Long.SIZE - 1) / Long.SIZE);
    }

    int regions() {
        return regions;
    }

    long lba(int region) {
        return region * regionBlocks;
    }

    /** Returns how many blocks a region has; the last one may be shorter. */
    int blocks(int region) {
        return (int) Math.min(regionBlocks, blocks - lba(region));
    }

    int bytes(int region) {
        return blocks(region) * blockSize;
    }

    /** Says that blocks have to be copied. Blocks beyond the end are nobody's. */
    public void mark(long lba, long count) {
        if (count <= 0 || lba < 0 || lba >= blocks) {
            return;
        }
        int first = (int) (lba / regionBlocks);
        int last = (int) ((Math.min(blocks - lba, count) + lba - 1) / regionBlocks);
        for (int region = first; region <= last; region++) {
            long bit = 1L << region;
            int word = region / Long.SIZE;
            if ((words.get(word) & bit) == 0) {
                words.getAndUpdate(word, before -> before | bit);
            }
        }
    }

    /** Says that everything has to be copied. */
    public void markAll() {
        mark(0, blocks);
    }

    boolean isMarked(int region) {
        return (words.get(region / Long.SIZE) & 1L << region) != 0;
    }

    /** A region is being copied: what is marked from now on is newer. */
    void clear(int region) {
        long bit = 1L << region;
        words.getAndUpdate(region / Long.SIZE, before -> before & ~bit);
    }

    /** Returns the first region from one on that has to be copied; -1 if there is none. */
    int next(int from) {
        int region = from;
        while (region < regions) {
            long word = words.get(region / Long.SIZE) >>> region;
            if (word != 0) {
                return region + Long.numberOfTrailingZeros(word);
            }
            region = (region / Long.SIZE + 1) * Long.SIZE;
        }
        return -1;
    }

    /** Returns how much has to be copied, in bytes; up to a region too much at the end. */
    public long markedBytes() {
        long count = 0;
        for (int i = 0; i < words.length(); i++) {
            count += Long.bitCount(words.get(i));
        }
        return Math.min(count * regionBlocks, blocks) * blockSize;
    }

    /** Returns the map as bytes, for {@link #load}. */
    public byte[] save() {
        ByteBuffer bytes = ByteBuffer.allocate(words.length() * Long.BYTES);
        for (int i = 0; i < words.length(); i++) {
            bytes.putLong(words.get(i));
        }
        return bytes.array();
    }

    /** Takes over what another map of the same disk has saved; false if it is of another size, and then nothing is taken. */
    public boolean load(byte[] saved) {
        if (saved.length != words.length() * Long.BYTES) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.wrap(saved);
        for (int i = 0; i < words.length(); i++) {
            long word = bytes.getLong();
            words.getAndUpdate(i, before -> before | word);
        }
        return true;
    }
}
