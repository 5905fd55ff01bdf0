package io.sluice.backstore.file;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Where storage is, and what is there. */
final class StoragePath {

    static final String OPTION = "path";

    private static final int TYPE_MASK = 0170000;
    private static final int BLOCK_DEVICE = 0060000;

    private StoragePath() {}

    /** Returns the absolute path that a configuration means now; a relative one begins in the volumes folder. */
    static Path of(BackstoreConfig config) throws ConfigException {
        String text = config.options().get(OPTION);
        if (text == null || text.isBlank()) {
            throw new ConfigException("a file backstore needs a path: add --path FILE");
        }
        try {
            return volumes().resolve(text).normalize();
        } catch (InvalidPathException invalid) {
            throw new ConfigException("'" + text + "' is not a path: " + invalid.getReason(), invalid);
        }
    }

    /**
     * Returns what the configuration is to keep of a path: below the volumes folder a relative one, so that a copy of the
     * whole gateway means its own files.
     */
    static String toKeep(BackstoreConfig config) throws ConfigException {
        Path path = of(config);
        Path volumes = volumes();
        if (path.startsWith(volumes) && !path.equals(volumes)) {
            return volumes.relativize(path).toString();
        }
        String asked = config.options().get(OPTION);
        return Path.of(asked).isAbsolute() ? path.toString() : asked;
    }

    /** Where relative paths begin; outside of Karaf in the current folder. */
    static Path volumes() {
        String base = System.getProperty("karaf.base");
        return Path.of(System.getProperty("sluice.volumes", base == null ? "" : base + "/volumes"))
                .toAbsolutePath()
                .normalize();
    }

    /** Returns what is the same for all names of a file. */
    static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path.toRealPath() : key;
    }

    /** Block devices are "other" files to Java; so are pipes and sockets, which have no size. */
    static boolean isStorage(Path path) throws IOException {
        return Files.isRegularFile(path) || isBlockDevice(path);
    }

    static boolean isBlockDevice(Path path) throws IOException {
        try {
            return ((int) Files.getAttribute(path, "unix:mode") & TYPE_MASK) == BLOCK_DEVICE;
        } catch (UnsupportedOperationException | IllegalArgumentException notUnix) {
            return false;
        }
    }

    /** Returns why something cannot be opened or made, in words for the user. */
    static String reason(IOException failure) {
        if (FileIo.isFull(failure)) {
            return "no space is left on its file system";
        }
        if (failure instanceof NoSuchFileException) {
            return "it does not exist";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "there is something of that name";
        }
        boolean denied = failure instanceof AccessDeniedException;
        return denied ? "permission denied" : String.valueOf(failure.getMessage());
    }
}
