package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A real block device over a file; only where this process may have one. */
public class LoopDeviceTest {

    private static final int BLOCK = 512;
    private static final long MIB = 1 << 20;
    private static final long SIZE = 16 * MIB;
    private static final int CLEARED = 1024;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private final TestContext context = new TestContext("disk0");
    private Path below;
    private Path device;

    @Before
    public void makeDevice() throws Exception {
        below = folder.getRoot().toPath().resolve("below.img");
        fill(0, SIZE);
        String made = run("losetup", "--find", "--show", below.toString());
        assumeTrue("no loop device can be had: " + made, made.startsWith("/dev/loop"));
        device = Path.of(made);
        provider.allow("", device.toString());
    }

    @After
    public void removeDevice() throws Exception {
        context.close();
        if (device != null) {
            assertEquals("", run("losetup", "--detach", device.toString()));
        }
    }

    /** Returns what a command says, or why it cannot be run. */
    private static String run(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes()).trim();
            assertTrue(said, process.waitFor(30, TimeUnit.SECONDS));
            return said;
        } catch (IOException absent) {
            return absent.getMessage();
        }
    }

    private void fill(long from, long to) throws IOException {
        byte[] data = new byte[(int) (to - from)];
        Arrays.fill(data, (byte) 7);
        try (RandomAccessFile file = new RandomAccessFile(below.toFile(), "rw")) {
            file.seek(from);
            file.write(data);
        }
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private BackstoreConfig create() throws Exception {
        BackstoreConfig asked = BackstoreConfig.builder("disk0", "file")
                .thin(true)
                .options(Map.of("path", device.toString()))
                .build();
        return await(provider.create(asked, context));
    }

    private Backstore open() throws Exception {
        return await(provider.open(create(), context));
    }

    private static byte[] read(Backstore store, long lba, int blocks) throws Exception {
        ByteBuffer seen = ByteBuffer.allocate(blocks * BLOCK);
        await(store.read(lba, seen));
        return seen.array();
    }

    private long spaceBelow() throws IOException {
        try (NativeFile file = NativeFile.open(below, false)) {
            return file.allocatedBytes();
        }
    }

    @Test
    public void whatIsGivenBackIsGivenToWhatIsBelow() throws Exception {
        Backstore store = open();
        assertEquals(SIZE, store.geometry().sizeBytes());
        long before = spaceBelow();
        await(store.ability(Unmap.class).unmap(1, CLEARED));
        await(store.flush());
        assertArrayEquals(new byte[CLEARED * BLOCK], read(store, 1, CLEARED));
        assertEquals("the block before it", 7, read(store, 0, 1)[BLOCK - 1]);
        assertEquals("the block behind it", 7, read(store, CLEARED + 1, 1)[0]);
        long unit = store.limits().unmapGranularityBytes();
        assertTrue("units of " + unit, before - spaceBelow() >= CLEARED * BLOCK - 2 * unit);
        await(store.ability(WriteZeroes.class).writeZeroes(3000, 3, Durability.STABLE));
        assertArrayEquals(new byte[3 * BLOCK], read(store, 3000, 3));
        assertEquals(7, read(store, 3003, 1)[0]);
        await(store.close());
    }

    @Test
    public void whatIsMountedIsRefused() throws Exception {
        run("mkfs.ext4", "-q", "-F", device.toString());
        Path place = folder.newFolder("mounted").toPath();
        String said = run("mount", device.toString(), place.toString());
        assumeTrue("nothing can be mounted: " + said, said.isEmpty());
        try {
            ConfigException refused = assertThrows(ConfigException.class, this::create);
            assertEquals(device + " cannot be opened: it is mounted at " + place, refused.getMessage());
        } finally {
            assertEquals("", run("umount", place.toString()));
        }
    }

    @Test
    public void whatAnotherDiskHasIsRefused() throws Exception {
        Backstore store = open();
        ConfigException refused = assertThrows(ConfigException.class, this::create);
        assertEquals(device + " is in use by backstore disk0: name another file", refused.getMessage());
        String said = run("mkfs.ext4", "-q", "-F", device.toString());
        assertTrue("nobody else may have it: " + said, said.contains("in use") || said.contains("No such file"));
        assertEquals("its data is untouched", 7, read(store, 4, 1)[0]);
        await(store.close());
    }

    @Test
    public void aDeviceThatHasGrownIsTakenWithItsNewPartEmpty() throws Exception {
        Backstore store = open();
        long blocks = SIZE / BLOCK;
        BackstoreException refused = assertThrows(
                BackstoreException.class,
                () -> await(store.ability(Resize.class).resize(2 * blocks)));
        assertEquals(Fault.OUT_OF_SPACE, refused.fault());
        assertEquals(
                device + " has " + SIZE + " bytes, fewer than " + 2 * SIZE + ": make the device larger first",
                refused.getMessage());
        fill(SIZE, 2 * SIZE);
        assertEquals("", run("losetup", "--set-capacity", device.toString()));
        await(store.ability(Resize.class).resize(2 * blocks));
        assertEquals(2 * SIZE, store.geometry().sizeBytes());
        assertArrayEquals("what others have left there", new byte[BLOCK], read(store, 2 * blocks - 1, 1));
        assertEquals(7, read(store, blocks - 1, 1)[0]);
        await(store.close());
        assertEquals(2 * SIZE, Files.size(below));
    }
}
