package io.sluice.backstore.file;

import java.io.IOException;

/**
 * Whether an open file is still the one that will be found after a restart, and still as long. What is written to a file
 * that has been removed, or replaced by another of its name, is gone when it is closed, however often it was flushed; and
 * one that was cut short reads zeros behind the next write. Thread-safe.
 */
final class Presence {

    private final NativeFile file;

    /** Some file systems in user space do not count names. */
    private final boolean namesAreCounted;

    /** @param file open under a name */
    Presence(NativeFile file) throws IOException {
        this.file = file;
        this.namesAreCounted = file.status().names() > 0;
    }

    /**
     * Fails if what was flushed will not be there.
     *
     * @param sizeBytes how long the file has to be
     */
    void require(long sizeBytes) throws IOException {
        NativeFile.Status now = file.status();
        if (namesAreCounted && now.names() == 0) {
            throw new IOException("it was removed, or another file was put in its place, while it was in use");
        }
        if (now.sizeBytes() < sizeBytes) {
            throw new IOException("it was cut short from outside, to " + now.sizeBytes() + " bytes");
        }
    }
}
