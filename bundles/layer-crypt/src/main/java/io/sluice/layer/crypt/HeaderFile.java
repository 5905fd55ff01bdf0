package io.sluice.layer.crypt;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The file with a {@link KeyHeader}. It is replaced as a whole: whatever happens, it has the old header or the new one. What was
 * in the old file is overwritten, as far as the file system lets one, so that a key that was thrown away is nowhere any more.
 * Waits for the disk.
 */
final class HeaderFile {

    private final Path path;

    HeaderFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    boolean exists() {
        return Files.exists(path);
    }

    KeyHeader read() throws IOException {
        if (Files.size(path) > KeyHeader.MOST_BYTES) {
            throw new IOException("it is no header of this version of the layer");
        }
        return KeyHeader.decode(Files.readAllBytes(path));
    }

    void write(KeyHeader header) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        Path next = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(next);
        var permissions = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (FileChannel file =
                FileChannel.open(next, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions)) {
            writeAll(file, header.encode());
        }
        FileChannel old = Files.exists(path) ? FileChannel.open(path, StandardOpenOption.WRITE) : null;
        try {
            Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel entries = FileChannel.open(folder, StandardOpenOption.READ)) {
                entries.force(true);
            }
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
