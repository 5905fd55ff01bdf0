package io.sluice.scsi.internal.format;

/**
 * Blocks that follow each other.
 *
 * @param lba first block
 * @param blocks how many
 */
public record BlockRun(long lba, long blocks) {

    /** Returns whether any block is in both. */
    public boolean overlaps(BlockRun other) {
        return lba < other.lba + other.blocks && other.lba < lba + blocks;
    }
}
