package io.sluice.backstore.file;

import io.sluice.backstore.BackstoreException;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes ranges of a file read as zeros, with their space or without. Every call may wait. */
final class RangeClearing {

    private static final Logger LOG = LoggerFactory.getLogger(RangeClearing.class);

    private final OpenFile file;
    private final FileIo io;
    private final RangeCall punchHole;
    private final RangeCall zeroRange;

    RangeClearing(OpenFile file, FileIo io) {
        this.file = file;
        this.io = io;
        NativeFile calls = file.nativeFile();
        this.punchHole = new RangeCall(calls == null ? null : calls::punchHole, this::noPunching);
        this.zeroRange = new RangeCall(calls == null ? null : calls::zeroRange, () -> {});
    }

    private void noPunching() {
        LOG.warn(
                "file={} gives no blocks back: its file system cannot punch holes. UNMAP writes zeros now, and is not"
                        + " offered when the disk is opened next",
                file.path());
        file.doesNotPunch().run();
    }

    /** Frees a range. */
    void punch(long offset, long length) throws BackstoreException {
        clear(punchHole, offset, length, "unmapped");
    }

    /** Zeroes a range and keeps its space. */
    void zero(long offset, long length) throws BackstoreException {
        clear(zeroRange, offset, length, "zeroed");
    }

    /** A device clears whole units only; zeros are written at the ends, and wherever the call is not known. */
    private void clear(RangeCall call, long offset, long length, String what) throws BackstoreException {
        int unit = file.traits().regular() ? 1 : file.traits().unitBytes();
        long end = offset + length;
        long first = (offset + unit - 1) / unit * unit;
        long last = end / unit * unit;
        try {
            if (first < last && call.tryOn(first, last - first)) {
                io.writeZeros(offset, first - offset);
                io.writeZeros(last, end - last);
            } else {
                io.writeZeros(offset, length);
            }
        } catch (IOException failed) {
            throw io.writeFailure(what, failed);
        }
    }
}
