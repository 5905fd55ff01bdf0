package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Placement;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class DirectIoTest {

    private static final int MIB = 1 << 20;
    private static final int SIZE = 8 * MIB;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private final TestContext context = new TestContext("disk0");
    private final Random random = new Random(5);
    private Path path;

    @Before
    public void choosePath() {
        path = folder.getRoot().toPath().resolve("disk.img");
        provider.allow(folder.getRoot().toString(), "");
    }

    @After
    public void endThreads() {
        context.close();
    }

    private BackstoreConfig.Builder config(String direct) {
        return BackstoreConfig.builder("disk0", "file")
                .sizeBytes(SIZE)
                .thin(true)
                .options(Map.of("path", path.toString(), "direct", direct));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private Backstore open(BackstoreConfig config) throws Exception {
        return await(provider.open(await(provider.create(config, context)), context));
    }

    private Backstore openDirect() throws Exception {
        Medium medium = Medium.of(folder.getRoot().toPath());
        assumeTrue("not past the page cache: " + folder.getRoot() + " is " + medium.name(), !medium.inMemory());
        return open(config("true").build());
    }

    private byte[] bytes(int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    /** Returns a buffer at an address that no device takes. */
    private static ByteBuffer odd(int length, boolean direct) {
        ByteBuffer whole = direct ? ByteBuffer.allocateDirect(length + 64) : ByteBuffer.allocate(length + 64);
        int from = direct && whole.alignmentOffset(0, 64) == 0 ? 1 : 3;
        return whole.slice(from, length);
    }

    @Test
    public void whateverTheBuffersAreTheBytesAreTheSame() throws Exception {
        Backstore store = openDirect();
        byte[] all = new byte[SIZE];
        for (int round = 0; round < 60; round++) {
            int blocks = 1 + random.nextInt(round % 4 == 0 ? 2000 : 20);
            int lba = random.nextInt(SIZE / 512 - blocks);
            byte[] data = bytes(blocks * 512);
            System.arraycopy(data, 0, all, lba * 512, data.length);
            ByteBuffer[] source =
                    round % 5 == 0 ? new ByteBuffer[] {odd(data.length, true).put(0, data)} : parts(data);
            await(store.write(lba, source, round % 3 == 0 ? Durability.STABLE : Durability.CACHED));
            ByteBuffer seen =
                    round % 2 == 0 ? odd(data.length, round % 4 == 0) : ByteBuffer.allocateDirect(data.length);
            await(store.read(lba, seen));
            byte[] read = new byte[data.length];
            seen.flip().get(read);
            assertArrayEquals("round " + round, data, read);
        }
        assertNull("what is cached cannot be lent", store.ability(LentRead.class));
        await(store.close());
        assertArrayEquals("and for who reads the file", all, Files.readAllBytes(path));
    }

    /** Cuts data at places that have nothing to do with blocks. */
    private ByteBuffer[] parts(byte[] data) {
        int first = random.nextInt(data.length);
        int second = first + random.nextInt(data.length - first);
        int[] ends = {0, first, second, data.length};
        ByteBuffer[] parts = new ByteBuffer[3];
        for (int i = 0; i < parts.length; i++) {
            int length = ends[i + 1] - ends[i];
            parts[i] = odd(length, i != 1).put(0, data, ends[i], length);
        }
        return parts;
    }

    @Test
    public void whatIsReadAndWrittenIsNotInThePageCache() throws Exception {
        Backstore direct = openDirect();
        write(direct);
        assertFalse("nothing is cached", cached());
        await(direct.close());
        Backstore ordinary = open(config("false").build());
        write(ordinary);
        assertTrue("or it could not be seen", cached());
        await(ordinary.close());
    }

    private void write(Backstore store) throws Exception {
        await(store.write(0, new ByteBuffer[] {ByteBuffer.wrap(bytes(4 * MIB))}, Durability.STABLE));
        await(store.read(0, ByteBuffer.allocateDirect(4 * MIB)));
    }

    private boolean cached() throws Exception {
        try (NativeFile file = NativeFile.open(path, true);
                PageResidency residency = file.residency(SIZE)) {
            return residency.contains(MIB, MIB);
        }
    }

    @Test
    public void aBufferThatFitsIsNotCopied() throws Exception {
        Backstore store = openDirect();
        ByteBuffer aligned =
                ByteBuffer.allocateDirect(MIB + 4096).alignedSlice(4096).limit(MIB);
        await(store.write(8, new ByteBuffer[] {aligned.put(0, bytes(MIB))}, Durability.CACHED));
        assertFalse("it is advanced", aligned.hasRemaining());
        byte[] seen = new byte[MIB];
        await(store.read(8, ByteBuffer.wrap(seen)));
        byte[] written = new byte[MIB];
        aligned.flip().get(written);
        assertArrayEquals(written, seen);
        await(store.close());
    }

    @Test
    public void itSaysWhatItMeans() throws Exception {
        Backstore store = openDirect();
        Placement placement = store.ability(Placement.class);
        assertTrue(placement.medium(), placement.medium().endsWith(", without the page cache"));
        assertEquals("each read goes to the disk, also of what was read before", placement.caution());
        await(store.close());
    }

    @Test
    public void whereThereIsNothingButACacheItIsRefused() throws Exception {
        Path memory = Files.createTempDirectory(Path.of("/dev/shm"), "sluice");
        path = memory.resolve("disk.img");
        provider.allow(memory.toString(), "");
        try {
            BackstoreException refused = assertThrows(
                    BackstoreException.class, () -> open(config("true").build()));
            assertEquals(
                    path
                            + " cannot be opened: it is a file in memory (tmpfs), which is always cached: leave direct out",
                    refused.getMessage());
        } finally {
            Files.deleteIfExists(path);
            Files.delete(memory);
        }
    }

    @Test
    public void blocksThatTheDeviceDoesNotTakeAreRefused() throws Exception {
        Files.write(path, bytes(SIZE));
        String device = Mounted.run("losetup", "--sector-size", "4096", "--find", "--show", path.toString());
        assumeTrue("no loop device can be had: " + device, device.startsWith("/dev/loop"));
        provider.allow("", device);
        path = Path.of(device);
        try {
            BackstoreException refused = assertThrows(
                    BackstoreException.class, () -> open(config("true").build()));
            assertTrue(refused.getMessage(), refused.getMessage().contains("make it with --block-size 4096"));
            Backstore store = open(config("true").blockSize(4096).build());
            byte[] data = bytes(4096);
            await(store.write(3, parts(data), Durability.STABLE));
            byte[] seen = new byte[4096];
            await(store.read(3, ByteBuffer.wrap(seen)));
            assertTrue(Arrays.equals(data, seen));
            await(store.close());
        } finally {
            assertEquals("", Mounted.run("losetup", "--detach", device));
        }
    }

    @Test
    public void itIsTrueOrFalse() {
        ConfigException refused =
                assertThrows(ConfigException.class, () -> open(config("yes").build()));
        assertEquals("option direct is true or false, not 'yes'", refused.getMessage());
    }
}
