package io.sluice.backstore.file;

import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where storage may be. Files are in the volumes folder or in one of the roots, wherever links lead from there; a block device
 * needs a pattern. Without such rules, whoever may make a disk could read and write every file that this process can, and a
 * gateway that was restored elsewhere would serve the disks of the original. Immutable; every question may wait.
 */
final class StorageRules {

    /** Where the rules are, in Karaf's etc. */
    static final String FILE = "io.sluice.backstore.file.cfg";

    private static final Logger LOG = LoggerFactory.getLogger(StorageRules.class);

    private final List<Path> roots = new ArrayList<>();
    private final List<PathMatcher> devices = new ArrayList<>();

    /**
     * An entry that says nothing sensible is left out, and logged: it allows nothing.
     *
     * @param roots absolute paths of folders besides the volumes folder, separated by commas
     * @param devices glob patterns of absolute paths of block devices, separated by commas
     */
    StorageRules(String roots, String devices) {
        for (String root : entries(roots, "roots")) {
            this.roots.add(Path.of(root));
        }
        for (String pattern : entries(devices, "devices")) {
            try {
                this.devices.add(FileSystems.getDefault().getPathMatcher("glob:" + pattern));
            } catch (IllegalArgumentException invalid) {
                LOG.warn("devices in {} has '{}', which is no pattern and allows nothing", FILE, pattern);
            }
        }
    }

    private static List<String> entries(String text, String setting) {
        return Stream.of(text.split(","))
                .map(String::trim)
                .filter(entry -> !entry.isEmpty() && isAbsolute(entry, setting))
                .toList();
    }

    private static boolean isAbsolute(String entry, String setting) {
        try {
            if (Path.of(entry).isAbsolute()) {
                return true;
            }
        } catch (InvalidPathException invalid) {
            // It is said below.
        }
        LOG.warn("{} in {} has '{}', which is no absolute path and allows nothing", setting, FILE, entry);
        return false;
    }

    /**
     * Returns the real path of storage, or of what is about to be made: no part of it is a link.
     *
     * @param path absolute, as the configuration has it
     * @throws ConfigException if it may not be used, with what to do
     */
    Path require(Path path) throws ConfigException {
        Path real = real(path);
        if (isDevice(real)) {
            // Names below /dev are links of their own: what the operator wrote counts as well as where it leads.
            if (devices.stream().noneMatch(pattern -> pattern.matches(path) || pattern.matches(real))) {
                throw new ConfigException(
                        path + " is a block device, and no rule allows it: add it to devices in " + file());
            }
        } else if (roots().noneMatch(root -> real.startsWith(real(root)))) {
            String where = path.equals(real) ? "" : ", which leads to " + real + ",";
            throw new ConfigException(path + where + " is outside of the folders for disks ("
                    + roots().map(Path::toString).collect(Collectors.joining(", "))
                    + "): put it there, or add its folder to roots in " + file());
        }
        return real;
    }

    private Stream<Path> roots() {
        return Stream.concat(Stream.of(StoragePath.volumes()), roots.stream());
    }

    private static boolean isDevice(Path real) {
        try {
            return StoragePath.isBlockDevice(real);
        } catch (IOException absent) {
            return false;
        }
    }

    private static Path file() {
        return Path.of(System.getProperty("karaf.etc", "etc"), FILE);
    }

    /** Follows links as far as there is something; what is not there cannot be a link. */
    static Path real(Path path) {
        Path missing = path.getFileSystem().getPath("");
        for (Path there = path; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(missing).normalize();
            } catch (IOException absent) {
                Path name = there.getFileName();
                missing = name == null ? missing : name.resolve(missing);
            }
        }
        return path;
    }
}
