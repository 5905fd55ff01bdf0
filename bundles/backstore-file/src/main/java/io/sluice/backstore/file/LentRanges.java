package io.sluice.backstore.file;

import io.sluice.backstore.FileRange;
import java.nio.channels.FileChannel;

/**
 * The ranges of a file that transports send from. The file may be closed when the last one is back: a descriptor that is
 * closed while the kernel sends from it may be another file the next moment. Thread-safe.
 */
final class LentRanges {

    private final FileChannel channel;
    private final Runnable onReturn = this::giveBack;
    private int out;
    private Runnable whenBack;

    /** @param channel what is lent */
    LentRanges(FileChannel channel) {
        this.channel = channel;
    }

    /** Lends a range that the caller has checked; null once the file is being closed. */
    synchronized FileRange lend(long offset, int length) {
        if (whenBack != null) {
            return null;
        }
        out++;
        return new FileRange(channel, offset, length, onReturn);
    }

    private void giveBack() {
        Runnable last;
        synchronized (this) {
            out--;
            last = out == 0 ? whenBack : null;
        }
        if (last != null) {
            last.run();
        }
    }

    /** Lends no more, and runs something when all is back: at once, or in the thread that brings the last range. */
    void end(Runnable allBack) {
        synchronized (this) {
            whenBack = allBack;
            if (out > 0) {
                return;
            }
        }
        allBack.run();
    }
}
