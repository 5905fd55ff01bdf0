package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Makes the file of a new backstore as a copy of another file. The copy is complete before it has a name, so a process that is
 * killed, or a full file system, leaves nothing of it. Every call may wait.
 */
final class CreatedFrom {

    /** What to copy: a backstore of this type that is open here, or a path. It is not kept. */
    static final String OPTION = "createFrom";

    /** What was copied and how, kept for people. */
    static final String OUTCOME = "createdFrom";

    private final FilesInUse files;
    private final LongSupplier bytesPerSecond;

    /** @param bytesPerSecond asked for each copy how fast it may be; 0 for no limit */
    CreatedFrom(FilesInUse files, LongSupplier bytesPerSecond) {
        this.files = files;
        this.bytesPerSecond = bytesPerSecond;
    }

    static boolean isAskedFor(BackstoreConfig config) {
        return config.options().containsKey(OPTION);
    }

    /**
     * Makes a file.
     *
     * @param config what was asked for, with {@link #OPTION}; without a size it gets the one of what is copied
     * @param path where nothing is yet
     * @param watch asked now and then whether to give up
     * @return the configuration with its size, and with {@link #OUTCOME} in the place of {@link #OPTION}
     */
    BackstoreConfig make(BackstoreConfig config, Path path, StorageRules rules, Watch watch)
            throws ConfigException, IOException {
        String asked = config.options().get(OPTION);
        try (OpenFile from = source(asked, config, rules)) {
            long present = from.channel().size() / config.blockSize() * config.blockSize();
            long wanted = config.sizeBytes() == 0 ? present : config.sizeBytes();
            if (present == 0 || wanted < present) {
                throw new ConfigException(from.path() + " has " + present + " bytes"
                        + (present == 0
                                ? ", less than one block"
                                : ", more than the " + wanted + " that were asked for")
                        + ": name another file, or leave the size out");
            }
            String how = copy(from, path, present, wanted, Reservation.isAskedFor(config), watch);
            Map<String, String> options = new TreeMap<>(config.options());
            options.remove(OPTION);
            options.put(OUTCOME, asked + ", " + how);
            return config.toBuilder().sizeBytes(wanted).options(options).build();
        } catch (LinkageError unavailable) {
            throw new ConfigException(
                    "this system's C library cannot copy files: copy " + asked + " yourself, and leave " + OPTION
                            + " out",
                    unavailable);
        }
    }

    private OpenFile source(String asked, BackstoreConfig config, StorageRules rules) throws ConfigException {
        OpenFile open = files.share(asked);
        if (open != null) {
            return open;
        }
        Path path;
        try {
            path = rules.require(StoragePath.volumes().resolve(asked).normalize());
        } catch (InvalidPathException invalid) {
            throw new ConfigException("'" + asked + "' is neither a backstore nor a path", invalid);
        }
        try {
            if (!StoragePath.isStorage(path)) {
                StoragePath.identity(path);
                throw new IOException("it is neither a regular file nor a block device");
            }
            return files.share(path, config.name());
        } catch (IOException failed) {
            throw new ConfigException(
                    path + " cannot be copied: " + StoragePath.reason(failed)
                            + ". Name a file, or a backstore of the type file that is open",
                    failed);
        }
    }

    private String copy(OpenFile from, Path path, long present, long wanted, boolean reserved, Watch watch)
            throws ConfigException, IOException {
        try (NativeFile to = nameless(path.getParent());
                FileChannel channel = FileChannel.open(to.path(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            FileCopy copy = new FileCopy(from, to, channel, bytesPerSecond.getAsLong(), watch);
            // A clone gets its own space with each later write, which may find none.
            boolean cloned = !reserved && copy.tryClone();
            if (cloned) {
                to.cutAt(present);
            } else if (from.traits().writable()) {
                throw new ConfigException(from.path() + " may be written to while it is copied, and "
                        + (reserved ? "a disk with all its space cannot be a clone" : "its file system cannot clone it")
                        + ": delete its backstore first, which leaves the file, or copy one that is read-only");
            } else {
                copy.copy(present, !reserved);
            }
            if (reserved) {
                to.cutAt(present);
                new Reservation(channel, to, watch).grow(wanted);
            } else {
                to.cutAt(wanted);
            }
            channel.force(true);
            to.name(path);
            return cloned ? "cloned" : "copied";
        }
    }

    private static NativeFile nameless(Path folder) throws ConfigException, IOException {
        try {
            return NativeFile.openNameless(folder);
        } catch (NotSupportedException never) {
            throw new ConfigException(
                    "the file system of " + folder
                            + " has no files without a name, so half a copy could be left: copy the"
                            + " file yourself, and leave " + OPTION + " out",
                    never);
        }
    }
}
