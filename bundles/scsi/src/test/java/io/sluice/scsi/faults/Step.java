package io.sluice.scsi.faults;

import java.util.function.Function;

/**
 * A command of the script, and what it does to blocks.
 *
 * @param name for people
 * @param cdb in hexadecimal digits
 * @param data what it sends, which may depend on what the blocks hold
 * @param promise what GOOD means for its blocks
 * @param lba the first of its blocks
 * @param blocks how many are its
 * @param whole whether a failure or a crash leaves all of them as they were or none
 * @param effect what becomes of a block, by its number in the range and what it holds
 */
record Step(
        String name,
        String cdb,
        Function<ExpectedBlocks, byte[]> data,
        Promise promise,
        int lba,
        int blocks,
        boolean whole,
        Effect effect) {

    /** What GOOD means. */
    enum Promise {
        /** Nothing is changed, and nothing is promised of what was changed before. */
        NONE,
        /** The blocks are written, and a power loss may take that back. */
        CACHED,
        /** Nothing is changed, and the blocks stay as they are. */
        FLUSHED,
        /** The blocks are written, and stay so. */
        STABLE,
        /** All blocks stay as they are. */
        ALL_STABLE
    }

    /** What becomes of a block. */
    @FunctionalInterface
    interface Effect {
        byte[] on(int number, byte[] before);
    }

    /** Whether the command is refused once a flush has failed. */
    boolean needsTrust() {
        return promise != Promise.NONE;
    }

    boolean overlaps(Step other) {
        return blocks > 0 && lba < other.lba() + other.blocks() && other.lba() < lba + blocks;
    }

    boolean touches(int block) {
        return block >= lba && block < lba + blocks;
    }
}
