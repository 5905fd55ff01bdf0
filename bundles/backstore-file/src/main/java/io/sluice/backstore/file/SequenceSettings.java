package io.sluice.backstore.file;

/**
 * What a store does for initiators that read or write one block after the other.
 *
 * @param readAheadBytes how far to read ahead of a sequence at most; 0 for never
 * @param writeBehindBytes of a sequence that is written, how much the kernel is to begin to write to the disk at a time; 0 to leave
 *     that to the kernel
 */
record SequenceSettings(int readAheadBytes, int writeBehindBytes) {

    /** Leaves all to the kernel. */
    static final SequenceSettings NONE = new SequenceSettings(0, 0);
}
