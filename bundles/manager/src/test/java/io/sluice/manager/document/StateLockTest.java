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

    @Test
    public void whereNothingCanBeWrittenItIsUsedWithout() throws Exception {
        Path file = folder.newFile().toPath();
        try (StateLock lock = new StateLock(file.resolve("state"))) {
            lock.take();
        }
        assertTrue(Files.isRegularFile(file));
    }
}
