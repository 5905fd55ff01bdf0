package io.sluice.layer.crypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file with a {@link KeyHeader}. It is replaced as a whole: whatever happens, it has the old header or the new one. What was
 * in the old file is overwritten, as far as the file system lets one, so that a key that was thrown away is nowhere any more.
 * A link to it stays one. Waits for the disk.
 */
final class HeaderFile {

    /** Makes the names in a folder stable. */
    @FunctionalInterface
    interface Sync {
        void sync(Path folder) throws IOException;
    }

    private static final int MOST_LINKS = 40;

    private final Path path;
    private final Sync folders;

    HeaderFile(Path path) {
        this(path, HeaderFile::force);
    }

    /** @param folders makes stable that the file is another one */
    HeaderFile(Path path, Sync folders) {
        this.path = path;
        this.folders = folders;
    }

    static void force(Path folder) throws IOException {
        try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }

    Path path() {
        return path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    /** Returns the file itself, to which links may lead, also before it is there; its folder is made if need be. */
    Path target() throws IOException {
        if (exists()) {
            return path.toRealPath();
        }
        Path file = path.toAbsolutePath();
        for (int links = 0; Files.isSymbolicLink(file); links++) {
            if (links == MOST_LINKS) {
                throw new FileSystemLoopException(path.toString());
            }
            file = file.resolveSibling(Files.readSymbolicLink(file));
        }
        Path folder = file.getParent();
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return folder.toRealPath().resolve(file.getFileName());
    }

    KeyHeader read() throws IOException {
        if (Files.size(path) > KeyHeader.MOST_BYTES) {
            throw new IOException("it is no header of this version of the layer");
        }
        return KeyHeader.decode(Files.readAllBytes(path));
    }

    /**
     * Replaces the header.
     *
     * @param replaced run as soon as the file has the new header, whatever fails after that: who opens the disk next finds it
     * @throws IOException if it is not known to be stable, or the old one could not be overwritten; or before it was replaced
     */
    void write(KeyHeader header, Runnable replaced) throws IOException {
        Path target = target();
        Path next = target.resolveSibling(target.getFileName() + ".new");
        Files.deleteIfExists(next);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel file =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            writeAll(file, header.encode());
        }
        FileChannel old = Files.exists(target) ? FileChannel.open(target, StandardOpenOption.WRITE) : null;
        try {
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            replaced.run();
            folders.sync(target.getParent());
            if (old != null) {
                writeAll(old, KeyHeader.random((int) old.size()));
            }
        } finally {
            if (old != null) {
                old.close();
            }
        }
    }

    private static void writeAll(FileChannel file, byte[] bytes) throws IOException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        while (source.hasRemaining()) {
            file.write(source);
        }
        file.force(true);
    }
}
