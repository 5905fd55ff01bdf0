package io.sluice.backstore.file;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that wants a file: locks belong to processes, so only one of its own can see them. */
final class LockHolder {

    private LockHolder() {}

    /** Says whether it got the lock, and holds it until its input ends. */
    public static void main(String[] arguments) throws Exception {
        try (FileChannel channel =
                        FileChannel.open(Path.of(arguments[0]), StandardOpenOption.READ, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            System.out.println(lock == null ? "refused" : "locked");
            while (System.in.read() >= 0) {
                // Only the end matters.
            }
        }
    }

    static Process start(Path path) throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        return new ProcessBuilder(java, "-cp", "target/test-classes", LockHolder.class.getName(), path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }
}
