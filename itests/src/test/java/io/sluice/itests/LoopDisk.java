package io.sluice.itests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A block device of the kernel for what QEMU can open, a logical unit for example: a file on a file system in user space
 * (FUSE), and a loop device on that. What the kernel flushes is flushed there. To be made and closed by one thread.
 */
final class LoopDisk implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A step of the way back. */
    private interface Undo {
        void run() throws IOException;
    }

    private final Path folder;
    private final Deque<Undo> undo = new ArrayDeque<>();
    private String device;

    private LoopDisk(Path folder) {
        this.folder = folder;
    }

    /**
     * Attaches a disk.
     *
     * @param blockdev what QEMU opens, without the name of the node
     * @throws AssertionError if the machine does not let it, or there is no such disk
     */
    static LoopDisk attach(Path parent, String blockdev) throws IOException {
        LoopDisk disk = new LoopDisk(Files.createTempDirectory(Files.createDirectories(parent), "loop"));
        try {
            disk.export(blockdev);
            disk.device = Tool.run("losetup", "--find", "--show", disk.file().toString())
                    .expectSuccess()
                    .output()
                    .trim();
            disk.undo.push(() -> Tool.run("losetup", "-d", disk.device).expectSuccess());
            return disk;
        } catch (IOException | RuntimeException | Error failed) {
            disk.closeAfter(failed);
            throw failed;
        }
    }

    /** Attaches a logical unit of a gateway. */
    static LoopDisk attach(Path parent, Sluice sluice, String target) throws IOException {
        return attach(
                parent,
                "driver=iscsi,discard=unmap,transport=tcp,portal=" + sluice.portalText() + ",target=" + target
                        + ",lun=0");
    }

    private Path file() {
        return folder.resolve("disk");
    }

    private void export(String blockdev) throws IOException {
        Files.write(file(), new byte[0]);
        Path said = folder.resolve("qemu.log");
        Process server = new ProcessBuilder(
                        "qemu-storage-daemon",
                        "--blockdev",
                        "node-name=disk," + blockdev,
                        "--export",
                        "type=fuse,id=export,node-name=disk,mountpoint=" + file() + ",writable=on")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        undo.push(() -> end(server));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (Files.size(file()) == 0) {
            if (!server.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("qemu-storage-daemon does not show the disk: " + Files.readString(said));
            }
            Thread.onSpinWait();
        }
    }

    private void end(Process server) {
        server.destroy();
        try {
            if (server.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        server.destroyForcibly();
        Tool.run("umount", "-l", file().toString());
        throw new AssertionError("qemu-storage-daemon does not end");
    }

    /** Returns the block device. */
    String device() {
        return device;
    }

    /** Mounts it until {@link #close}, and returns where. */
    Path mount() throws IOException {
        Path point = Files.createDirectories(folder.resolve("mounted"));
        Tool.run("mount", device, point.toString()).expectSuccess();
        undo.push(() -> unmount(point));
        return point;
    }

    private static void unmount(Path point) {
        Tool.Result result = Tool.run("umount", point.toString());
        if (result.exit() != 0) {
            Tool.run("umount", "-l", point.toString());
        }
        result.expectSuccess();
    }

    private void closeAfter(Throwable failed) {
        try {
            close();
        } catch (IOException | RuntimeException | Error more) {
            failed.addSuppressed(more);
        }
    }

    /** Takes all of it back, the rest too when one step fails. */
    @Override
    public void close() throws IOException {
        List<Throwable> failures = new ArrayList<>();
        while (!undo.isEmpty()) {
            try {
                undo.pop().run();
            } catch (IOException | RuntimeException | AssertionError failed) {
                failures.add(failed);
            }
        }
        if (!failures.isEmpty()) {
            throw new AssertionError("the disk cannot be detached as it should", failures.get(0));
        }
    }
}
