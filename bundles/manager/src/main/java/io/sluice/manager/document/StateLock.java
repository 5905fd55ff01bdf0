package io.sluice.manager.document;

import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the folder of states for one gateway, which holds a lock of {@code .lock} in it: two would undo what the other one has
 * written, and its atomic writes. The lock ends with the process, and the file stays. Thread-safe.
 */
public final class StateLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);

    /** Before the path of a file that is held, in the properties of the process: bundles of this process share them. */
    private static final String HELD = "io.sluice.state.held:";

    /** Numbers of fields in {@code /proc/PID/stat}: when the process was started, and the first that is behind its name. */
    private static final int START_TIME = 22;

    private static final int FIRST_FIELD = 3;

    private final Path folder;

    /** Where the lock is, and what holds it; null if it is not held. Guarded by this. */
    private Path held;

    private FileLock lock;

    /** @param folder made when it is needed */
    public StateLock(Path folder) {
        this.folder = folder.toAbsolutePath();
    }

    /**
     * Takes the folder, unless this gateway has it already. Where it can have no lock, because it cannot be written or its file system
     * has none, that is logged, and it is used without.
     *
     * @throws ConfigException if another gateway has it
     */
    public synchronized void take() throws ConfigException {
        if (held != null) {
            return;
        }
        try {
            new AtomicFiles(FileCalls.MACHINE).settle(folder);
            take(folder.toRealPath().resolve(".lock"));
        } catch (IOException failed) {
            LOG.warn("nobody can see that {} is in use: it cannot be locked: {}", folder, failed.toString());
        }
    }

    /** A file that is closed takes the locks of all others of the process with it: it is opened if none of them has it. */
    private void take(Path file) throws IOException, ConfigException {
        if (System.getProperties().putIfAbsent(HELD + file, "") != null) {
            throw inUse();
        }
        try {
            lock = lock(file);
            if (lock == null) {
                throw inUse();
            }
            held = file;
        } finally {
            if (held == null) {
                System.clearProperty(HELD + file);
            }
        }
        FileChannel channel = (FileChannel) lock.acquiredBy();
        channel.truncate(0);
        channel.write(
                ByteBuffer.wrap(process(ProcessHandle.current().pid()).text().getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns null if another has it. */
    private static FileLock lock(Path file) throws IOException {
        FileLock locked = tryLock(file);
        return locked == null && isLeft(file) ? tryLock(file) : locked;
    }

    /**
     * Puts the file of a process aside that was killed while a thread of it waits for a disk: the kernel keeps that, with its locks,
     * for as long as the disk takes, and it does nothing any more.
     */
    private static boolean isLeft(Path file) throws IOException {
        String holder = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (!hasEnded(holder)) {
            return false;
        }
        // Another one that does the same may have been quicker, and has a new file there.
        Path aside = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        if (!Files.readString(aside, StandardCharsets.ISO_8859_1).equals(holder)) {
            Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
            return false;
        }
        Files.delete(aside);
        LOG.warn(
                "{} was held by a process that has ended but for a thread that waits for a disk: it is made anew",
                file);
        return true;
    }

    private static boolean hasEnded(String holder) throws IOException {
        String pid = holder.substring(0, Math.max(0, holder.indexOf(' ')));
        if (!pid.matches("[0-9]{1,10}") || !Files.exists(Path.of("/proc", pid, "stat"))) {
            return false;
        }
        Process found = process(Long.parseLong(pid));
        return found.text().equals(holder) && found.state().equals("Z");
    }

    /**
     * A process of this machine (proc(5)).
     *
     * @param text its identifier, and when it was started, which tells it from others of that identifier, elsewhere too
     * @param state {@code Z} for a zombie
     */
    record Process(String text, String state) {}

    static Process process(long pid) throws IOException {
        String text = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return new Process(pid + " " + fields[START_TIME - FIRST_FIELD], fields[0]);
    }

    private static FileLock tryLock(Path file) throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock locked = null;
        try {
            locked = opened.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            LOG.debug("{} is held by somebody else of this process", file, ofThisProcess);
        } finally {
            if (locked == null) {
                opened.close();
            }
        }
        return locked;
    }

    private ConfigException inUse() {
        return new ConfigException("another gateway uses " + folder
                + ": give this one a folder of its own by SLUICE_STATE, or stop the other, then restart");
    }

    /** Lets another gateway have it. */
    @Override
    public synchronized void close() {
        if (held == null) {
            return;
        }
        try {
            lock.acquiredBy().close();
        } catch (IOException failed) {
            LOG.warn("the lock of {} is not closed well: {}", folder, failed.toString());
        }
        System.clearProperty(HELD + held);
        held = null;
        lock = null;
    }
}
