package io.sluice.backstore.file;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts what was written to a file on stable storage, and sees what stands against it. Each way has a descriptor: the first one
 * that of the channel, the others their own, opened when they are used first and closed with the file. Every call may wait.
 */
final class Stability implements GroupCommit.Forces, AutoCloseable {

    /** More bring little, and take threads from reads. */
    private static final int WAYS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(Stability.class);

    private final OpenFile file;
    private final LongSupplier sizeBytes;
    private final int ways;
    private final AtomicReferenceArray<NativeFile> descriptors = new AtomicReferenceArray<>(WAYS);

    /** Null where it cannot be told, and of a device. */
    private final Presence presence;

    /** @param sizeBytes how long the file has to be */
    Stability(OpenFile file, LongSupplier sizeBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.presence = presence(file);
        this.ways = file.nativeFile() == null || file.traits().medium().remote() ? 1 : WAYS;
    }

    private static Presence presence(OpenFile file) {
        try {
            FileTraits traits = file.traits();
            return file.nativeFile() != null && traits.regular() && traits.writable()
                    ? new Presence(file.nativeFile())
                    : null;
        } catch (IOException refused) {
            LOG.info("file={} nobody sees it if it is removed while it is in use: {}", file.path(), refused.toString());
            return null;
        }
    }

    /** A remote file system may make stable only what was written by the descriptor that asks for it. */
    @Override
    public int ways() {
        return ways;
    }

    @Override
    public boolean open(int way) {
        try {
            descriptors.set(
                    way, NativeFile.open(file.nativeFile().path(), file.traits().writable()));
            return descriptors.get(way) != null;
        } catch (IOException refused) {
            LOG.warn("file={} is flushed by one call at a time: {}", file.path(), refused.getMessage());
            return false;
        }
    }

    /**
     * Makes stable the data, the size, and which ranges have space (fdatasync). Fails too if the file is not one that will be
     * found after a restart.
     */
    @Override
    public void force(int way) throws IOException {
        if (way > 0) {
            descriptors.get(way).force();
        } else {
            if (file.traits().medium().remote()) {
                forceTheOthers();
            }
            file.channel().force(false);
        }
        if (presence != null) {
            presence.require(sizeBytes.getAsLong());
        }
    }

    /** It may know what was written by the descriptor that asks only. */
    private void forceTheOthers() throws IOException {
        if (file.direct() != null) {
            file.direct().force();
        }
        if (file.nativeFile() != null) {
            file.nativeFile().force();
        }
    }

    /**
     * After a failed flush the page cache has data that the disk has not, and that no later flush writes. Whoever opens the
     * file anew is to read what is really there.
     */
    void forgetWhatWasNotWritten() {
        try {
            if (file.nativeFile() != null) {
                file.nativeFile().forgetCached();
            }
        } catch (IOException refused) {
            LOG.warn(
                    "file={} what was not written may still be read until the system is restarted: {}",
                    file.path(),
                    refused.getMessage());
        }
    }

    /** Closes the descriptors of the ways; the file stays open. Closing drops the locks on it (POSIX fcntl). */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (int way = 0; way < WAYS; way++) {
            NativeFile opened = descriptors.getAndSet(way, null);
            try {
                if (opened != null) {
                    opened.close();
                }
            } catch (IOException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
