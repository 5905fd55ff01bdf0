package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What files and devices may be used, and which ones a configuration means when it has moved. */
public class StorageRulesTest {

    private static final int SIZE = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private final TestContext context = new TestContext("disk0");
    private Path base;
    private Path volumes;
    private Path other;

    @Before
    public void makeFolders() throws IOException {
        base = folder.getRoot().toPath().toRealPath();
        volumes = Files.createDirectory(base.resolve("volumes"));
        other = Files.createDirectory(base.resolve("other"));
        System.setProperty("sluice.volumes", volumes.toString());
    }

    @After
    public void end() {
        System.clearProperty("sluice.volumes");
        context.close();
    }

    private static BackstoreConfig config(Object path) {
        return BackstoreConfig.builder("disk0", "file")
                .sizeBytes(SIZE)
                .options(Map.of("path", path.toString()))
                .build();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private String create(Object path) throws Exception {
        return await(provider.create(config(path), context)).options().get("path");
    }

    private void assertOpens(Object path) throws Exception {
        Backstore store = await(provider.open(config(path), context));
        await(store.close());
    }

    private void assertRefused(String reason, Object path) {
        ConfigException refused = assertThrows(ConfigException.class, () -> create(path));
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
        assertTrue(
                refused.getMessage(),
                refused.getMessage()
                        .endsWith(Path.of("etc", "io.sluice.backstore.file.cfg").toString()));
        assertNotOpened(reason, path);
    }

    private void assertNotOpened(String reason, Object path) {
        BackstoreException refused = assertThrows(BackstoreException.class, () -> assertOpens(path));
        assertEquals(Fault.NOT_READY, refused.fault());
        assertTrue(refused.getMessage(), refused.getMessage().contains(reason));
    }

    private static Path file(Path path) throws IOException {
        return Files.write(path, new byte[SIZE]);
    }

    @Test
    public void aRelativePathStaysRelative() throws Exception {
        assertEquals("disk.img", create("disk.img"));
        assertTrue(Files.exists(volumes.resolve("disk.img")));
        assertOpens("disk.img");
    }

    @Test
    public void anAbsolutePathInVolumesIsKeptAsARelativeOneAndOpensAsBefore() throws Exception {
        assertEquals("disk.img", create(volumes.resolve("disk.img")));
        assertOpens(volumes.resolve("disk.img"));
    }

    @Test
    public void aCopyElsewhereMeansItsOwnFiles() throws Exception {
        create("disk.img");
        Path copy = Files.createDirectories(base.resolve("copy/volumes"));
        Files.copy(volumes.resolve("disk.img"), copy.resolve("disk.img"));
        System.setProperty("sluice.volumes", copy.toString());
        Files.delete(volumes.resolve("disk.img"));
        assertOpens("disk.img");
    }

    @Test
    public void aCopyDoesNotOpenADiskOfTheOriginal() throws Exception {
        Path disk = file(volumes.resolve("disk.img"));
        System.setProperty(
                "sluice.volumes",
                Files.createDirectories(base.resolve("copy/volumes")).toString());
        assertNotOpened("is outside of the folders for disks", disk);
    }

    @Test
    public void whatIsElsewhereNeedsARoot() throws Exception {
        Path disk = file(other.resolve("disk.img"));
        assertRefused(disk + " is outside of the folders for disks (" + volumes + "): put it there", disk);
        provider.allow(" , " + other + " ", "");
        assertOpens(disk);
        await(provider.create(config(disk), context));
        assertEquals(other.resolve("new.img").toString(), create(other.resolve("new.img")));
        provider.allow("", "");
        assertNotOpened("is outside of", disk);
    }

    @Test
    public void filesOfTheSystemAreNotDisks() {
        assertRefused("/etc/passwd is outside of the folders for disks", "/etc/passwd");
    }

    @Test
    public void dotsLeadNowhereElse() throws Exception {
        file(other.resolve("disk.img"));
        assertRefused("is outside of the folders for disks", "../other/disk.img");
        assertRefused("is outside of the folders for disks", volumes + "/../other/disk.img");
        assertRefused("is outside of the folders for disks", base.resolve("volumes2/disk.img"));
    }

    @Test
    public void linksLeadNowhereElse() throws Exception {
        Path disk = file(other.resolve("disk.img"));
        Files.createSymbolicLink(volumes.resolve("link.img"), disk);
        Files.createSymbolicLink(volumes.resolve("folder"), other);
        assertRefused("which leads to " + disk, "link.img");
        assertRefused("is outside of the folders for disks", "folder/disk.img");
        assertRefused("is outside of the folders for disks", "folder/new.img");
        assertFalse(Files.exists(other.resolve("new.img")));
        provider.allow(other.toString(), "");
        assertOpens("link.img");
    }

    @Test
    public void aVolumesFolderThatIsALink() throws Exception {
        Path link = Files.createSymbolicLink(base.resolve("link"), volumes);
        System.setProperty("sluice.volumes", link.toString());
        assertEquals("disk.img", create("disk.img"));
        assertEquals("other.img", create(link.resolve("other.img")));
        assertOpens(volumes.resolve("disk.img"));
    }

    @Test
    public void aDeviceNeedsAPatternAndNoRootStandsInForIt() throws Exception {
        Path device;
        try (Stream<Path> nodes = Files.list(Path.of("/dev"))) {
            device = nodes.filter(StorageRulesTest::isBlockDevice).findFirst().orElse(null);
        }
        if (device == null) {
            System.out.println("no block device in /dev: what is said of one is not tried");
            return;
        }
        Path link = Files.createSymbolicLink(volumes.resolve("link.img"), device);
        StorageRules strict = new StorageRules("/dev", "/dev/nosuch*");
        ConfigException refused = assertThrows(ConfigException.class, () -> strict.require(device));
        assertTrue(refused.getMessage(), refused.getMessage().contains("add it to devices in etc/"));
        assertThrows(ConfigException.class, () -> strict.require(link));
        assertEquals(device.toRealPath(), new StorageRules("", "/dev/nosuch*, /dev/*").require(device));
    }

    private static boolean isBlockDevice(Path path) {
        try {
            return StoragePath.isBlockDevice(path);
        } catch (IOException gone) {
            return false;
        }
    }

    @Test
    public void aRootThatSaysNothingAllowsNothing() throws Exception {
        Path disk = file(other.resolve("disk.img"));
        provider.allow("other, \0", "[, relative/*");
        assertRefused("is outside of the folders for disks", disk);
    }

    @Test
    public void whatIsMadeInVainIsRemovedThoughItsPathIsRelative() throws Exception {
        BackstoreConfig made = await(provider.create(config("disk.img"), context));
        await(provider.undoCreate(made, context));
        assertFalse(Files.exists(volumes.resolve("disk.img")));
    }

    @Test
    public void aFileThatIsPutInThePlaceOfAnotherIsNotOpened() throws Exception {
        Path disk = file(volumes.resolve("disk.img"));
        Path evil = file(other.resolve("evil.img"));
        Object checked = StoragePath.identity(disk);
        Files.delete(disk);
        Files.createSymbolicLink(disk, evil);
        IOException refused = assertThrows(IOException.class, () -> new FilesInUse().open(disk, config(disk), checked));
        assertTrue(refused.getMessage(), refused.getMessage().contains("put in the place of another"));
    }
}
