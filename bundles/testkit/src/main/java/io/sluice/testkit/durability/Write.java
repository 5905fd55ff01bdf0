package io.sluice.testkit.durability;

/** A command that changes blocks, as the model sees it; made by {@link DiskModel#send}. Its state belongs to the model. */
public final class Write {

    private static final long NEVER = Long.MAX_VALUE;

    /**
     * What kind of command it is.
     *
     * @param zero whether the blocks are zeros afterwards
     * @param atomic whether all blocks change or none
     * @param stable whether the answer says that they are on the medium
     */
    public record Kind(boolean zero, boolean atomic, boolean stable) {
        /** An ordinary WRITE. */
        public static final Kind CACHED = new Kind(false, false, false);
        /** A WRITE with FUA. */
        public static final Kind FUA = new Kind(false, false, true);
        /** WRITE ATOMIC. */
        public static final Kind ATOMIC = new Kind(false, true, false);
        /** UNMAP, or WRITE SAME of zeros. */
        public static final Kind ZEROS = new Kind(true, false, false);
    }

    private final int writer;
    private final long lba;
    private final int blocks;
    private final Kind kind;
    private final long sequence;

    /** From when on it cannot change anything any more. */
    private long endedAt = NEVER;

    private long acknowledgedAt = NEVER;
    private long fencedAt = NEVER;
    private boolean refused;

    Write(int writer, long lba, int blocks, Kind kind, long sequence) {
        this.writer = writer;
        this.lba = lba;
        this.blocks = blocks;
        this.kind = kind;
        this.sequence = sequence;
    }

    /** Returns what stands in a block since time 0, or was found there and is known to be stable. */
    static Write settled(boolean zero, long sequence) {
        Write write = new Write(0, 0, 0, zero ? Kind.ZEROS : Kind.CACHED, sequence);
        write.endedAt = sequence;
        write.acknowledgedAt = sequence;
        write.fencedAt = sequence;
        return write;
    }

    /** Returns when it was sent, by the clock of the model; its stamps carry it. */
    public long sequence() {
        return sequence;
    }

    /** Returns who sent it. */
    public int writer() {
        return writer;
    }

    /** Returns its first block. */
    public long lba() {
        return lba;
    }

    /** Returns how many blocks it is about. */
    public int blocks() {
        return blocks;
    }

    /** Returns what kind of command it is. */
    public Kind kind() {
        return kind;
    }

    void acknowledge(long now) {
        endedAt = now;
        acknowledgedAt = now;
    }

    void fail(long now) {
        endedAt = Math.min(endedAt, now);
    }

    void refuse(long now) {
        endedAt = now;
        refused = true;
    }

    void fence(long now) {
        fencedAt = Math.min(fencedAt, now);
    }

    boolean isRefused() {
        return refused;
    }

    /** Returns whether by then it was certain that the target keeps it. */
    boolean holds(Rule rule, long time) {
        long since = rule == Rule.FENCED ? fencedAt : acknowledgedAt;
        return since != NEVER && since <= time;
    }

    boolean isAcknowledged() {
        return acknowledgedAt != NEVER;
    }

    /** Returns whether it had ended before the other one began, so that it cannot be the newer one. */
    boolean isBefore(Write other) {
        return endedAt < other.sequence;
    }
}
