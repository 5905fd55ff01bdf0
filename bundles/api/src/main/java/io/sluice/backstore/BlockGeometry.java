package io.sluice.backstore;

/**
 * Size and shape of a block store, as READ CAPACITY(16) reports them (SBC-4 5.22).
 *
 * @param blocks number of logical blocks, at least 1
 * @param blockSize bytes in a logical block: a power of two from 512 to 65,536
 * @param physicalBlockSize bytes in a physical block: a power of two, at least {@code blockSize}
 */
public record BlockGeometry(long blocks, int blockSize, int physicalBlockSize) {

    private static final int MIN_BLOCK_SIZE = 512;
    private static final int MAX_BLOCK_SIZE = 65_536;
    private static final int MAX_PHYSICAL_BLOCK_SIZE = 1 << 20;

    public BlockGeometry {
        if (!isPowerOfTwo(blockSize) || blockSize < MIN_BLOCK_SIZE || blockSize > MAX_BLOCK_SIZE) {
            throw new IllegalArgumentException(
                    "block size " + blockSize + " is not a power of two from 512 to 65536 bytes");
        }
        if (!isPowerOfTwo(physicalBlockSize)
                || physicalBlockSize < blockSize
                || physicalBlockSize > MAX_PHYSICAL_BLOCK_SIZE) {
            throw new IllegalArgumentException("physical block size " + physicalBlockSize
                    + " is not a power of two from the block size to 1048576 bytes");
        }
        if (blocks < 1 || blocks > Long.MAX_VALUE / blockSize) {
            throw new IllegalArgumentException(blocks + " blocks of " + blockSize + " bytes is not a valid capacity");
        }
    }

    /** A geometry whose physical blocks are its logical blocks. */
    public BlockGeometry(long blocks, int blockSize) {
        this(blocks, blockSize, blockSize);
    }

    /** Returns the capacity in bytes. */
    public long sizeBytes() {
        return blocks * blockSize;
    }

    /** Returns the byte offset of a block, which must lie inside the store or just behind it. */
    public long offsetBytes(long lba) {
        return lba * blockSize;
    }

    /** Returns whether {@code count} blocks from {@code lba} lie inside the store; safe for any values. */
    public boolean contains(long lba, long count) {
        return lba >= 0 && count >= 0 && lba <= blocks && count <= blocks - lba;
    }

    private static boolean isPowerOfTwo(int value) {
        return value > 0 && Integer.bitCount(value) == 1;
    }
}
