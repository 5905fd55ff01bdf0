package io.sluice.layer.crypt;

import io.sluice.backstore.BackstoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The keys of the disks that are open, by their headers. A header is of one disk alone: another one would lose its data with the
 * next change of the keys. A disk that is being moved is open twice: both have the same keys, so that what changes these for one
 * does so for the other. Waits for the disk. Thread-safe.
 */
final class OpenHeaders {

    private final Map<Path, Shared> open = new HashMap<>();

    /** What several may have; how many is guarded by the map, the keys by this. */
    private static final class Shared {
        private final String disk;
        private int users;
        private Keys keys;

        Shared(String disk) {
            this.disk = disk;
        }
    }

    /** Keys for one stack, until it is closed. */
    record Use(Keys keys, Runnable end) {}

    /**
     * @param disk whose header it is
     * @param make whether there is no header yet
     */
    Use open(String disk, HeaderFile header, boolean make, byte[] operatorKey) throws BackstoreException {
        Path path = target(header);
        Shared shared = enter(path, disk);
        try {
            return new Use(keys(shared, header, make, operatorKey), () -> leave(path, shared));
        } catch (BackstoreException | RuntimeException failed) {
            leave(path, shared);
            throw failed;
        }
    }

    private static Path target(HeaderFile header) throws BackstoreException {
        try {
            return header.target();
        } catch (IOException failed) {
            throw Keys.refused("the folder of header " + header.path() + " of an encrypted disk cannot be used: "
                    + failed.getMessage());
        }
    }

    private Shared enter(Path path, String disk) throws BackstoreException {
        synchronized (open) {
            Shared shared = open.computeIfAbsent(path, unknown -> new Shared(disk));
            if (!shared.disk.equals(disk)) {
                throw Keys.refused("header " + path + " is that of backstore " + shared.disk
                        + ", and of no other one: name another file with header=");
            }
            shared.users++;
            return shared;
        }
    }

    private static Keys keys(Shared shared, HeaderFile header, boolean make, byte[] operatorKey)
            throws BackstoreException {
        synchronized (shared) {
            if (shared.keys == null) {
                shared.keys = make ? Keys.make(header, operatorKey) : Keys.read(header, operatorKey);
            } else {
                shared.keys.requireOpenedBy(operatorKey);
            }
            return shared.keys;
        }
    }

    private void leave(Path path, Shared shared) {
        synchronized (open) {
            if (--shared.users > 0) {
                return;
            }
            open.remove(path);
        }
        synchronized (shared) {
            if (shared.keys != null) {
                shared.keys.wipe();
            }
        }
    }
}
