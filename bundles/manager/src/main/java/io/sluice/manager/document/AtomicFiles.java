package io.sluice.manager.document;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that are replaced as a whole, are for their owner alone, and are on stable storage, with their folders, when a call
 * returns. A file is written by one thread at a time.
 */
final class AtomicFiles {

    private static final String BEGIN = ".";
    private static final String END = ".new";

    private final FileCalls calls;

    /** Folders whose names are on stable storage. */
    private final Set<Path> settled = ConcurrentHashMap.newKeySet();

    AtomicFiles(FileCalls calls) {
        this.calls = calls;
    }

    /** Where the new content of a file is until it is whole; no entry of the configuration can have such a name. */
    private static Path temporary(Path file) {
        return file.resolveSibling(BEGIN + file.getFileName() + END);
    }

    /** Whether a file is what was to become a file with a name that begins so. */
    static boolean isTemporary(Path file, String begin) {
        String name = file.getFileName().toString();
        return name.startsWith(BEGIN + begin) && name.endsWith(END);
    }

    /**
     * Replaces a file, and makes its folder if there is none. Whoever opens the file finds the old bytes or the new ones, also
     * after a power loss.
     *
     * @throws IOException if the new bytes may not be on stable storage; the old ones are in the file again then, unless that
     *     failed too, which is among the suppressed exceptions
     */
    void replace(Path file, ByteBuffer... bytes) throws IOException {
        settle(file.getParent());
        byte[] before = calls.exists(file) ? calls.read(file) : null;
        prepare(file, bytes);
        try {
            calls.rename(temporary(file), file);
            calls.forceFolder(file.getParent());
        } catch (IOException failed) {
            putBack(file, before, failed);
            throw failed;
        }
    }

    private void prepare(Path file, ByteBuffer... bytes) throws IOException {
        Path temporary = temporary(file);
        if (calls.exists(temporary)) {
            calls.delete(temporary);
        }
        try (FileCalls.NewFile made = calls.create(temporary)) {
            for (ByteBuffer part : bytes) {
                while (part.hasRemaining()) {
                    made.write(part);
                }
            }
            made.force();
        } catch (IOException failed) {
            discard(temporary, failed);
            throw failed;
        }
    }

    private void discard(Path temporary, IOException failed) {
        try {
            if (calls.exists(temporary)) {
                calls.delete(temporary);
            }
        } catch (IOException again) {
            failed.addSuppressed(again);
        }
    }

    /** The name may be that of the new content already, and only not be stable; nobody shall find what was refused. */
    private void putBack(Path file, byte[] before, IOException failed) {
        try {
            if (before == null) {
                if (calls.exists(file)) {
                    calls.delete(file);
                }
            } else if (!Arrays.equals(calls.read(file), before)) {
                prepare(file, ByteBuffer.wrap(before));
                calls.rename(temporary(file), file);
            }
            calls.forceFolder(file.getParent());
        } catch (IOException again) {
            failed.addSuppressed(again);
        }
        discard(temporary(file), failed);
    }

    /**
     * Removes a file, if there is one. When it returns, the file does not come back after a power loss, also if an earlier
     * call has removed it and then failed.
     */
    void delete(Path file) throws IOException {
        if (calls.exists(file)) {
            calls.delete(file);
        }
        if (calls.exists(file.getParent())) {
            calls.forceFolder(file.getParent());
        }
    }

    private void make(Path folder) throws IOException {
        try {
            calls.makeFolder(folder);
        } catch (FileAlreadyExistsException raced) {
            // Somebody else who keeps files there has made it meanwhile.
        }
    }

    /**
     * Sees to it that a folder is there after a power loss. One after the other, so that after an interruption only the last
     * one that is there may not be stable; whoever comes next makes that up.
     */
    void settle(Path folder) throws IOException {
        if (folder.getParent() == null || settled.contains(folder)) {
            return;
        }
        boolean made = !calls.exists(folder);
        if (made) {
            settle(folder.getParent());
            make(folder);
        }
        try {
            calls.forceFolder(folder.getParent());
        } catch (AccessDeniedException foreign) {
            // In a folder that may not be read nobody of this process has made another.
            if (made) {
                throw foreign;
            }
        }
        settled.add(folder);
    }
}
