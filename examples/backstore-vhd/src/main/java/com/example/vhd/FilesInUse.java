package com.example.vhd;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/**
 * The files that stores of this provider have open. Java's locks keep other processes out, but a second channel of this process
 * on the same file would take the lock away when it is closed; so nobody opens one. Thread-safe.
 */
final class FilesInUse {

    private final Set<Path> paths = new HashSet<>();

    /** Takes a file, named by its real path, for oneself. */
    synchronized void claim(Path path) throws VhdException {
        if (!paths.add(path)) {
            throw new VhdException("is in use by another backstore: name another file");
        }
    }

    /** Gives a file back. */
    synchronized void release(Path path) {
        paths.remove(path);
    }
}
