package io.sluice.rest.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is replaced as a whole, is for its owner alone, and is on stable storage when a call returns. One thread at a time. */
public final class OwnerFile {

    private final Path file;

    /** @param file where it is; its folder is made with it */
    public OwnerFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /**
     * Returns what is in it; null if there is no such file.
     *
     * @param mostBytes how large it may be
     */
    public byte[] read(int mostBytes) throws IOException {
        try {
            if (Files.size(file) > mostBytes) {
                throw new IOException("it is larger than " + mostBytes + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            // Any other failure says nothing of whether there is one, and it must not be replaced.
            return null;
        }
    }

    /** Puts bytes into it, in the place of all that was there; if it fails, that stays, and nothing else is left. */
    public void replace(byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try {
            write(fresh, bytes);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            Files.deleteIfExists(fresh);
            throw failed;
        }
        try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static void write(Path fresh, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer rest = ByteBuffer.wrap(bytes);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
    }
}
