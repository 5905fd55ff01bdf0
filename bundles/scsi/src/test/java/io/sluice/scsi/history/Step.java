package io.sluice.scsi.history;

/**
 * Something that happens at one moment, between two ticks.
 *
 * @param group number of the part of a command that it belongs to; nothing atomic comes between the parts of a group
 * @param effect what it does
 * @param lba first block
 * @param values one for each block: what is seen, expected, set or written
 * @param other what a comparison writes; otherwise the register of a copy
 * @param after the group that comes before it, or -1
 * @param whole whether every other command sees all of it or nothing
 * @param optional whether it may not have happened at all
 * @param earliest the tick before it
 * @param latest the tick behind it
 */
record Step(
        int group,
        Effect effect,
        int lba,
        int[] values,
        int other,
        int after,
        boolean whole,
        boolean optional,
        long earliest,
        long latest) {

    enum Effect {
        /** The block has the value. */
        SEE,
        /** Some block has another value. */
        DIFFER,
        SET,
        /** The blocks have the values, and are set to another. */
        SWAP,
        /** The bits are set in the blocks. */
        OR,
        /** A register takes the value of the block. */
        TAKE,
        /** The block takes the value of a register. */
        PUT
    }

    int end() {
        return lba + values.length;
    }

    boolean overlaps(Step another) {
        return lba < another.end() && another.lba < end();
    }
}
