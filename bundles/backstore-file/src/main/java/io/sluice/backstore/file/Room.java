package io.sluice.backstore.file;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether there is room where a file is: a write that fails for lack of it says no, and a look later says yes again.
 * Thread-safe; to look may wait.
 */
final class Room {

    /** Where nothing can be tried, so much has to be free before there is room again. */
    private static final long ENOUGH_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    private final OpenFile file;
    private final Runnable changed;
    private volatile boolean full;

    /** @param changed told when there is no room any more, and when there is some again */
    Room(OpenFile file, Runnable changed) {
        this.file = file;
        this.changed = changed;
    }

    /** A write has failed for lack of space. */
    void ranOut() {
        set(true);
    }

    /** Returns whether the last word was that there is no room. */
    boolean isFull() {
        return full;
    }

    /** Returns the bytes that are free, and finds out whether there is room again. */
    long look() {
        long free = file.path().toFile().getUsableSpace();
        if (full && hasRoom(free)) {
            set(false);
        }
        return free;
    }

    /** What is free does not tell of quotas; to reserve a little does. */
    private boolean hasRoom(long free) {
        if (file.nativeFile() == null) {
            return free >= ENOUGH_BYTES;
        }
        try {
            return NativeFile.hasRoom(file.path().getParent());
        } catch (IOException cannotBeTried) {
            LOG.debug(
                    "file={} only what is free tells whether there is room: {}", file.path(), cannotBeTried.toString());
            return free >= ENOUGH_BYTES;
        }
    }

    private synchronized void set(boolean isFull) {
        if (full != isFull) {
            full = isFull;
            changed.run();
        }
    }
}
