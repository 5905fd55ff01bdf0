package io.sluice.backstore.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Puts names on stable storage. A name is in its folder: without that folder's own flush it may be gone after a power loss,
 * and the data with it. Every call may wait. Thread-safe.
 */
final class Folders {

    /** Puts the names in a folder on stable storage. */
    @FunctionalInterface
    interface Sync {
        void sync(Path folder) throws IOException;
    }

    private final Sync sync;

    Folders() {
        this(Folders::force);
    }

    /** @param sync what is done to each folder in which a name has changed */
    Folders(Sync sync) {
        this.sync = sync;
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a folder and those above it, each of them stable. */
    void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path above = folder.getParent();
        if (above != null) {
            make(above);
        }
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException meanwhile) {
            if (!Files.isDirectory(folder)) {
                throw meanwhile;
            }
        }
        if (above != null) {
            sync.sync(above);
        }
    }

    /** Makes what has been made or removed in a folder stable. */
    void sync(Path folder) throws IOException {
        sync.sync(folder);
    }
}
