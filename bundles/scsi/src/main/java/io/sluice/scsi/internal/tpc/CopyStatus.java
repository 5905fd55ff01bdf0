package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.Status;

/** How far a copy is, and how it ended. Thread-safe. */
final class CopyStatus {

    private volatile boolean ended;
    private volatile Status status = Status.GOOD;
    private volatile byte[] sense = {};
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

    void end(Status withStatus, byte[] withSense) {
        status = withStatus;
        sense = withSense;
        ended = true;
    }

    boolean ended() {
        return ended;
    }

    boolean failed() {
        return status != Status.GOOD;
    }

    /** Returns the status that it has ended with; GOOD as long as it has not. */
    Status status() {
        return status;
    }

    /** Returns the sense data that belongs to the status; empty without. */
    byte[] sense() {
        return sense;
    }

    long bytes() {
        return bytes;
    }

    int segments() {
        return segments;
    }
}
