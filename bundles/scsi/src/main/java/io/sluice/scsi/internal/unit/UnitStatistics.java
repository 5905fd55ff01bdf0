package io.sluice.scsi.internal.unit;

import java.util.concurrent.atomic.LongAdder;

/** What a unit has done since it was made, for the General Statistics and Performance log page (SPC-5 7.3.11). */
public final class UnitStatistics {

    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();
    private final LongAdder blocksRead = new LongAdder();
    private final LongAdder blocksWritten = new LongAdder();

    /** Counts a command that reads blocks for an initiator. */
    public void read(long blocks) {
        reads.increment();
        blocksRead.add(blocks);
    }

    /** Counts a command that writes blocks of an initiator. */
    public void wrote(long blocks) {
        writes.increment();
        blocksWritten.add(blocks);
    }

    /** Returns the number of reading commands. */
    public long reads() {
        return reads.sum();
    }

    /** Returns the number of writing commands. */
    public long writes() {
        return writes.sum();
    }

    /** Returns how many blocks initiators have read. */
    public long blocksRead() {
        return blocksRead.sum();
    }

    /** Returns how many blocks initiators have written. */
    public long blocksWritten() {
        return blocksWritten.sum();
    }
}
