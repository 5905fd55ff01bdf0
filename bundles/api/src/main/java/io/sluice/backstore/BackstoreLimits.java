package io.sluice.backstore;

/**
 * What suits a store: initiators are told in the Block Limits page (SBC-4 6.6.4), and the volume keeps to it. Immutable; a 0
 * says nothing.
 */
public final class BackstoreLimits {

    /** Says nothing. */
    public static final BackstoreLimits NONE = new BackstoreLimits(0, 0, 0, 0, 0);

    private final int optimalTransferBytes;
    private final int maximumTransferBytes;
    private final long unmapGranularityBytes;
    private final long unmapAlignmentBytes;
    private final int depth;

    private BackstoreLimits(
            int optimalTransferBytes,
            int maximumTransferBytes,
            long unmapGranularityBytes,
            long unmapAlignmentBytes,
            int depth) {
        if (optimalTransferBytes < 0
                || maximumTransferBytes < 0
                || unmapGranularityBytes < 0
                || unmapAlignmentBytes < 0
                || depth < 0) {
            throw new IllegalArgumentException("a limit is not negative");
        }
        this.optimalTransferBytes = optimalTransferBytes;
        this.maximumTransferBytes = maximumTransferBytes;
        this.unmapGranularityBytes = unmapGranularityBytes;
        this.unmapAlignmentBytes = unmapAlignmentBytes;
        this.depth = depth;
    }

    /** Returns the length above which one transfer gets no faster, in bytes. */
    public int optimalTransferBytes() {
        return optimalTransferBytes;
    }

    /** Returns the longest transfer that initiators are to make, in bytes. */
    public int maximumTransferBytes() {
        return maximumTransferBytes;
    }

    /** Returns what an unmap really gives back is a multiple of, in bytes. */
    public long unmapGranularityBytes() {
        return unmapGranularityBytes;
    }

    /** Returns where the first unit of unmapping begins, in bytes. */
    public long unmapAlignmentBytes() {
        return unmapAlignmentBytes;
    }

    /** Returns how many operations the store takes at a time; the volume keeps others waiting. */
    public int depth() {
        return depth;
    }

    /** Returns these limits with other lengths of transfers, in bytes. */
    public BackstoreLimits withTransferBytes(int optimal, int maximum) {
        return new BackstoreLimits(optimal, maximum, unmapGranularityBytes, unmapAlignmentBytes, depth);
    }

    /** Returns these limits with another unit of unmapping, in bytes. */
    public BackstoreLimits withUnmapGranularityBytes(long granularity, long alignment) {
        return new BackstoreLimits(optimalTransferBytes, maximumTransferBytes, granularity, alignment, depth);
    }

    /** Returns these limits with another number of operations at a time. */
    public BackstoreLimits withDepth(int operations) {
        return new BackstoreLimits(
                optimalTransferBytes, maximumTransferBytes, unmapGranularityBytes, unmapAlignmentBytes, operations);
    }
}
