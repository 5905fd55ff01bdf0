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

    private static final Logger LOG = LoggerFactory.getLogger(NewFile.class);

    /** Files that were made here and may therefore be removed. */
    private final Set<Path> made = ConcurrentHashMap.newKeySet();

    private final Folders folders;

    NewFile(Folders folders) {
        this.folders = folders;
    }

    /** Makes the file of a backstore where nothing is; returns the configuration with what was found out. */
    @FunctionalInterface
    interface Making {
        BackstoreConfig make() throws ConfigException, IOException;
    }

    /** Makes a file of the size that was asked for. */
    BackstoreConfig make(BackstoreConfig config, Path path) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException(path + " does not exist: add --size, such as --size 10G, to make it");
        }
        if (config.readOnly()) {
            throw new ConfigException(path + " does not exist: a read-only backstore needs a file with data");
        }
        return make(path, () -> {
            boolean reserved = Reservation.isAskedFor(config);
            if (!makeNameless(path, config.sizeBytes(), reserved)) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                made.add(path);
                try (NativeFile file = reserved ? NativeFile.open(path, true) : null) {
                    fill(path, file, config.sizeBytes(), reserved);
                }
            }
            return config;
        });
    }

    /**
     * Makes a file that has its name only when it has its size, so that a process that is killed leaves no half of one; returns
     * false where the file system has no files without a name.
     */
    private static boolean makeNameless(Path path, long size, boolean reserved) throws IOException {
        try (NativeFile file = NativeFile.openNameless(path.getParent())) {
            fill(file.path(), file, size, reserved);
            file.name(path);
            return true;
        } catch (NotSupportedException | LinkageError never) {
            LOG.debug("file={} has its name before its size: {}", path, never.toString());
            return false;
        }
    }

    /** Has a file made in a folder that is there, and its name put on stable storage; nothing is left of it if that fails. */
    BackstoreConfig make(Path path, Making making) throws ConfigException {
        Path folder = path.getParent();
        try {
            if (folder.equals(StoragePath.volumes())) {
                folders.make(folder);
            }
            if (!Files.isDirectory(folder)) {
                throw new ConfigException("folder " + folder + " does not exist: make it first");
            }
            BackstoreConfig complete = making.make();
            made.add(path);
            folders.sync(folder);
            return complete;
        } catch (IOException failed) {
            remove(path);
            throw new ConfigException(path + " cannot be made: " + StoragePath.reason(failed), failed);
        }
    }

    private static void fill(Path path, NativeFile file, long size, boolean reserved) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (reserved) {
                new Reservation(channel, file).grow(size);
            } else {
                channel.write(ByteBuffer.allocate(1), size - 1);
            }
            channel.force(true);
        }
    }

    /** Gives a file that was there before the space of all of its bytes. */
    static void reserve(Path path, long size) throws ConfigException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                NativeFile file = NativeFile.open(path, true)) {
            long missing = file == null ? 0 : size - file.allocatedBytes();
            if (missing > path.toFile().getUsableSpace()) {
                throw new ConfigException(
                        path + " needs " + missing + " bytes more to have all of its space, and its file"
                                + " system has fewer: make room, or leave --thick and " + Reservation.OPTION + " out");
            }
            if (!new Reservation(channel, file).reserve(size)) {
                throw new ConfigException(path
                        + " exists, and its file system cannot reserve space for it: leave --thick and "
                        + Reservation.OPTION + " out, or name a file that is not there, which is filled with zeros");
            }
            channel.force(false);
        } catch (IOException failed) {
            throw new ConfigException(
                    path + " cannot be given all of its space: " + StoragePath.reason(failed), failed);
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
