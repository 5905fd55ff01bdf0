package io.sluice.scsi.history;

import java.util.Arrays;

/**
 * One command of a history: what was asked, and within which ticks of the clock it came about.
 *
 * <p>A block holds one value, in each of its bytes. Its client writes the fields of what was asked before the command is sent,
 * the task those of what became of it before the client goes on.
 */
final class Event {

    /** What the client was told. */
    enum Outcome {
        DONE,
        /** COMPARE AND WRITE has found something else. */
        MISCOMPARED,
        /** It was refused before it began. */
        NOTHING,
        /** Nobody said whether it came about: it was aborted, or failed. */
        PERHAPS
    }

    /** What a block is read as that holds different bytes. */
    static final int TORN = -1;

    final int client;
    final Kind kind;
    final int lba;
    final int blocks;

    /** What is written, or whose bits are set. */
    final int value;

    /** Where a copy comes from. */
    int from;

    /** What COMPARE AND WRITE expects in its blocks. */
    int[] expected;

    /** What has made the token that is written by. */
    Event source;

    long invoked;
    long responded = Long.MAX_VALUE;
    Outcome outcome = Outcome.PERHAPS;

    /** What READ has found. */
    int[] seen;

    /** The tick of the answer to a task management function that ended it. */
    private long notAfter = Long.MAX_VALUE;

    Event(int client, Kind kind, int lba, int blocks, int value) {
        this.client = client;
        this.kind = kind;
        this.lba = lba;
        this.blocks = blocks;
        this.value = value;
    }

    /** It was in the task set when a task management function was asked for that is answered now. */
    synchronized void coveredUntil(long tick) {
        notAfter = Math.min(notAfter, tick);
    }

    /** The last tick at which it may have changed a block. */
    synchronized long over() {
        return outcome == Outcome.PERHAPS ? Math.min(responded, notAfter) : responded;
    }

    @Override
    public String toString() {
        return String.format(
                "%4d-%-4s client %d %s lba %d+%d value %d from %d expects %s sees %s: %s",
                invoked,
                over() == Long.MAX_VALUE ? "" : over(),
                client,
                kind,
                lba,
                blocks,
                value,
                from,
                Arrays.toString(expected),
                Arrays.toString(seen),
                outcome);
    }
}
