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
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the folder of states for one gateway, which holds a lock of {@code .lock} in it: two would undo what the other one has
 * written, and its atomic writes. The lock ends with the process, and the file stays. Thread-safe.
 */
public final class StateLock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StateLock.class);

    /** What gateways of this process hold: a file that is closed takes the locks of all others of the process with it. */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path folder;

    /** Where the lock is, and what holds it; null if it is not held. Guarded by {@link #HELD}. */
    private Path held;

    private FileChannel channel;

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
    public void take() throws ConfigException {
        synchronized (HELD) {
            if (held != null) {
                return;
            }
            try {
                new AtomicFiles(FileCalls.MACHINE).settle(folder);
                lock(folder.toRealPath().resolve(".lock"));
            } catch (IOException failed) {
                LOG.warn("nobody can see that {} is in use: it cannot be locked: {}", folder, failed.toString());
            }
        }
    }

    private void lock(Path file) throws IOException, ConfigException {
        if (HELD.contains(file)) {
            throw inUse();
        }
        FileChannel opened = tryLock(file);
        if (opened == null && hasEnded(holder(file))) {
            LOG.warn(
                    "{} is still held by a process that has ended but for what the kernel keeps of it for a disk that does not"
                            + " answer: it is made anew",
                    file);
            Files.delete(file);
            opened = tryLock(file);
        }
        if (opened == null) {
            throw inUse();
        }
        held = file;
        channel = opened;
        HELD.add(file);
        opened.truncate(0);
        opened.write(
                ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns what holds the lock, or null if another has it. */
    private static FileChannel tryLock(Path file) throws IOException {
        FileChannel opened = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = opened.tryLock();
        } catch (OverlappingFileLockException ofThisProcess) {
            LOG.debug("{} is held by another bundle", file, ofThisProcess);
        } finally {
            if (lock == null) {
                opened.close();
            }
        }
        return lock == null ? null : opened;
    }

    private static String holder(Path file) throws IOException {
        String pid = Files.readString(file, StandardCharsets.ISO_8859_1);
        return pid.matches("[0-9]{1,10}") ? pid : "none";
    }

    /**
     * A process that was killed while a thread of it waits for a disk is there, with its locks, for as long as that takes, and does
     * nothing any more: its first thread is a zombie.
     */
    private static boolean hasEnded(String pid) throws IOException {
        Path state = Path.of("/proc", pid, "stat");
        if (!Files.exists(state)) {
            return false;
        }
        String text = Files.readString(state, StandardCharsets.ISO_8859_1);
        return text.startsWith(" Z", text.lastIndexOf(')') + 1);
    }

    private ConfigException inUse() {
        return new ConfigException("another gateway uses " + folder
                + ": give this one a folder of its own by SLUICE_STATE, or stop the other, then restart");
    }

    /** Lets another gateway have it. */
    @Override
    public void close() {
        synchronized (HELD) {
            if (held == null) {
                return;
            }
            HELD.remove(held);
            held = null;
            try {
                channel.close();
            } catch (IOException failed) {
                LOG.warn("the lock of {} is not closed well: {}", folder, failed.toString());
            }
        }
    }
}
