package io.sluice.manager.foreign;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

/** Tells how large storage is that other targets have used. */
@FunctionalInterface
public interface StorageSizes {

    /** Asks the machine. A pipe, which would let whoever opens it wait, is no storage. */
    StorageSizes MACHINE = StorageSizes::ask;

    /** Returns the bytes of a file or block device; nothing if there is none that can be read. */
    OptionalLong of(String path);

    private static OptionalLong ask(String text) {
        try {
            Path path = Path.of(text);
            boolean device = Files.exists(path) && ((int) Files.getAttribute(path, "unix:mode") & 0xF000) == 0x6000;
            if (!Files.isRegularFile(path) && !device) {
                return OptionalLong.empty();
            }
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                return OptionalLong.of(channel.size());
            }
        } catch (IOException | InvalidPathException unreadable) {
            return OptionalLong.empty();
        }
    }
}
