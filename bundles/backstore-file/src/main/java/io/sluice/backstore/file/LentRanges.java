package io.sluice.backstore.file;

import io.sluice.backstore.FileRange;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ranges of a volume that transports send from; the volume is closed when the last one is back. Thread-safe. */
final class LentRanges implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LentRanges.class);

    private enum State {
        OPEN,
        /** Whoever closes waits for the ranges and closes the volume then. */
        CLOSING,
        /** Nobody waits any more: the last range closes the volume. */
        LEFT_OPEN,
        CLOSED
    }

    private final Volume volume;
    private final long patienceMillis;
    private final Runnable onReturn = this::giveBack;
    private int out;
    private State state = State.OPEN;

    /**
     * @param volume what is lent
     * @param patienceMillis how long closing waits for initiators to take what they have read
     */
    LentRanges(Volume volume, long patienceMillis) {
        this.volume = volume;
        this.patienceMillis = patienceMillis;
    }

    /** Lends a range that the caller has checked; null once the volume is being closed. */
    synchronized FileRange lend(long offset, int length) {
        if (state != State.OPEN) {
            return null;
        }
        out++;
        return new FileRange(volume.channel(), offset, length, onReturn);
    }

    private synchronized void giveBack() {
        out--;
        if (out > 0) {
            return;
        }
        if (state == State.CLOSING) {
            notifyAll();
        } else if (state == State.LEFT_OPEN) {
            state = State.CLOSED;
            // Closing the last descriptor of a file that was removed may take long; a transport must not wait for that.
            Thread thread = new Thread(this::closeAtLast, "sluice-file-close");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void closeAtLast() {
        try {
            volume.close();
            LOG.info("file={} is closed now", volume.path());
        } catch (IOException failed) {
            LOG.warn("file={} could not be closed: {}", volume.path(), failed.getMessage());
        }
    }

    /**
     * Closes the volume, at once or when the last range comes back: a descriptor that is closed while the kernel sends from
     * it may be another file the next moment. Waits for that, but not for initiators that do not read.
     */
    @Override
    public void close() throws IOException {
        if (allBack()) {
            volume.close();
        }
    }

    /** Returns whether the caller is to close the volume. */
    private synchronized boolean allBack() {
        if (state != State.OPEN) {
            return false;
        }
        state = State.CLOSING;
        long deadline = System.nanoTime() + patienceMillis * 1_000_000;
        boolean interrupted = false;
        for (long left = patienceMillis; out > 0 && left > 0 && !interrupted; ) {
            try {
                wait(left);
            } catch (InterruptedException impatient) {
                interrupted = true;
                Thread.currentThread().interrupt();
            }
            left = (deadline - System.nanoTime()) / 1_000_000;
        }
        state = out > 0 ? State.LEFT_OPEN : State.CLOSED;
        if (out > 0) {
            LOG.warn(
                    "file={} stays open: initiators do not take what they have read of it. It is closed when they have, or"
                            + " are gone: session:close ends their sessions",
                    volume.path());
        }
        return out == 0;
    }
}
