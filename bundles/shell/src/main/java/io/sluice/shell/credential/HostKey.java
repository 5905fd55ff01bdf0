package io.sluice.shell.credential;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The key by which clients know the host of the console. Karaf makes it, and leaves it to chance when it comes to the disk. */
public final class HostKey {

    private HostKey() {}

    /**
     * Puts the key on stable storage, as far as it is there: a file that is empty after a power loss would keep everybody out.
     *
     * @param etc folder that has {@code host.key}
     * @throws IOException if that fails
     */
    public static void settle(Path etc) throws IOException {
        for (String name : new String[] {"host.key", "host.key.pub"}) {
            Path file = etc.resolve(name);
            if (Files.exists(file)) {
                force(file);
            }
        }
        force(etc);
    }

    /** Puts the bytes of a file, or the names in a folder, on stable storage. */
    static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
