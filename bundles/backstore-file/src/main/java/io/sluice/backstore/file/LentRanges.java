package io.sluice.backstore.file;

import io.sluice.backstore.FileRange;
import java.io.IOException;
import java.nio.channels.FileChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ranges of a volume that transports send from; closes the volume when the last one is back. Thread-safe. */
final class LentRanges implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LentRanges.class);

    private final Volume volume;
    private final long patienceMillis;
    private int out;
    private boolean closing;
    private boolean closed;

    /**
     * @param volume what is lent
     * @param patienceMillis how long closing waits for initiators to take what they have read
     */
    LentRanges(Volume volume, long patienceMillis) {
        this.volume = volume;
        this.patienceMillis = patienceMillis;
    }

    /** Lends a range that the caller has checked. */
    synchronized FileRange lend(long offset, int length) {
        if (closing) {
            throw new IllegalStateException(volume.path() + " is being closed");
        }
        out++;
        return new Lent(offset, length);
    }

    private final class Lent implements FileRange {

        private final long offset;
        private final int length;

        private Lent(long offset, int length) {
            this.offset = offset;
            this.length = length;
        }

        @Override
        public FileChannel channel() {
            return volume.channel();
        }

        @Override
        public long offsetBytes() {
            return offset;
        }

        @Override
        public int lengthBytes() {
            return length;
        }

        @Override
        public void close() {
            giveBack();
        }
    }

    private synchronized void giveBack() {
        out--;
        if (out > 0 || !closing) {
            return;
        }
        try {
            closeVolume();
        } catch (IOException failed) {
            LOG.warn("file={} could not be closed: {}", volume.path(), failed.getMessage());
        }
    }

    private void closeVolume() throws IOException {
        closed = true;
        notifyAll();
        volume.close();
    }

    /**
     * Closes the volume, at once or when the last range comes back: a descriptor that is closed while the kernel sends from
     * it may be another file the next moment. Waits for that, but not for initiators that do not read.
     */
    @Override
    public synchronized void close() throws IOException {
        closing = true;
        if (out == 0) {
            closeVolume();
            return;
        }
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        while (!closed) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                LOG.warn(
                        "file={} stays open: initiators do not take what they have read of it; it is closed when they"
                                + " have, or are gone",
                        volume.path());
                return;
            }
            try {
                wait(left);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
