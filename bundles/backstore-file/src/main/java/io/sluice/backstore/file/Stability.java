package io.sluice.backstore.file;

import java.io.IOException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts what was written to a file on stable storage, and sees what stands against it. Every call may wait. */
final class Stability {

    private static final Logger LOG = LoggerFactory.getLogger(Stability.class);

    private final OpenFile file;
    private final LongSupplier sizeBytes;

    /** Null where it cannot be told, and of a device. */
    private final Presence presence;

    /** @param sizeBytes how long the file has to be */
    Stability(OpenFile file, LongSupplier sizeBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.presence = presence(file);
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

    /**
     * Makes stable the data, the size, and which ranges have space (fdatasync). Fails too if the file is not one that will be
     * found after a restart.
     */
    void force() throws IOException {
        if (file.nativeFile() != null && file.traits().medium().remote()) {
            // It may know what was written by this descriptor only.
            file.nativeFile().force();
        }
        file.channel().force(false);
        if (presence != null) {
            presence.require(sizeBytes.getAsLong());
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
}
