package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileBackstoreProviderTest {

    private static final long SIZE = 1 << 20;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private final TestContext context = new TestContext("disk0");
    private Path path;

    @Before
    public void choosePath() {
        path = folder.getRoot().toPath().resolve("disk.img");
        System.setProperty("sluice.volumes", folder.getRoot().toString());
    }

    private static BackstoreConfig config(String name, long size, boolean readOnly, Map<String, String> options) {
        return BackstoreConfig.builder(name, "file")
                .sizeBytes(size)
                .thin(true)
                .physicalBlockSize(4096)
                .readOnly(readOnly)
                .options(options)
                .build();
    }

    private static BackstoreConfig config(Path path, long size) {
        return config("disk0", size, false, Map.of("path", path.toString()));
    }

    @After
    public void endThreads() {
        System.clearProperty("sluice.volumes");
        context.close();
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private BackstoreConfig create(BackstoreConfig config) throws Exception {
        return await(provider.create(config, context));
    }

    private Backstore open(BackstoreConfig config) throws Exception {
        return await(provider.open(config, context));
    }

    private static long allocated(Backstore store) throws Exception {
        return await(store.ability(AllocatedSpace.class).allocatedBytes());
    }

    private void assertRefused(String message, BackstoreConfig config) {
        ConfigException refused = assertThrows(ConfigException.class, () -> create(config));
        assertEquals(message, refused.getMessage());
    }

    private void assertNotOpened(String message, BackstoreConfig config) {
        BackstoreException refused = assertThrows(BackstoreException.class, () -> open(config));
        assertEquals(message, refused.getMessage());
        assertEquals(Fault.NOT_READY, refused.fault());
    }

    @Test
    public void newFileIsSparseAndTheOwnersAlone() throws Exception {
        BackstoreConfig created = create(config(path, 64 << 20));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
        assertEquals(64 << 20, Files.size(path));
        Backstore store = open(created);
        assertTrue(allocated(store) < 1 << 20);
        await(store.close());
    }

    @Test
    public void preallocatedFileHasItsSpace() throws Exception {
        BackstoreConfig asked = config("disk0", SIZE, false, Map.of("path", path.toString(), "preallocate", "true"));
        Backstore store = open(create(asked));
        assertTrue(allocated(store) >= SIZE);
        await(store.close());
    }

    @Test
    public void preallocateIsTrueOrFalse() {
        assertRefused(
                "option preallocate is true or false, not 'yes'",
                config("disk0", SIZE, false, Map.of("path", path.toString(), "preallocate", "yes")));
        assertFalse(Files.exists(path));
    }

    @Test
    public void moreThanTheFileSystemHas() {
        assertThrows(
                ConfigException.class,
                () -> create(config("disk0", 1L << 52, false, Map.of("path", path.toString(), "preallocate", "true"))));
        assertFalse("nothing is left behind", Files.exists(path));
    }

    @Test
    public void badPaths() throws Exception {
        assertRefused("a file backstore needs a path: add --path FILE", config("d", SIZE, false, Map.of()));
        assertRefused(
                "'a\0b' is not a path: Nul character not allowed", config("d", SIZE, false, Map.of("path", "a\0b")));
        assertRefused(
                folder.getRoot() + " is a directory: name a file in it",
                config(folder.getRoot().toPath(), SIZE));
        assertRefused(
                "folder " + path + "/x does not exist: make it first",
                config(path.resolve("x").resolve("y"), SIZE));
        provider.allow("/dev", "");
        assertRefused(
                "/dev/null is neither a regular file nor a block device: name one", config(Path.of("/dev/null"), 0));
        Files.createSymbolicLink(path, Path.of("nowhere"));
        assertRefused(path + " cannot be made: there is something of that name", config(path, SIZE));
        assertTrue("what was there stays", Files.isSymbolicLink(path));
    }

    @Test
    public void existingFileIsTakenOver() throws Exception {
        Files.write(path, new byte[1234]);
        BackstoreConfig created = create(config(path, 0));
        assertEquals("whole blocks only", 1024, created.sizeBytes());
        await(provider.undoCreate(created, context));
        assertEquals("it was there before and stays", 1234, Files.size(path));
    }

    @Test
    public void existingFileOfAnotherSize() throws Exception {
        Files.write(path, new byte[1024]);
        assertRefused(
                path + " exists and has 1024 bytes, not 2048: leave the size out to use it as it is, or name a file"
                        + " that is not there",
                config(path, 2048));
        assertEquals(1024, Files.size(path));
    }

    @Test
    public void existingFileWithoutABlock() throws Exception {
        Files.write(path, new byte[511]);
        assertRefused(path + " has 511 bytes, less than one block: name a larger file, or remove it", config(path, 0));
    }

    @Test
    public void missingFile() {
        assertRefused(path + " does not exist: add --size, such as --size 10G, to make it", config(path, 0));
        assertRefused(
                path + " does not exist: a read-only backstore needs a file with data",
                config("d", SIZE, true, Map.of("path", path.toString())));
        assertNotOpened(path + " cannot be opened: it does not exist", config(path, SIZE));
    }

    @Test
    public void openRefusesWhatDoesNotFit() throws Exception {
        Files.write(path, new byte[1024]);
        assertNotOpened(
                path + " cannot be opened: it has 1024 bytes, fewer than the 2048 of its configuration",
                config(path, 2048));
        assertNotOpened(
                folder.getRoot() + " cannot be opened: it is neither a regular file nor a block device",
                config(folder.getRoot().toPath(), 2048));
        assertNotOpened("a file backstore needs a path: add --path FILE", config("d", 1024, false, Map.of()));
        Backstore store = open(config(path, 1024));
        assertNotNull("a refusal leaves the file free", store);
        await(store.close());
    }

    @Test
    public void oneFileForOneBackstore() throws Exception {
        BackstoreConfig first = create(config(path, SIZE));
        Path link = folder.getRoot().toPath().resolve("link.img");
        Files.createLink(link, path);
        Backstore store = open(first);
        BackstoreConfig second = config("disk1", 0, false, Map.of("path", link.toString()));
        assertRefused(link + " is in use by backstore disk0: name another file", second);
        assertNotOpened(
                link + " cannot be opened: backstore disk0 uses it",
                config("disk1", SIZE, false, Map.of("path", link.toString())));
        assertTrue("refusing the second has not dropped the lock of the first", lockedForOthers());
        await(store.close());
        assertFalse(lockedForOthers());
        assertEquals(SIZE, create(second).sizeBytes());
    }

    @Test
    public void fileThatAnotherProcessUses() throws Exception {
        BackstoreConfig created = create(config(path, SIZE));
        Process holder = LockHolder.start(path);
        assertEquals("locked", holder.inputReader().readLine());
        assertNotOpened(path + " cannot be opened: another process uses it", created);
        holder.outputWriter().close();
        assertTrue(holder.waitFor(30, TimeUnit.SECONDS));
        await(open(created).close());
    }

    private boolean lockedForOthers() throws Exception {
        Process other = LockHolder.start(path);
        String answer = other.inputReader().readLine();
        other.outputWriter().close();
        assertTrue(other.waitFor(30, TimeUnit.SECONDS));
        return answer.equals("refused");
    }

    @Test
    public void readOnlyStoresTellTheirAllocation() throws Exception {
        create(config(path, SIZE));
        Backstore store = open(config("d", SIZE, true, Map.of("path", path.toString())));

        assertTrue(allocated(store) < SIZE);
        await(store.close());
    }

    @Test
    public void unmapGivesBackBlocksOfTheFileSystem() throws Exception {
        Backstore store = open(create(config(path, SIZE)));
        assertEquals(Files.getFileStore(path).getBlockSize(), store.limits().unmapGranularityBytes());
        await(store.close());
    }

    @Test
    public void aFileThatCannotBePunchedDoesNotOfferItWhenOpenedNext() throws Exception {
        FilesInUse files = new FilesInUse();
        BackstoreConfig created = create(config(path, SIZE));
        OpenFile first = files.open(path, created);
        assertTrue(first.traits().punches());
        first.doesNotPunch().run();
        first.close();
        OpenFile second = files.open(path, created);
        assertFalse(second.traits().punches());
        second.close();
    }

    /** Loads the backend from its class path less JNA: it works, and frees nothing. */
    @Test
    public void worksWithoutJna() throws Exception {
        try (URLClassLoader withoutJna = new WithoutJna()) {
            BackstoreProvider isolated = (BackstoreProvider) withoutJna
                    .loadClass(FileBackstoreProvider.class.getName())
                    .getConstructor()
                    .newInstance();
            Map<String, String> options = new HashMap<>(Map.of("path", path.toString(), "preallocate", "true"));
            Backstore store =
                    await(isolated.open(await(isolated.create(config("d", SIZE, false, options), context)), context));
            assertNull(store.ability(AllocatedSpace.class));
            assertNull("what it cannot give back it does not offer to", store.ability(Unmap.class));
            ByteBuffer[] data = {ByteBuffer.wrap(new byte[512]).put(0, (byte) 1)};
            await(store.write(5, data, Durability.CACHED));
            await(store.ability(WriteZeroes.class).writeZeroes(5, 1, Durability.CACHED));
            ByteBuffer seen = ByteBuffer.allocate(512);
            await(store.read(5, seen));
            assertArrayEquals(new byte[512], seen.array());
            await(store.close());
        }
    }

    /** Defines the classes of the backend itself and finds all others but JNA where the test does. */
    private static final class WithoutJna extends URLClassLoader {

        WithoutJna() throws IOException {
            super(urls(), FileBackstoreProviderTest.class.getClassLoader());
        }

        private static URL[] urls() throws IOException {
            return new URL[] {new File("target/classes/").toURI().toURL()};
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.sun.jna.")) {
                throw new ClassNotFoundException(name);
            }
            if (name.startsWith("io.sluice.backstore.file.")) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? findClass(name) : loaded;
            }
            return super.loadClass(name, resolve);
        }
    }
}
