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

    /** Where relative paths begin. */
    static Path volumes() {
        return Path.of(System.getProperty("sluice.volumes", "")).toAbsolutePath();
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
