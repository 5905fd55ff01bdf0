package io.sluice.backstore;

/**
 * A run of blocks that all take space or all take none.
 *
 * @param blocks how many, at least 1
 * @param allocated whether they take space
 */
public record BlockExtent(long blocks, boolean allocated) {

    public BlockExtent {
        if (blocks < 1) {
            throw new IllegalArgumentException("an extent of " + blocks + " blocks");
        }
    }
}
