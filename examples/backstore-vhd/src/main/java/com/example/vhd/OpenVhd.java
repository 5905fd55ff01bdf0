package com.example.vhd;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * A file that is open, and nobody else's as long as it is.
 *
 * @param path its real path
 * @param channel the file
 * @param vhd the disk in it
 * @param writable whether it may be changed
 */
record OpenVhd(Path path, FileChannel channel, Vhd vhd, boolean writable, FilesInUse files) implements AutoCloseable {

    /** Opens a file that is there. */
    static OpenVhd open(Path path, boolean writable, FilesInUse files) throws IOException {
        files.claim(path);
        FileChannel channel = null;
        try {
            Set<OpenOption> options = writable
                    ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : Set.of(StandardOpenOption.READ);
            channel = FileChannel.open(path, options);
            lock(channel, writable);
            return new OpenVhd(path, channel, Vhd.open(channel, writable), writable, files);
        } catch (IOException | RuntimeException failed) {
            close(channel, path, files);
            throw failed;
        }
    }

    private static void lock(FileChannel channel, boolean exclusive) throws IOException {
        try {
            if (channel.tryLock(0, Long.MAX_VALUE, !exclusive) != null) {
                return;
            }
        } catch (OverlappingFileLockException ours) {
            // Somebody else in this process has it.
        }
        throw new VhdException("is in use by another program: stop that first");
    }

    @Override
    public void close() throws IOException {
        close(channel, path, files);
    }

    private static void close(FileChannel channel, Path path, FilesInUse files) throws IOException {
        try {
            if (channel != null) {
                channel.close();
            }
        } finally {
            files.release(path);
        }
    }
}
