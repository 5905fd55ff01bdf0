package io.sluice.scsi.internal.unit;

import io.sluice.backstore.BlockGeometry;

/**
 * The limits that the Block Limits VPD page announces and commands enforce (SBC-4 6.6.4), in logical blocks.
 *
 * @param maximumTransferLength blocks that one read, write or compare may have
 * @param optimalTransferLength blocks above which a transfer gets no faster
 * @param maximumCompareAndWriteLength blocks that one COMPARE AND WRITE may have; its field is one byte
 * @param maximumAtomicLength blocks that one WRITE ATOMIC may have
 * @param maximumUnmapLbaCount blocks that all descriptors of one UNMAP may have together
 * @param maximumUnmapDescriptorCount descriptors that one UNMAP may have
 * @param maximumWriteSameLength blocks that one WRITE SAME may have
 */
public record BlockLimits(
        int maximumTransferLength,
        int optimalTransferLength,
        int maximumCompareAndWriteLength,
        int maximumAtomicLength,
        long maximumUnmapLbaCount,
        int maximumUnmapDescriptorCount,
        long maximumWriteSameLength) {

    private static final int MAXIMUM_TRANSFER_BYTES = 8 << 20;
    private static final int OPTIMAL_TRANSFER_BYTES = 1 << 20;
    private static final int MAXIMUM_COMPARE_AND_WRITE_BLOCKS = 255;
    private static final int MAXIMUM_ATOMIC_BYTES = 1 << 20;
    private static final long MAXIMUM_UNMAP_BLOCKS = 1 << 20;
    private static final int MAXIMUM_UNMAP_DESCRIPTORS = 256;
    private static final long MAXIMUM_WRITE_SAME_BYTES = 16L << 20;

    static BlockLimits of(BlockGeometry geometry) {
        int blockSize = geometry.blockSize();
        return new BlockLimits(
                MAXIMUM_TRANSFER_BYTES / blockSize,
                OPTIMAL_TRANSFER_BYTES / blockSize,
                Math.min(MAXIMUM_COMPARE_AND_WRITE_BLOCKS, MAXIMUM_TRANSFER_BYTES / 2 / blockSize),
                MAXIMUM_ATOMIC_BYTES / blockSize,
                MAXIMUM_UNMAP_BLOCKS,
                MAXIMUM_UNMAP_DESCRIPTORS,
                MAXIMUM_WRITE_SAME_BYTES / blockSize);
    }
}
