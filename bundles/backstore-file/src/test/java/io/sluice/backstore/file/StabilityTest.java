package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
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

public class StabilityTest {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk0");
    private final byte[] data = new byte[4 * BLOCK];
    private Path path;
    private FaultyChannel channel;
    private NativeFile nativeFile;
    private FileBackstore store;

    @Before
    public void open() throws IOException {
        Arrays.fill(data, (byte) 7);
        path = folder.newFile("disk.img").toPath();
        Files.write(path, new byte[BLOCKS * BLOCK]);
        nativeFile = NativeFile.open(path, true);
        store = store(nativeFile);
    }

    private FileBackstore store(NativeFile calls) throws IOException {
        return store(calls, "ext4");
    }

    private FileBackstore store(NativeFile calls, String fileSystem) throws IOException {
        return store(calls, null, fileSystem);
    }

    private FileBackstore store(NativeFile calls, DirectIo direct, String fileSystem) throws IOException {
        channel = new FaultyChannel(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        FileTraits traits = new FileTraits(true, true, true, false, 4096, Medium.ofFileSystem(fileSystem));
        OpenFile file = new OpenFile(path, channel, calls, direct, traits, new AtomicInteger(1), () -> {}, () -> {});
        return new FileBackstore(file, new BlockGeometry(BLOCKS, BLOCK), context, SequenceSettings.NONE);
    }

    @After
    public void endThreads() {
        context.close();
    }

    private static void await(CompletionStage<Void> operation) throws Exception {
        operation.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static BackstoreException failure(CompletionStage<Void> operation) {
        ExecutionException failed = assertThrows(ExecutionException.class, () -> await(operation));
        return (BackstoreException) failed.getCause();
    }

    private CompletionStage<Void> write(Durability durability) {
        return store.write(8, new ByteBuffer[] {ByteBuffer.wrap(data)}, durability);
    }

    private void assertLatched(String reason) throws Exception {
        BackstoreException refused = failure(write(Durability.STABLE));
        assertEquals(Fault.WRITE_FAILED, refused.fault());
        assertEquals(path + " cannot be flushed: " + reason, refused.getMessage());
        assertEquals(Fault.WRITE_FAILED, failure(write(Durability.CACHED)).fault());
        assertEquals(BackstoreHealth.State.READ_ONLY, store.health().state());
        assertTrue(store.health().reason(), store.health().reason().contains(reason));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals(Fault.WRITE_FAILED, failure(store.close()).fault());
    }

    @Test
    public void nothingIsStableInAFileThatWasRemoved() throws Exception {
        await(write(Durability.STABLE));
        Files.delete(path);
        assertLatched("it was removed, or another file was put in its place, while it was in use");
    }

    @Test
    public void nothingIsStableInAFileThatWasReplaced() throws Exception {
        Path other = folder.newFile("other").toPath();
        Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
        assertLatched("it was removed, or another file was put in its place, while it was in use");
    }

    /** The write grows the file again, so that all before it would read as zeros. */
    @Test
    public void aFileThatIsCutShortIsTold() throws Exception {
        try (FileChannel outside = FileChannel.open(path, StandardOpenOption.WRITE)) {
            outside.truncate(700);
        }
        assertLatched("it was cut short from outside, to " + 12 * BLOCK + " bytes");
    }

    @Test
    public void anotherNameIsNoHarm() throws Exception {
        Files.move(path, folder.getRoot().toPath().resolve("renamed"));
        await(write(Durability.STABLE));
        await(store.resize(2 * BLOCKS));
        await(write(Durability.STABLE));
        await(store.close());
    }

    @Test
    public void whatIsDirtyIsNotForgotten() throws Exception {
        await(write(Durability.CACHED));
        nativeFile.forgetCached();
        ByteBuffer seen = ByteBuffer.allocate(data.length);
        await(store.read(8, seen));
        assertArrayEquals(data, seen.array());
    }

    /** Some file systems in user space tell of no names. */
    @Test
    public void whereNamesAreNotCountedNoneIsMissed() throws Exception {
        new Presence(new Forgetting()).require(0);
    }

    @Test
    public void whatWasNotWrittenIsForgottenWithTheFile() throws Exception {
        Forgetting calls = new Forgetting();
        store = store(calls);
        await(write(Durability.STABLE));
        await(store.close());
        assertEquals("all was written", 0, calls.forgotten);
        store = store(calls);
        channel.forceFailure = new IOException("Input/output error");
        failure(write(Durability.STABLE));
        failure(store.close());
        assertEquals(1, calls.forgotten);
    }

    @Test
    public void whatAnEarlierProcessCouldNotWriteIsForgottenAtOnce() throws Exception {
        Forgetting calls = new Forgetting();
        context.setDoubtful(true);
        store = store(calls);
        assertEquals(1, calls.forgotten);
        await(store.close());
        assertEquals(1, calls.forgotten);
    }

    /** A file system in user space may keep what was written apart for each descriptor. */
    @Test
    public void eachDescriptorIsFlushedWhereTheKernelDoesNotKeepTheData() throws Exception {
        for (String fileSystem : new String[] {"ext4", "fuse.any", "nfs4"}) {
            Forgetting calls = new Forgetting();
            Forgetting direct = new Forgetting();
            store = store(calls, new DirectIo(direct, 4096), fileSystem);
            await(store.flush());
            int expected = fileSystem.equals("ext4") ? 0 : 1;
            assertEquals(fileSystem, expected, calls.forces);
            assertEquals("the one that writes to " + fileSystem, expected, direct.forces);
            assertEquals(1, channel.forces);
            await(store.close());
        }
    }

    /** With a cache that writes later, such a file system takes for a hole what was just written. */
    @Test
    public void holesAreToldOfWhereWhatWasWrittenIsWrittenBackFirst() throws Exception {
        Set<String> first = Set.of("ext4", "xfs", "nfs", "nfs4", "cifs", "smb3");
        for (String fileSystem :
                List.of("ext4", "xfs", "nfs", "nfs4", "cifs", "smb3", "fuse.any", "fuseblk", "virtiofs", "9p")) {
            store = store(new Forgetting(), fileSystem);
            assertEquals(fileSystem, first.contains(fileSystem), store.ability(ExtentMap.class) != null);
            assertNotNull(fileSystem, store.ability(AllocatedSpace.class));
            await(store.close());
        }
    }

    @Test
    public void whatIsCopiedIsWrittenBeforeItsHolesAreAskedFor() throws Exception {
        for (String fileSystem : new String[] {"ext4", "fuse.any"}) {
            Forgetting calls = new Forgetting();
            FileTraits traits = new FileTraits(true, false, true, false, 4096, Medium.ofFileSystem(fileSystem));
            new FileCopy(new OpenFile(path, channel, calls, traits, () -> {}, () -> {}), null, null, 0, Watch.NONE)
                    .copy(BLOCK, true);
            assertEquals(fileSystem.equals("ext4") ? 0 : 1, calls.forces);
        }
    }

    private static final class Forgetting extends NativeFile {
        private volatile int forgotten;
        private volatile int forces;

        Forgetting() {
            super(-1);
        }

        @Override
        Status status() {
            return new Status(0, Long.MAX_VALUE, 0);
        }

        @Override
        void force() {
            forces++;
        }

        @Override
        long nextData(long offset) {
            return -1;
        }

        @Override
        void forgetCached() {
            forgotten++;
        }

        @Override
        public void close() {}
    }
}
