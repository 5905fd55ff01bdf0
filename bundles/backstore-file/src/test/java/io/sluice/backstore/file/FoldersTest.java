package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FoldersTest {

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final List<Path> synced = new ArrayList<>();
    private final NewFile newFiles = new NewFile(new Folders(synced::add));
    private Path root;

    @Before
    public void chooseFolder() {
        root = folder.getRoot().toPath();
        System.setProperty("sluice.volumes", root.resolve("a/b/volumes").toString());
    }

    @After
    public void forgetFolder() {
        System.clearProperty("sluice.volumes");
    }

    private static BackstoreConfig config(Path path, long size) {
        return BackstoreConfig.builder("disk0", "file")
                .sizeBytes(size)
                .options(Map.of("path", path.toString()))
                .build();
    }

    @Test
    public void everyFolderThatIsMadeIsStableBeforeTheFileIs() throws Exception {
        Path volumes = root.resolve("a/b/volumes");
        newFiles.make(config(volumes.resolve("disk.img"), 4096), volumes.resolve("disk.img"), Watch.NONE);
        assertEquals(List.of(root, root.resolve("a"), root.resolve("a/b"), volumes), synced);
    }

    @Test
    public void whatIsThereIsNotMadeAgain() throws Exception {
        new Folders(synced::add).make(root);
        assertEquals(List.of(), synced);
        Path file = Files.createFile(root.resolve("a"));
        assertThrows(IOException.class, () -> new Folders(synced::add).make(file.resolve("b")));
    }

    @Test
    public void aFileThatWasThereGetsAStableNameToo() {
        newFiles.isNotNew(root.resolve("disk.img"));
        assertEquals(List.of(root), synced);
    }

    @Test
    public void aFileWhoseNameIsNotStableIsNotMade() throws Exception {
        Path disk = root.resolve("disk.img");
        NewFile broken = new NewFile(new Folders(path -> {
            throw new IOException("Input/output error");
        }));
        ConfigException refused =
                assertThrows(ConfigException.class, () -> broken.make(config(disk, 4096), disk, Watch.NONE));
        assertEquals(disk + " cannot be made: Input/output error", refused.getMessage());
        assertTrue("it is not left behind", Files.notExists(disk));
    }
}
