package io.sluice.itests.powerloss;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A file on a file system in user space (FUSE) without a cache: each write, discard and flush of it is written down before it
 * is answered.
 */
public final class LoggedFile implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path path;
    private final Path log;
    private final Process server;

    /**
     * @param folder where the file is made
     * @param name of the file
     */
    public LoggedFile(Path folder, String name, long bytes) throws IOException {
        Leftovers.clear();
        Path real = folder.resolve(name + ".raw");
        log = folder.resolve(name + ".log");
        path = folder.resolve(name);
        try (var file = new RandomAccessFile(real.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Files.write(log, new byte[0]);
        Files.write(path, new byte[0]);
        server = new ProcessBuilder(List.of(
                        "qemu-storage-daemon",
                        "--blockdev",
                        "driver=file,node-name=file,discard=unmap,filename=" + real,
                        "--blockdev",
                        "driver=file,node-name=log,filename=" + log,
                        "--blockdev",
                        "driver=blklogwrites,node-name=logged,discard=unmap,file=file,log=log,log-sector-size=512",
                        "--export",
                        "type=fuse,id=export,node-name=logged,mountpoint=" + path + ",writable=on"))
                .inheritIO()
                .start();
        try {
            awaitSize(bytes);
        } catch (IOException | AssertionError failed) {
            close();
            throw failed;
        }
    }

    private void awaitSize(long bytes) throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.size(path) != bytes) {
            assertTrue("qemu-storage-daemon runs", server.isAlive());
            assertTrue("the file is there in time", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    /** Returns the file. */
    public Path path() {
        return path;
    }

    /** Returns how long the log is: whatever has been answered so far is within that. */
    public long logBytes() throws IOException {
        return Files.size(log);
    }

    /** Returns all that has been done to the file, which must be closed. */
    public WriteLog log() throws IOException {
        return WriteLog.read(log);
    }

    /** Ends what serves the file. */
    public void finish() {
        close();
    }

    @Override
    public void close() {
        server.destroy();
        try {
            if (!server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                server.destroyForcibly();
                throw new AssertionError("qemu-storage-daemon does not end");
            }
        } catch (InterruptedException interrupted) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
