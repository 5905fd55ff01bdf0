package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class CreatedFromTest {

    private static final int MIB = 1 << 20;
    private static final int SIZE = 8 * MIB;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FileBackstoreProvider provider = new FileBackstoreProvider();
    private final TestContext context = new TestContext("disk0");

    /** Where the disks are. */
    private Path place;

    @Before
    public void makeSource() throws IOException {
        use(Files.createDirectory(folder.getRoot().toPath().resolve("disks")));
    }

    private void use(Path where) throws IOException {
        place = where;
        provider.allow(place.toString(), "");
        try (RandomAccessFile file = new RandomAccessFile(source().toFile(), "rw")) {
            file.setLength(SIZE);
            file.seek(3 * MIB);
            file.write(pattern(7));
            file.seek(6 * MIB);
            file.write(pattern(9));
        }
    }

    @After
    public void endThreads() {
        context.close();
    }

    private static byte[] pattern(int value) {
        byte[] data = new byte[MIB];
        Arrays.fill(data, (byte) value);
        return data;
    }

    private Path source() {
        return place.resolve("source.img");
    }

    private Path copy() {
        return place.resolve("copy.img");
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            throw (Exception) failed.getCause();
        }
    }

    private BackstoreConfig.Builder asked(String from) {
        return BackstoreConfig.builder("disk1", "file")
                .thin(true)
                .options(Map.of("path", copy().toString(), "createFrom", from));
    }

    private BackstoreConfig create(BackstoreConfig asked) throws Exception {
        return await(provider.create(asked, context));
    }

    private BackstoreConfig create() throws Exception {
        return create(asked(source().toString()).build());
    }

    private Backstore openSource(boolean readOnly) throws Exception {
        BackstoreConfig config = BackstoreConfig.builder("golden", "file")
                .sizeBytes(SIZE)
                .thin(true)
                .readOnly(readOnly)
                .options(Map.of("path", source().toString()))
                .build();
        return await(provider.open(config, context));
    }

    private void assertRefused(String why, BackstoreConfig asked) {
        Set<String> before = Set.of(place.toFile().list());
        ConfigException refused = assertThrows(ConfigException.class, () -> create(asked));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertEquals("nothing is left", before, Set.of(place.toFile().list()));
    }

    private static long allocated(Path path) throws IOException {
        try (NativeFile file = NativeFile.open(path, false)) {
            return file.allocatedBytes();
        }
    }

    @Test
    public void aCopyHasTheSameBytesAndTheSameHolesAndSaysWhatItIs() throws Exception {
        BackstoreConfig made = create();
        assertEquals(SIZE, made.sizeBytes());
        Map<String, String> expected = new HashMap<>();
        expected.put("path", copy().toString());
        expected.put("createdFrom", source() + ", copied");
        assertEquals(expected, made.options());
        assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
        assertTrue(allocated(copy()) + " bytes", allocated(copy()) < 3 * MIB);
        assertEquals("for the owner alone", "rw-------", permissions(copy()));
    }

    private static String permissions(Path path) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    public void aLargerDiskGoesOnWithZerosAndASmallerOneIsRefused() throws Exception {
        assertRefused(
                "more than the " + MIB,
                asked(source().toString()).sizeBytes(MIB).build());
        create(asked(source().toString()).sizeBytes(2 * SIZE).build());
        byte[] seen = Files.readAllBytes(copy());
        assertArrayEquals(Arrays.copyOf(Files.readAllBytes(source()), 2 * SIZE), seen);
    }

    @Test
    public void aThickDiskHasSpaceOfItsOwn() throws Exception {
        create(asked(source().toString()).thin(false).build());
        assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
        assertTrue(allocated(copy()) + " bytes", allocated(copy()) >= SIZE);
    }

    @Test
    public void aDiskThatMayBeWrittenToIsNotCopiedPieceByPiece() throws Exception {
        try (Mounted ext4 = new Mounted(folder.getRoot().toPath(), 64 * MIB, "mkfs.ext4", "-q")) {
            use(ext4.place());
            Backstore store = openSource(false);
            assertRefused("its file system cannot clone it", asked("golden").build());
            await(store.write(0, new ByteBuffer[] {ByteBuffer.wrap(pattern(1))}, Durability.STABLE));
            await(store.close());
            create();
            assertEquals(1, Files.readAllBytes(copy())[0]);
        }
    }

    @Test
    public void aDiskThatMayBeWrittenToIsCloned() throws Exception {
        try (Mounted xfs = new Mounted(folder.getRoot().toPath(), 320L * MIB, "mkfs.xfs", "-q")) {
            use(xfs.place());
            Backstore store = openSource(false);
            await(store.write(0, new ByteBuffer[] {ByteBuffer.wrap(pattern(1))}, Durability.CACHED));
            BackstoreConfig made = create(asked("golden").build());
            assertEquals("golden, cloned", made.options().get("createdFrom"));
            await(store.write(0, new ByteBuffer[] {ByteBuffer.wrap(pattern(2))}, Durability.CACHED));
            byte[] seen = Files.readAllBytes(copy());
            assertEquals("as it was, flushed or not", 1, seen[0]);
            assertEquals(7, seen[3 * MIB]);
            assertEquals(SIZE, seen.length);
            await(store.close());
            assertRefused("exists", asked("golden").build());
        }
    }

    /** The storage that a backstore is moved to has the same name, and is not complete. */
    @Test
    public void aDiskThatIsBeingMovedIsNotCopied() throws Exception {
        Backstore store = openSource(true);
        Files.write(place.resolve("moved.img"), new byte[SIZE]);
        BackstoreConfig moved = BackstoreConfig.builder("golden", "file")
                .sizeBytes(SIZE)
                .options(Map.of("path", place.resolve("moved.img").toString()))
                .build();
        Backstore other = await(provider.open(moved, context));
        assertRefused("it is being moved", asked("golden").build());
        await(other.close());
        create(asked("golden").build());
        assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
        await(store.close());
    }

    @Test
    public void aDiskThatIsReadOnlyIsCopiedWhileItIsInUse() throws Exception {
        Backstore store = openSource(true);
        BackstoreConfig made = create(asked("golden").build());
        assertEquals("golden, copied", made.options().get("createdFrom"));
        assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
        ByteBuffer block = ByteBuffer.allocate(512);
        await(store.read(3 * MIB / 512, block));
        assertEquals(7, block.get(0));
        await(store.close());
    }

    @Test
    public void aFileThatIsBeingCopiedStaysOpenAndNobodyMayWriteToIt() throws Exception {
        FilesInUse files = new FilesInUse();
        OpenFile first = files.share(source(), "disk1");
        OpenFile second = files.share("disk1");
        assertEquals(first, second);
        first.close();
        assertTrue("it is read still", second.channel().isOpen());
        assertThrows(
                FilesInUse.InUseException.class,
                () -> files.size(source(), asked("x").build()));
        second.close();
        assertFalse(second.channel().isOpen());
        assertFalse("it is closed for good", second.share());
        assertEquals(SIZE, files.size(source(), asked("x").build()));
    }

    @Test
    public void whatIsBeingMadeHasNoNameAndOneThatIsStoppedLeavesNothing() throws Exception {
        Watch stopped = new Watch() {
            @Override
            public boolean isCancelled() {
                assertEquals(List.of("source.img"), List.of(place.toFile().list()));
                return true;
            }
        };
        StorageRules rules = new StorageRules(place.toString(), "");
        CreatedFrom copies = new CreatedFrom(new FilesInUse(), () -> 0);
        IOException refused = assertThrows(
                IOException.class, () -> copies.make(asked(source().toString()).build(), copy(), rules, stopped));
        assertTrue(refused.getMessage(), refused.getMessage().contains("stopped"));
        assertEquals(List.of("source.img"), List.of(place.toFile().list()));
    }

    @Test
    public void aCopyTellsHowFarItIsAndTakesNoMoreThanItMay() throws Exception {
        List<Double> told = new ArrayList<>();
        Watch watch = new Watch() {
            @Override
            public void progress(double share) {
                told.add(share);
            }
        };
        StorageRules rules = new StorageRules(place.toString(), "");
        CreatedFrom copies = new CreatedFrom(new FilesInUse(), () -> 4 * MIB);
        long begun = System.nanoTime();
        copies.make(asked(source().toString()).thin(false).build(), copy(), rules, watch);
        // 2 MiB of data, 4 MiB of which take a second.
        assertTrue(System.nanoTime() - begun >= TimeUnit.MILLISECONDS.toNanos(400));
        assertEquals(told.stream().sorted().toList(), told);
        assertTrue(told.toString(), told.size() >= 6 && told.get(0) > 0.3 && told.get(told.size() - 1) == 7.0 / 8);
        assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
    }

    @Test
    public void aCopyThatIsCancelledWhileItMayNotGoOnLeavesNothing() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Watch cancelled = new Watch() {
            @Override
            public boolean isCancelled() {
                return asked.incrementAndGet() > 2;
            }
        };
        StorageRules rules = new StorageRules(place.toString(), "");
        // A byte a second: it would take weeks.
        CreatedFrom copies = new CreatedFrom(new FilesInUse(), () -> 1);
        assertThrows(
                IOException.class,
                () -> copies.make(asked(source().toString()).thin(false).build(), copy(), rules, cancelled));
        assertEquals(List.of("source.img"), List.of(place.toFile().list()));
    }

    @Test
    public void aFullFileSystemIsAsItWasBefore() throws Exception {
        try (Mounted small = new Mounted(folder.getRoot().toPath(), 4 * MIB, "mkfs.ext4", "-q", "-m", "0")) {
            Path golden = source();
            provider.allow(place + "," + small.place(), "");
            place = small.place();
            long before = place.toFile().getUsableSpace();
            try (RandomAccessFile file = new RandomAccessFile(golden.toFile(), "rw")) {
                for (int i = 0; i < SIZE / MIB; i++) {
                    file.write(pattern(5));
                }
            }
            assertRefused("no space is left", asked(golden.toString()).build());
            assertEquals(before, place.toFile().getUsableSpace());
        }
    }

    @Test
    public void onlyWhatMayBeUsedMayBeCopied() throws Exception {
        Path outside = folder.newFile().toPath();
        Files.write(outside, new byte[MIB]);
        assertRefused("outside of the folders", asked(outside.toString()).build());
        assertRefused("does not exist", asked(place + "/none.img").build());
        assertRefused(
                "less than one block",
                asked(Files.createFile(place.resolve("empty.img")).toString()).build());
    }

    @Test
    public void theZerosOfADeviceTakeNoSpace() throws Exception {
        String device = Mounted.run("losetup", "--find", "--show", source().toString());
        org.junit.Assume.assumeTrue("no loop device can be had: " + device, device.startsWith("/dev/loop"));
        try {
            provider.allow(place.toString(), device);
            create(asked(device).build());
            assertArrayEquals(Files.readAllBytes(source()), Files.readAllBytes(copy()));
            assertTrue(allocated(copy()) + " bytes", allocated(copy()) < 3 * MIB);
        } finally {
            assertEquals("", Mounted.run("losetup", "--detach", device));
        }
    }
}
