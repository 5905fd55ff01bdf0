package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes files for new backstores, and removes those that were made in vain. Every call may wait. Thread-safe. */
final class NewFile {

    static final String PREALLOCATE = "preallocate";

    private static final Logger LOG = LoggerFactory.getLogger(NewFile.class);

    /** Files that were made here and may therefore be removed. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    private final Folders folders;

    NewFile(Folders folders) {
        this.folders = folders;
    }

    static void check(BackstoreConfig config) throws ConfigException {
        String value = config.options().getOrDefault(PREALLOCATE, "false");
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigException("option " + PREALLOCATE + " is true or false, not '" + value + "'");
        }
    }

    /** Makes a file of the size that was asked for. */
    BackstoreConfig make(BackstoreConfig config, Path path) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException(path + " does not exist: add --size, such as --size 10G, to make it");
        }
        if (config.readOnly()) {
            throw new ConfigException(path + " does not exist: a read-only backstore needs a file with data");
        }
        Path folder = path.getParent();
        try {
            if (folder.equals(StoragePath.volumes())) {
                folders.make(folder);
            }
            if (!Files.isDirectory(folder)) {
                throw new ConfigException("folder " + folder + " does not exist: make it first");
            }
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            made.add(path);
            fill(path, config.sizeBytes(), Boolean.parseBoolean(config.options().get(PREALLOCATE)));
            folders.sync(folder);
            return config;
        } catch (IOException failed) {
            remove(path);
            throw new ConfigException(path + " cannot be made: " + StoragePath.reason(failed), failed);
        }
    }

    private static void fill(Path path, long size, boolean preallocate) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), size - 1);
            if (preallocate) {
                reserve(path, channel, size);
            }
            channel.force(true);
        }
    }

    private static void reserve(Path path, FileChannel channel, long size) throws IOException {
        try (NativeFile file = NativeFile.open(path, true)) {
            if (file != null) {
                file.reserve(0, size);
                return;
            }
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long offset = 0; offset < size; ) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - offset));
            offset += channel.write(zeros, offset);
        }
    }

    /** Takes note that a file was there before; its name may be so young that a power loss would take it. */
    void isNotNew(Path path) {
        made.remove(path);
        try {
            folders.sync(path.getParent());
        } catch (IOException refused) {
            LOG.warn("file={} its folder cannot be flushed: {}", path, StoragePath.reason(refused));
        }
    }

    /** Removes a file, if it was made here. */
    void remove(Path path) {
        if (made.remove(path)) {
            try {
                Files.deleteIfExists(path);
                folders.sync(path.getParent());
            } catch (IOException failed) {
                LOG.error("file={} was made in vain and cannot be removed", path, failed);
            }
        }
    }
}
