package io.sluice.shell.status;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A small file that is replaced as a whole, and only when what it says has changed. Not thread-safe. */
public final class StatusFile {

    private final Path file;
    private String written = "";

    /** @param file what others read; its folder is there */
    public StatusFile(Path file) {
        this.file = file;
    }

    /**
     * Whoever opens the file finds the old text or the new one.
     *
     * @throws IOException if it cannot be written; it is tried again with the next call
     */
    public void write(String text) throws IOException {
        if (text.equals(written)) {
            return;
        }
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(temporary, text);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        written = text;
    }

    /** Nothing is said any more. */
    public void remove() throws IOException {
        Files.deleteIfExists(file);
        written = "";
    }
}
