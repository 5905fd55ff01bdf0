package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An open and locked file or block device. Closing it may wait. It may be shared, and is closed when all have closed it.
 *
 * @param path where it is, for messages
 * @param channel open for reading, and for writing if it is writable
 * @param nativeFile the same file for what Java cannot do, or null
 * @param direct the same file past the page cache; null for one that is cached
 * @param traits what it can do
 * @param users how many have it and will close it
 * @param doesNotPunch told when it turns out that no holes can be punched, for those who open it later
 * @param release lets others open it
 */
record OpenFile(
        Path path,
        FileChannel channel,
        NativeFile nativeFile,
        DirectIo direct,
        FileTraits traits,
        AtomicInteger users,
        Runnable doesNotPunch,
        Runnable release)
        implements AutoCloseable {

    OpenFile(
            Path path,
            FileChannel channel,
            NativeFile nativeFile,
            FileTraits traits,
            Runnable doesNotPunch,
            Runnable release) {
        this(path, channel, nativeFile, null, traits, new AtomicInteger(1), doesNotPunch, release);
    }

    /** Has it stay open until it is closed once more; returns false if it is closed already. */
    boolean share() {
        return users.getAndUpdate(present -> present == 0 ? 0 : present + 1) > 0;
    }

    /** Others may open it only when both descriptors are closed, because each close drops this process's locks. */
    @Override
    public void close() throws IOException {
        if (users.decrementAndGet() > 0) {
            return;
        }
        // What may be null is left out.
        try (direct;
                nativeFile) {
            // In the order in which they were opened, backwards.
        } finally {
            try {
                channel.close();
            } finally {
                release.run();
            }
        }
    }
}
