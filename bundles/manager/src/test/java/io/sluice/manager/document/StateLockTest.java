package io.sluice.manager.document;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class StateLockTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path state;
    private StateLock first;
    private StateLock second;

    @Before
    public void name() {
        state = folder.getRoot().toPath().resolve("of/state");
        first = new StateLock(state);
        second = new StateLock(state);
    }

    @After
    public void close() {
        first.close();
        second.close();
    }

    @Test
    public void oneHasTheFolderUntilItIsClosed() throws Exception {
        first.take();
        first.take();
        ConfigException refused = assertThrows(ConfigException.class, second::take);
        assertEquals(
                "another gateway uses " + state
                        + ": give this one a folder of its own by SLUICE_STATE, or stop the other, then restart",
                refused.getMessage());
        second.close();
        assertTrue("a refusal takes nothing from the first", isLocked());
        first.close();
        second.take();
        assertThrows(ConfigException.class, first::take);
    }

    /** As other processes see it. */
    private boolean isLocked() throws IOException {
        String inode = ":" + Files.getAttribute(state.resolve(".lock"), "unix:ino") + " ";
        return Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(line -> line.contains(inode));
    }

    @Test
    public void aLinkLeadsToTheSameFolder() throws Exception {
        Path link = folder.getRoot().toPath().resolve("link");
        Files.createSymbolicLink(link, state);
        first.take();
        try (StateLock other = new StateLock(link)) {
            assertThrows(ConfigException.class, other::take);
        }
    }

    @Test
    public void theLockIsOneOfTheSystem() throws Exception {
        first.take();
        try (FileChannel file = FileChannel.open(state.resolve(".lock"), StandardOpenOption.WRITE)) {
            assertThrows(OverlappingFileLockException.class, file::tryLock);
        }
        first.close();
        try (FileChannel file = FileChannel.open(state.resolve(".lock"), StandardOpenOption.WRITE)) {
            file.lock();
            assertThrows("who holds it otherwise counts too", ConfigException.class, second::take);
        }
    }

    /** Its threads that wait for a disk keep what it has open. */
    @Test
    public void aProcessThatHasEndedButForWhatTheKernelKeepsDoesNotCount() throws Exception {
        first.take();
        first.close();
        Path lock = state.resolve(".lock");
        assertEquals(StateLock.process(ProcessHandle.current().pid()).text(), Files.readString(lock));
        Process parent = new ProcessBuilder("sh", "-c", "true & exec sleep 1000").start();
        try (FileChannel file = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            file.lock();
            Files.writeString(lock, StateLock.process(parent.pid()).text());
            assertThrows(ConfigException.class, first::take);
            Files.writeString(lock, zombie(parent.pid()) + " 1");
            assertThrows("another one of that identifier", ConfigException.class, first::take);
            Files.writeString(lock, StateLock.process(zombie(parent.pid())).text());
            first.take();
            assertThrows(ConfigException.class, second::take);
        } finally {
            parent.destroyForcibly();
        }
    }

    /** Returns the child that has ended, and that nobody asks for. */
    private static long zombie(long parent) throws IOException {
        Path children = Path.of("/proc", Long.toString(parent), "task", Long.toString(parent), "children");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            String child = Files.readString(children).trim();
            if (!child.isEmpty()
                    && Files.readString(Path.of("/proc", child, "stat")).contains(") Z ")) {
                return Long.parseLong(child);
            }
            assertTrue("there is no zombie", System.nanoTime() < deadline);
        }
    }

    @Test
    public void whereNothingCanBeWrittenItIsUsedWithout() throws Exception {
        Path file = folder.newFile().toPath();
        try (StateLock lock = new StateLock(file.resolve("state"))) {
            lock.take();
        }
        assertTrue(Files.isRegularFile(file));
    }
}
