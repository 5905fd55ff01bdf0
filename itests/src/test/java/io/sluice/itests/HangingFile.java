package io.sluice.itests;

import static org.junit.Assert.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file on a file system in user space (FUSE), whose server is stopped to have every access to it hang. */
public final class HangingFile implements AutoCloseable {

    private final Path path;
    private final Process server;

    /** @param folder where the file is made */
    public HangingFile(Path folder, long bytes) throws IOException {
        Path real = folder.resolve("hanging.raw");
        path = folder.resolve("hanging.img");
        Files.write(real, new byte[0]);
        try (var file = new RandomAccessFile(real.toFile(), "rw")) {
            file.setLength(bytes);
        }
        Files.write(path, new byte[0]);
        server = new ProcessBuilder(List.of(
                        "qemu-storage-daemon",
                        "--blockdev",
                        "driver=file,node-name=file,filename=" + real,
                        "--export",
                        "type=fuse,id=export,node-name=file,mountpoint=" + path + ",writable=on"))
                .inheritIO()
                .start();
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (Files.size(path) != bytes) {
            assertTrue("qemu-storage-daemon runs", server.isAlive());
            assertTrue("the file is there in time", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    public Path path() {
        return path;
    }

    public void hang() {
        signal("STOP");
    }

    public void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        Tool.run("kill", "-" + name, Long.toString(server.pid())).expectSuccess();
    }

    @Override
    public void close() {
        goOn();
        server.destroy();
        try {
            server.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
