package io.sluice.scsi.internal.tpc;

/** How far a copy is, and how it ended. Thread-safe. */
final class CopyStatus {

    private volatile boolean ended;
    private volatile boolean failed;
    private volatile long bytes;
    private volatile int segments;

    /** Written by the one thread that the copy is on. */
    void transferred(long count) {
        bytes = bytes + count;
    }

    /** Written by the one thread that the copy is on. */
    void segmentDone() {
        segments = segments + 1;
    }

    void end(boolean withFailure) {
        failed = withFailure;
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    boolean failed() {
        return failed;
    }

    long bytes() {
        return bytes;
    }

    int segments() {
        return segments;
    }
}
