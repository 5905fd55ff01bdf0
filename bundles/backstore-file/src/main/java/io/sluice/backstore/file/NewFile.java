package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes files for new backstores, and removes those that were made in vain. Every call may wait. Thread-safe. */
final class NewFile {

    private static final Logger LOG = LoggerFactory.getLogger(NewFile.class);

    /** Files that were made here and may therefore be removed, and which ones they are. */
    private final Map<Path, Object> made = new ConcurrentHashMap<>();

    /** Where files are being made, taken over or removed. */
    private final Set<Path> occupied = ConcurrentHashMap.newKeySet();

    private final Folders folders;

    NewFile(Folders folders) {
        this.folders = folders;
    }

    /**
     * Keeps a path for one who makes a file there, or takes it over, until {@link #leave}: what looks like nothing may be
     * there in a moment, and what looks like a file may be half of one, or be removed again.
     *
     * @throws ConfigException if somebody else has it
     */
    void occupy(Path path) throws ConfigException {
        if (!occupied.add(path)) {
            throw new ConfigException(
                    path + " is being made or removed: wait until that is over, or name another file");
        }
    }

    void leave(Path path) {
        occupied.remove(path);
    }

    /** Makes the file of a backstore where nothing is; returns the configuration with what was found out. */
    @FunctionalInterface
    interface Making {
        BackstoreConfig make() throws ConfigException, IOException;
    }

    /** Makes a file of the size that was asked for. */
    BackstoreConfig make(BackstoreConfig config, Path path, Watch watch) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException(path + " does not exist: add --size, such as --size 10G, to make it");
        }
        if (config.readOnly()) {
            throw new ConfigException(path + " does not exist: a read-only backstore needs a file with data");
        }
        return make(path, () -> {
            boolean reserved = Reservation.isAskedFor(config);
            if (!makeNameless(path, config.sizeBytes(), reserved, watch)) {
                Files.createFile(
                        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                isNew(path);
                try (NativeFile file = reserved ? NativeFile.open(path, true) : null) {
                    fill(path, file, config.sizeBytes(), reserved, watch);
                }
            }
            return config;
        });
    }

    /**
     * Makes a file that has its name only when it has its size, so that a process that is killed leaves no half of one; returns
     * false where the file system has no files without a name.
     */
    private static boolean makeNameless(Path path, long size, boolean reserved, Watch watch) throws IOException {
        try (NativeFile file = NativeFile.openNameless(path.getParent())) {
            fill(file.path(), file, size, reserved, watch);
            file.name(path);
            return true;
        } catch (NotSupportedException | LinkageError never) {
            LOG.debug("file={} has its name before its size: {}", path, never.toString());
            return false;
        }
    }

    /**
     * Has a file made in a folder that is there, and its name put on stable storage; nothing is left of it if that fails. What
     * somebody else has put there meanwhile is left alone.
     */
    BackstoreConfig make(Path path, Making making) throws ConfigException {
        occupy(path);
        try {
            return makeThere(path, making);
        } finally {
            leave(path);
        }
    }

    private BackstoreConfig makeThere(Path path, Making making) throws ConfigException {
        Path folder = path.getParent();
        Object before = made.get(path);
        try {
            if (folder.equals(StoragePath.volumes())) {
                folders.make(folder);
            }
            if (!Files.isDirectory(folder)) {
                throw new ConfigException("folder " + folder + " does not exist: make it first");
            }
            BackstoreConfig complete = making.make();
            isNew(path);
            folders.sync(folder);
            return complete;
        } catch (IOException failed) {
            if (made.get(path) != before) {
                removeThere(path);
            }
            throw new ConfigException(path + " cannot be made: " + StoragePath.reason(failed), failed);
        }
    }

    private void isNew(Path path) throws IOException {
        made.put(path, StoragePath.identity(path));
    }

    private static void fill(Path path, NativeFile file, long size, boolean reserved, Watch watch) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            if (reserved) {
                new Reservation(channel, file, watch).grow(size);
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

    /** Removes a file, if it was made here; one that somebody takes over at the moment is his. */
    void remove(Path path) {
        if (!occupied.add(path)) {
            LOG.warn("file={} was made in vain, and is left to who takes it over", path);
            return;
        }
        try {
            removeThere(path);
        } finally {
            leave(path);
        }
    }

    private void removeThere(Path path) {
        Object identity = made.remove(path);
        if (identity == null) {
            return;
        }
        try {
            if (identity.equals(StoragePath.identity(path))) {
                Files.delete(path);
                folders.sync(path.getParent());
            }
        } catch (NoSuchFileException gone) {
            LOG.debug("file={} was made in vain, and removed by somebody else", path);
        } catch (IOException failed) {
            LOG.error("file={} was made in vain and cannot be removed", path, failed);
        }
    }
}
