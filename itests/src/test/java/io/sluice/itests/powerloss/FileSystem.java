package io.sluice.itests.powerloss;

import io.sluice.itests.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** An ext4 file system in a file, mounted until it is closed. */
public final class FileSystem implements AutoCloseable {

    private final Path mountPoint;
    private final String device;

    private FileSystem(Path mountPoint, String device) {
        this.mountPoint = mountPoint;
        this.device = device;
    }

    /** Makes it. */
    public static void make(Path file) throws IOException {
        String device = attach(file);
        try {
            Tool.run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
                    .expectSuccess();
        } finally {
            Tool.run("losetup", "-d", device).expectSuccess();
        }
    }

    /**
     * Mounts it, which repairs it from its journal.
     *
     * @throws IOException if this machine does not let anybody mount files, with the reason
     */
    public static FileSystem mount(Path file, Path mountPoint) throws IOException {
        Files.createDirectories(mountPoint);
        String device = attach(file);
        Tool.Result mounted = Tool.run("mount", "-t", "ext4", device, mountPoint.toString());
        if (mounted.exit() != 0) {
            Tool.run("losetup", "-d", device).expectSuccess();
            throw new IOException(mounted.output());
        }
        return new FileSystem(mountPoint, device);
    }

    /** Returns where its root is. */
    public Path root() {
        return mountPoint;
    }

    private static String attach(Path file) throws IOException {
        Tool.Result attached = Tool.run("losetup", "-f", "--show", file.toString());
        if (attached.exit() != 0) {
            throw new IOException(attached.output());
        }
        return attached.output().trim();
    }

    /** Fails unless all is in order in it; it must not be mounted. */
    public static void check(Path file) {
        Tool.run("e2fsck", "-fn", file.toString()).expectSuccess();
    }

    @Override
    public void close() {
        Tool.Result unmounted = Tool.run("umount", mountPoint.toString());
        if (unmounted.exit() != 0) {
            Tool.run("umount", "-l", mountPoint.toString());
        }
        Tool.run("losetup", "-d", device);
        unmounted.expectSuccess();
    }
}
