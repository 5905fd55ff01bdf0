package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What is made takes its time, and nobody else's file is taken for it meanwhile. */
public class NewFileTest {

    private static final byte[] OTHERS = {1, 2, 3};

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final NewFile files = new NewFile(new Folders());
    private final BackstoreConfig config =
            BackstoreConfig.builder("disk", "file").sizeBytes(1 << 20).build();
    private Path path;

    @Before
    public void choosePath() {
        path = folder.getRoot().toPath().resolve("disk.img");
    }

    private String notMade(NewFile.Making making) {
        return assertThrows(ConfigException.class, () -> files.make(path, making))
                .getMessage();
    }

    @Test
    public void nobodyElseMakesOrTakesWhatIsBeingMade() throws Exception {
        String refusal = path + " is being made or removed: wait until that is over, or name another file";
        BackstoreConfig complete = files.make(path, () -> {
            assertEquals(refusal, notMade(() -> config));
            Files.createFile(path);
            assertEquals(
                    refusal,
                    assertThrows(ConfigException.class, () -> files.occupy(path))
                            .getMessage());
            return config;
        });
        assertSame(config, complete);
        files.remove(path);
        assertFalse(Files.exists(path));
        files.make(config, path, Watch.NONE);
        assertEquals(1 << 20, Files.size(path));
    }

    @Test
    public void aPathIsFreeAgainWhateverBecomesOfIt() throws Exception {
        for (Exception failure : new Exception[] {new IOException("no"), new ConfigException("no")}) {
            notMade(() -> {
                if (failure instanceof IOException io) {
                    throw io;
                }
                throw (ConfigException) failure;
            });
            files.occupy(path);
            files.leave(path);
        }
    }

    /** The file of another process, or of the bundle that has taken the place of this one. */
    @Test
    public void whatComesMeanwhileIsLeftAlone() throws Exception {
        // A backstore that was made here before, and whose file was taken away.
        files.make(config, path, Watch.NONE);
        Files.delete(path);
        String why = notMade(() -> {
            Files.write(path, OTHERS);
            throw new FileAlreadyExistsException(path.toString());
        });
        assertEquals(path + " cannot be made: there is something of that name", why);
        assertArrayEquals(OTHERS, Files.readAllBytes(path));
    }

    @Test
    public void whatFailsAfterItHasItsNameIsRemoved() throws Exception {
        NewFile failing = new NewFile(new Folders(changed -> {
            if (Files.exists(path)) {
                throw new IOException("no sync");
            }
        }));
        ConfigException refused = assertThrows(ConfigException.class, () -> failing.make(config, path, Watch.NONE));
        assertEquals(path + " cannot be made: no sync", refused.getMessage());
        assertFalse(Files.exists(path));
    }

    @Test
    public void whatIsNotTheFileThatWasMadeIsNotRemoved() throws Exception {
        files.make(config, path, Watch.NONE);
        Path other = Files.write(folder.getRoot().toPath().resolve("other"), OTHERS);
        Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
        files.remove(path);
        assertArrayEquals(OTHERS, Files.readAllBytes(path));
    }

    @Test
    public void whatSomebodyTakesOverAtTheMomentIsHis() throws Exception {
        files.make(config, path, Watch.NONE);
        files.occupy(path);
        files.remove(path);
        assertTrue(Files.exists(path));
        files.isNotNew(path);
        files.leave(path);
        files.remove(path);
        assertTrue(Files.exists(path));
    }

    /** Half of a copy has no name, so the path looks free all the while. */
    @Test
    public void aSlowCopyDoesNotTakeTheFileThatCameFirst() throws Exception {
        try (NativeFile nameless = NativeFile.openNameless(path.getParent())) {
            CompletableFuture<Void> begun = new CompletableFuture<>();
            CompletableFuture<Void> goesOn = new CompletableFuture<>();
            CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> notMade(() -> {
                begun.complete(null);
                goesOn.join();
                nameless.name(path);
                return config;
            }));
            begun.get(30, TimeUnit.SECONDS);
            Files.write(path, OTHERS, StandardOpenOption.CREATE_NEW);
            goesOn.complete(null);
            assertEquals(path + " cannot be made: there is something of that name", slow.get(30, TimeUnit.SECONDS));
        }
        assertArrayEquals(OTHERS, Files.readAllBytes(path));
    }
}
