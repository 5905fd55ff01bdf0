package io.sluice.scsi.internal.unit;

import io.sluice.scsi.internal.format.BlockRun;
import java.time.Duration;
import java.util.List;

/**
 * A representation of data (ROD, SPC-5 5.18.6): ranges of blocks of a unit as they were when it was made. It is of the type
 * that a change of the blocks revokes, because no copy of them is kept.
 */
public final class RepresentationOfData {

    /** ROD TYPE: point in time copy, change vulnerable (SPC-5 5.18.6.2). */
    public static final long TYPE = 0x0080_0001L;

    private final BlockDevice source;
    private final Host owner;
    private final List<BlockRun> ranges;
    private final long bytes;
    private final long timeoutNanos;
    private volatile long usedNanos = System.nanoTime();
    private volatile boolean revoked;

    /**
     * @param source whose blocks they are
     * @param owner who may use it
     * @param ranges the blocks
     * @param bytes length of all of them
     * @param timeout how long it lives unused
     */
    public RepresentationOfData(BlockDevice source, Host owner, List<BlockRun> ranges, long bytes, Duration timeout) {
        this.source = source;
        this.owner = owner;
        this.ranges = List.copyOf(ranges);
        this.bytes = bytes;
        this.timeoutNanos = timeout.toNanos();
    }

    /** Returns the unit whose blocks they are. */
    public BlockDevice source() {
        return source;
    }

    /** Returns who may use it. */
    public Host owner() {
        return owner;
    }

    /** Returns the blocks, in the order in which they follow each other in the data. */
    public List<BlockRun> ranges() {
        return ranges;
    }

    /** Returns the length of the data. */
    public long bytes() {
        return bytes;
    }

    /** Makes it worthless. */
    public void revoke() {
        revoked = true;
    }

    /** Nobody has a token of it any more. */
    void forget() {
        source.representations().remove(this);
    }

    /** Returns whether the blocks have changed since, or may have. */
    public boolean revoked() {
        return revoked;
    }

    /** Puts the end of its life off: it was used. */
    void use() {
        usedNanos = System.nanoTime();
    }

    boolean expired() {
        return System.nanoTime() - usedNanos > timeoutNanos;
    }

    boolean overlaps(long from, long to) {
        return ranges.stream().anyMatch(range -> range.lba() < to && from < range.lba() + range.blocks());
    }
}
