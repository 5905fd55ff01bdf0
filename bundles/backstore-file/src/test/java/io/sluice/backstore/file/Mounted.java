package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system of a kind of its own, in a file; only where this process may mount one. */
final class Mounted implements AutoCloseable {

    private final Path place;

    /**
     * Makes and mounts it; a test that cannot have it says why, and is skipped.
     *
     * @param make the command that makes the file system, but for the file
     */
    Mounted(Path folder, long bytes, String... make) throws IOException, InterruptedException {
        Path image = folder.resolve("filesystem");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(bytes);
        }
        place = Files.createDirectory(folder.resolve("mounted"));
        List<String> command = new ArrayList<>(List.of(make));
        command.add(image.toString());
        run(command.toArray(String[]::new));
        String said = run("mount", "-o", "loop", image.toString(), place.toString());
        assumeTrue("nothing can be mounted: " + said, said.isEmpty());
    }

    /** Returns what a command says, or why it cannot be run. */
    static String run(String... command) throws InterruptedException {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().merge("PATH", "/usr/sbin:/sbin", (path, more) -> path + ":" + more);
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes()).trim();
            assertTrue(said, process.waitFor(30, TimeUnit.SECONDS));
            return said;
        } catch (IOException absent) {
            return absent.getMessage();
        }
    }

    Path place() {
        return place;
    }

    @Override
    public void close() {
        try {
            assertEquals("", run("umount", place.toString()));
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
