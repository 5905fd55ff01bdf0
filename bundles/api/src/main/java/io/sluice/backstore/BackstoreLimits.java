package io.sluice.backstore;

/**
 * What suits a store: initiators are told in the Block Limits page (SBC-4 6.6.4), and may keep to it. Immutable; a 0 says nothing.
 */
public final class BackstoreLimits {

    /** Says nothing. */
    public static final BackstoreLimits NONE = new BackstoreLimits(0, 0, 0);

    private final int optimalTransferBytes;
    private final long unmapGranularityBytes;
    private final long unmapAlignmentBytes;

    private BackstoreLimits(int optimalTransferBytes, long unmapGranularityBytes, long unmapAlignmentBytes) {
        if (optimalTransferBytes < 0 || unmapGranularityBytes < 0 || unmapAlignmentBytes < 0) {
            throw new IllegalArgumentException("a limit is not negative");
        }
        this.optimalTransferBytes = optimalTransferBytes;
        this.unmapGranularityBytes = unmapGranularityBytes;
        this.unmapAlignmentBytes = unmapAlignmentBytes;
    }

    /** Returns the length above which one transfer gets no faster, in bytes. */
    public int optimalTransferBytes() {
        return optimalTransferBytes;
    }

    /** Returns what an unmap really gives back is a multiple of, in bytes. */
    public long unmapGranularityBytes() {
        return unmapGranularityBytes;
    }

    /** Returns where the first unit of unmapping begins, in bytes. */
    public long unmapAlignmentBytes() {
        return unmapAlignmentBytes;
    }

    /** Returns these limits with another length of a transfer, in bytes. */
    public BackstoreLimits withOptimalTransferBytes(int bytes) {
        return new BackstoreLimits(bytes, unmapGranularityBytes, unmapAlignmentBytes);
    }

    /** Returns these limits with another unit of unmapping, in bytes. */
    public BackstoreLimits withUnmapGranularityBytes(long granularity, long alignment) {
        return new BackstoreLimits(optimalTransferBytes, granularity, alignment);
    }
}
