package io.sluice.shell.status;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A small file that is replaced as a whole, and only when what it says has changed. Where there is no room for another one it is
 * overwritten: on a full file system its own block is all there is, and what it said before is not true any more. Not thread-safe.
 */
public final class StatusFile {

    /** A shorter file has that much to itself on most file systems. */
    private static final int BLOCK_BYTES = 4096;

    private final Path file;
    private final Path temporary;
    private String written = "";

    /** @param file what others read; its folder is there */
    public StatusFile(Path file) {
        this.file = file;
        temporary = file.resolveSibling(file.getFileName() + ".new");
    }

    /**
     * Whoever opens the file finds the old text or the new one, or, if neither can be had, no file.
     *
     * @throws IOException if it cannot be written, or not all of it; it is tried again with the next call
     */
    public void write(String text) throws IOException {
        if (text.equals(written)) {
            return;
        }
        written = "";
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            replace(bytes);
        } catch (IOException failed) {
            overwrite(bytes, failed);
        }
        written = text;
    }

    private void replace(byte[] bytes) throws IOException {
        Files.write(temporary, bytes);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void overwrite(byte[] bytes, IOException why) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            byte[] begin = whatFits(bytes, channel.size());
            ByteBuffer source = ByteBuffer.wrap(begin);
            while (source.hasRemaining()) {
                channel.write(source, source.position());
            }
            channel.truncate(begin.length);
            if (begin.length == bytes.length) {
                return;
            }
        } catch (IOException failed) {
            why.addSuppressed(failed);
            removeAfter(why);
        }
        throw why;
    }

    private void removeAfter(IOException why) {
        try {
            remove();
        } catch (IOException left) {
            why.addSuppressed(left);
        }
    }

    /** Returns all of it, or the first lines: whatever is wrong comes last, and the first of that says that there is something. */
    private static byte[] whatFits(byte[] bytes, long size) {
        int room = (int) Math.max(size, BLOCK_BYTES);
        if (bytes.length <= room) {
            return bytes;
        }
        int end = room;
        while (end > 0 && bytes[end - 1] != '\n') {
            end--;
        }
        return Arrays.copyOf(bytes, end);
    }

    /** Nothing is said any more. */
    public void remove() throws IOException {
        written = "";
        Files.deleteIfExists(file);
    }
}
