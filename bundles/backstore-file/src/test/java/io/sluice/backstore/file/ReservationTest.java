package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class ReservationTest {

    private static final int SIZE = 4 << 20;
    private static final int BLOCKS = SIZE / 512;

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

    private Backstore open(boolean thin, Map<String, String> more) throws Exception {
        BackstoreConfig asked = BackstoreConfig.builder("disk0", "file")
                .sizeBytes(SIZE)
                .thin(thin)
                .options(more)
                .build()
                .withOption("path", path.toString());
        return await(provider.open(await(provider.create(asked, context)), context));
    }

    private static long allocated(Backstore store) throws Exception {
        return await(store.ability(AllocatedSpace.class).allocatedBytes());
    }

    @Test
    public void aThickDiskHasItsSpaceAndKeepsIt() throws Exception {
        Backstore store = open(false, Map.of());
        assertTrue(allocated(store) >= SIZE);
        assertNull("it gives nothing back", store.ability(Unmap.class));
        await(store.ability(WriteZeroes.class).writeZeroes(0, BLOCKS, Durability.STABLE));
        assertTrue(allocated(store) >= SIZE);
        await(store.ability(Resize.class).resize(2 * BLOCKS));
        assertTrue("what was added, too", allocated(store) >= 2 * SIZE);
        assertEquals(2 * SIZE, Files.size(path));
        await(store.close());
    }

    @Test
    public void aThinDiskMayBeginWithItsSpace() throws Exception {
        Backstore store = open(true, Map.of("preallocate", "true"));
        assertTrue(allocated(store) >= SIZE);
        await(store.ability(Unmap.class).unmap(0, BLOCKS));
        assertTrue(allocated(store) < SIZE);
        await(store.ability(Resize.class).resize(2 * BLOCKS));
        assertTrue(allocated(store) >= 2 * SIZE);
        await(store.close());
    }

    @Test
    public void aThinDiskHasNone() throws Exception {
        Backstore store = open(true, Map.of());
        assertTrue(allocated(store) < SIZE);
        await(store.ability(Resize.class).resize(2 * BLOCKS));
        assertTrue(allocated(store) < SIZE);
        assertNotNull(store.ability(Unmap.class));
        await(store.close());
    }

    private Backstore openWithMoreBehindIt(boolean thin) throws Exception {
        Backstore store = open(thin, Map.of());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(64L * SIZE);
            for (int block : new int[] {BLOCKS, 9 * BLOCKS}) {
                file.seek(block * 512L + 5);
                file.write(7);
            }
        }
        return store;
    }

    private static void assertZeros(Backstore store, long lba) throws Exception {
        ByteBuffer seen = ByteBuffer.allocate(512);
        await(store.read(lba, seen));
        assertArrayEquals(new byte[512], seen.array());
    }

    @Test
    public void theHolesOfALongerFileTakeNoSpaceInAThinDisk() throws Exception {
        Backstore store = openWithMoreBehindIt(true);
        await(store.ability(Resize.class).resize(8 * BLOCKS));
        assertTrue(allocated(store) + " bytes", allocated(store) < SIZE);
        assertZeros(store, BLOCKS);
        assertEquals("what is behind it is nobody's business", 7, Files.readAllBytes(path)[9 * SIZE + 5]);
        await(store.close());
    }

    @Test
    public void theHolesOfALongerFileGetTheirSpaceInAThickDisk() throws Exception {
        Backstore store = openWithMoreBehindIt(false);
        await(store.ability(Resize.class).resize(8 * BLOCKS));
        assertTrue(allocated(store) >= 8 * SIZE);
        assertZeros(store, BLOCKS);
        await(store.close());
    }

    @Test
    public void aFileThatWasThereGetsItsSpaceAndKeepsItsData() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE);
            file.seek(1 << 20);
            file.write(7);
        }
        byte[] before = Files.readAllBytes(path);
        Backstore store = open(false, Map.of());
        assertTrue(allocated(store) >= SIZE);
        assertArrayEquals(before, Files.readAllBytes(path));
        await(store.close());
    }

    @Test
    public void aFileThatWasThereIsNotBegunWithWhenThereIsNoRoomForIt() throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(1L << 43);
        }
        ConfigException refused = assertThrows(ConfigException.class, () -> NewFile.reserve(path, 1L << 43));
        assertTrue(
                refused.getMessage(), refused.getMessage().endsWith("make room, or leave --thick and preallocate out"));
    }

    private FileChannel channel() throws IOException {
        Files.write(path, new byte[SIZE]);
        return FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Test
    public void whatCannotBeReservedIsFilledWithZeros() throws Exception {
        try (FileChannel channel = channel();
                FakeFile unknowing = new FakeFile(new NotSupportedException("[95] Operation not supported"))) {
            new Reservation(channel, unknowing).grow(2 * SIZE);
            assertEquals(2 * SIZE, Files.size(path));
        }
        try (NativeFile file = NativeFile.open(path, false)) {
            assertTrue(file.allocatedBytes() >= 2 * SIZE);
        }
    }

    /** What had been reserved behind the end is given back, even where the file has grown no longer. */
    @Test
    public void aGrowthThatFailsTakesNothing() throws Exception {
        try (FileChannel channel = channel();
                FakeFile full = new FakeFile(new IOException("[28] No space left on device"))) {
            IOException failed = assertThrows(IOException.class, () -> new Reservation(channel, full).grow(2 * SIZE));
            assertTrue(FileIo.isFull(failed));
            assertEquals(SIZE, full.end);
            assertEquals(SIZE, Files.size(path));
        }
    }

    @Test
    public void spaceBehindTheEndIsGivenBack() throws Exception {
        Files.write(path, new byte[SIZE]);
        try (NativeFile file = NativeFile.open(path, true)) {
            long before = file.allocatedBytes();
            file.reserve(0, 2 * SIZE);
            assertTrue(file.allocatedBytes() >= 2 * SIZE);
            file.cutAt(SIZE);
            assertEquals(before, file.allocatedBytes());
            assertEquals(SIZE, Files.size(path));
        }
    }

    private static final class FakeFile extends NativeFile {
        private final IOException refusal;
        private long end = -1;

        FakeFile(IOException refusal) {
            super(-1);
            this.refusal = refusal;
        }

        @Override
        void reserve(long offset, long length) throws IOException {
            throw refusal;
        }

        @Override
        void cutAt(long sizeBytes) {
            end = sizeBytes;
        }

        @Override
        public void close() {}
    }
}
