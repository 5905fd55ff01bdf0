package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

public class FileBackstoreTest {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 256;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private Path path;
    private FaultyChannel channel;
    private volatile boolean released;
    private volatile boolean noPunching;
    private final TestContext context = new TestContext("disk0");
    private FileBackstore store;

    @Before
    public void makeFile() throws IOException {
        path = folder.newFile("disk.img").toPath();
        Files.write(path, new byte[BLOCKS * BLOCK + 100]);
        store = open(null, true);
    }

    private FileBackstore open(NativeFile nativeFile, boolean writable) throws IOException {
        channel = new FaultyChannel(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        FileTraits traits =
                new FileTraits(true, writable, nativeFile != null, false, 4096, Medium.ofFileSystem("ext4"));
        OpenFile file = new OpenFile(path, channel, nativeFile, traits, () -> noPunching = true, () -> released = true);
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

    private CompletionStage<Void> write(long lba, Durability durability) {
        byte[] data = new byte[4 * BLOCK];
        Arrays.fill(data, (byte) 7);
        return store.write(lba, new ByteBuffer[] {ByteBuffer.wrap(data)}, durability);
    }

    @Test
    public void shortTransfersAreFinished() throws Exception {
        await(write(3, Durability.CACHED));
        ByteBuffer seen = ByteBuffer.allocate(4 * BLOCK);
        await(store.read(3, seen));
        byte[] expected = new byte[4 * BLOCK];
        Arrays.fill(expected, (byte) 7);
        assertArrayEquals(expected, seen.array());
    }

    @Test
    public void readFailure() {
        channel.readFailure = new IOException("Input/output error");
        BackstoreException failed = failure(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals(Fault.READ_FAILED, failed.fault());
        assertEquals(path + " cannot be read: Input/output error", failed.getMessage());
    }

    @Test
    public void fileCutShortFromOutside() throws Exception {
        try (FileChannel outside = FileChannel.open(path, StandardOpenOption.WRITE)) {
            outside.truncate(700);
        }
        BackstoreException failed = failure(store.read(0, ByteBuffer.allocate(2 * BLOCK)));
        assertEquals(Fault.READ_FAILED, failed.fault());
        assertEquals(
                path + " cannot be read: the file ends at 700: it was cut short from outside", failed.getMessage());
    }

    @Test
    public void writeFailureConcernsOneWrite() throws Exception {
        channel.writeFailure = new IOException("Input/output error");
        assertEquals(Fault.WRITE_FAILED, failure(write(0, Durability.CACHED)).fault());
        channel.writeFailure = null;
        await(write(0, Durability.CACHED));
    }

    @Test
    public void fullFileSystemLeavesStoreUsable() throws Exception {
        for (String message : new String[] {"No space left on device", "Disk quota exceeded"}) {
            channel.writeFailure = new IOException(message);
            assertEquals(
                    Fault.OUT_OF_SPACE, failure(write(0, Durability.CACHED)).fault());
            channel.writeFailure = null;
            await(write(0, Durability.CACHED));
            await(store.flush());
        }
    }

    @Test
    public void aFullFileSystemIsToldUntilThereIsRoomAgain() throws Exception {
        channel.writeFailure = new IOException("No space left on device");
        failure(write(0, Durability.CACHED));
        failure(write(1, Durability.CACHED));
        channel.writeFailure = null;
        assertEquals(BackstoreHealth.State.FULL, store.health().state());
        assertTrue(
                store.health().reason(),
                store.health().reason().startsWith("no space is left on the file system of " + path));
        assertEquals(List.of(BackstoreEvent.HEALTH_CHANGED), context.events());
        long free =
                store.ability(FreeSpace.class).freeBytes().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertTrue(free + " bytes", free > 0);
        assertSame("there is room", BackstoreHealth.HEALTHY, store.health());
        assertEquals(List.of(BackstoreEvent.HEALTH_CHANGED, BackstoreEvent.HEALTH_CHANGED), context.events());
    }

    @Test
    public void aFailedFlushOutlastsAFullFileSystem() throws Exception {
        channel.forceFailure = new IOException("Input/output error");
        failure(store.flush());
        channel.writeFailure = new IOException("No space left on device");
        store.ability(FreeSpace.class).freeBytes().toCompletableFuture().get(30, TimeUnit.SECONDS);
        assertEquals(BackstoreHealth.State.READ_ONLY, store.health().state());
    }

    @Test
    public void roomIsTriedWithoutTakingAny() throws Exception {
        try (NativeFile file = NativeFile.open(path, true)) {
            long before = file.allocatedBytes();
            assertTrue(NativeFile.hasRoom(folder.getRoot().toPath()));
            assertEquals("nothing is left reserved", before, file.allocatedBytes());
        }
        assertArrayEquals(new String[] {"disk.img"}, folder.getRoot().list());
    }

    /** Whoever asks again and again would ask for ever. */
    @Test
    public void aFileSystemThatTakesNothingIsNotAskedForEver() {
        channel.takesNothing = true;
        BackstoreException failed = failure(write(0, Durability.CACHED));
        assertEquals(Fault.WRITE_FAILED, failed.fault());
        assertEquals(
                path + " cannot be written: its file system takes no data and does not say why", failed.getMessage());
    }

    @Test
    public void aLackOfSpaceIsKnownInTheLanguageOfTheSystem() {
        for (String words : Libc.wordsForNoSpace()) {
            assertTrue(words, FileIo.isFull(new IOException(words)));
        }
        assertFalse(FileIo.isFull(new IOException("Input/output error")));
    }

    @Test
    public void stableWriteIsForced() throws Exception {
        await(write(0, Durability.CACHED));
        assertEquals(0, channel.forces);
        await(write(0, Durability.STABLE));
        assertEquals(1, channel.forces);
        await(store.writeZeroes(0, 1, Durability.STABLE));
        assertEquals(2, channel.forces);
    }

    @Test
    public void failedFlushClosesStoreForWrites() throws Exception {
        await(write(0, Durability.CACHED));
        channel.forceFailure = new IOException("Input/output error");
        assertEquals(Fault.WRITE_FAILED, failure(store.flush()).fault());
        BackstoreException refused = failure(write(0, Durability.CACHED));
        assertEquals(Fault.WRITE_FAILED, refused.fault());
        assertEquals(path + " takes no writes since a flush failed", refused.getMessage());
        assertEquals(Fault.WRITE_FAILED, failure(store.flush()).fault());
        assertEquals(Fault.WRITE_FAILED, failure(store.unmap(0, 1)).fault());
        assertEquals(
                Fault.WRITE_FAILED,
                failure(store.writeZeroes(0, 1, Durability.CACHED)).fault());
        assertEquals(Fault.WRITE_FAILED, failure(store.resize(2 * BLOCKS)).fault());
        assertEquals("the second force would have lied", 1, channel.forces);
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
        assertEquals(BackstoreHealth.State.READ_ONLY, store.health().state());
        assertTrue(store.health().reason(), store.health().reason().contains("Input/output error"));
        assertEquals("told once", List.of(BackstoreEvent.HEALTH_CHANGED), context.events());
        assertEquals(
                "close tells that data may be lost",
                Fault.WRITE_FAILED,
                failure(store.close()).fault());
        assertTrue("and releases the file all the same", released);
        assertFalse(channel.isOpen());
    }

    @Test
    public void closeFlushesAndReleases() throws Exception {
        await(write(0, Durability.CACHED));
        await(store.close());
        assertEquals(1, channel.forces);
        assertTrue(released);
        assertFalse(channel.isOpen());
        context.close();
        assertEquals(Fault.NOT_READY, failure(store.flush()).fault());
        assertEquals(Fault.NOT_READY, failure(write(0, Durability.CACHED)).fault());
    }

    @Test
    public void readOnlyStoreRefusesWrites() throws Exception {
        store = open(null, false);
        assertEquals(Fault.WRITE_PROTECTED, failure(write(0, Durability.CACHED)).fault());
        assertEquals(Fault.WRITE_PROTECTED, failure(store.unmap(0, 1)).fault());
        assertNull(store.ability(Resize.class));
        await(store.read(0, ByteBuffer.allocate(BLOCK)));
    }

    /** The 100 bytes behind the last block of the file are not zeros. */
    @Test
    public void growthOverTheTailOfTheFileReadsZeros() throws Exception {
        byte[] content = new byte[BLOCKS * BLOCK + 100];
        Arrays.fill(content, (byte) 9);
        Files.write(path, content);
        await(store.resize(BLOCKS + 1));
        ByteBuffer seen = ByteBuffer.allocate(BLOCK);
        await(store.read(BLOCKS, seen));
        assertArrayEquals(new byte[BLOCK], seen.array());
    }

    @Test
    public void shrinkingIsRefused() {
        BackstoreException refused = failure(store.resize(BLOCKS - 1));
        assertEquals(path + " cannot be made smaller: its data would be lost", refused.getMessage());
    }

    @Test
    public void growthOnFullFileSystemChangesNothing() {
        channel.writeFailure = new IOException("No space left on device");
        BackstoreException refused = failure(store.resize(2 * BLOCKS));
        assertEquals(Fault.OUT_OF_SPACE, refused.fault());
        assertEquals(BLOCKS, store.geometry().blocks());
    }

    /** A file system that can free ranges but not zero them, such as tmpfs, goes on freeing them. */
    @Test
    public void whatTheFileSystemRefusesIsWritten() throws Exception {
        PunchingFile punching = new PunchingFile();
        store = open(punching, true);
        await(write(0, Durability.CACHED));
        await(store.writeZeroes(0, 4, Durability.CACHED));
        await(store.writeZeroes(0, 4, Durability.CACHED));
        assertEquals("not asked again", 1, punching.zeroCalls);
        await(store.unmap(0, 4));
        assertEquals(1, punching.punchCalls);
        ByteBuffer seen = ByteBuffer.allocate(4 * BLOCK);
        await(store.read(0, seen));
        assertArrayEquals(new byte[4 * BLOCK], seen.array());
    }

    /** One failed punch is no reason to write zeros for ever. */
    @Test
    public void aPunchThatFailsFailsAlone() throws Exception {
        PunchingFile punching = new PunchingFile();
        store = open(punching, true);
        punching.punchFailure = new IOException("[5] Input/output error");
        assertEquals(Fault.WRITE_FAILED, failure(store.unmap(0, 4)).fault());
        punching.punchFailure = null;
        await(store.unmap(0, 4));
        assertEquals(2, punching.punchCalls);
        assertEquals("no zeros were written", 0, channel.longestWrite);
        assertFalse(noPunching);
    }

    @Test
    public void aFileSystemThatCannotPunchIsToldOf() throws Exception {
        PunchingFile punching = new PunchingFile();
        store = open(punching, true);
        assertSame(store, store.ability(Unmap.class));
        punching.punchFailure = new NotSupportedException("[95] Operation not supported");
        await(write(0, Durability.CACHED));
        await(store.unmap(0, 4));
        ByteBuffer seen = ByteBuffer.allocate(4 * BLOCK);
        await(store.read(0, seen));
        assertArrayEquals("it still reads as zeros", new byte[4 * BLOCK], seen.array());
        assertTrue("whoever opens it next knows", noPunching);
        assertSame("abilities are constant", store, store.ability(Unmap.class));
    }

    private static final class PunchingFile extends NativeFile {
        private volatile int zeroCalls;
        private volatile int punchCalls;
        private volatile IOException punchFailure;

        PunchingFile() {
            super(-1);
        }

        @Override
        void zeroRange(long offset, long length) throws IOException {
            zeroCalls++;
            throw new NotSupportedException("[95] Operation not supported");
        }

        @Override
        void punchHole(long offset, long length) throws IOException {
            punchCalls++;
            if (punchFailure != null) {
                throw punchFailure;
            }
        }

        @Override
        public void close() {}
    }
    /** Has the first bytes of every read in the page cache, and no more. */
    private static final class HalfCached extends NativeFile {
        private final int cachedBytes;
        private int asked;

        HalfCached(int cachedBytes) {
            super(-1);
            this.cachedBytes = cachedBytes;
        }

        @Override
        boolean promisesNotToWait() {
            return true;
        }

        @Override
        PageResidency residency(long length) throws IOException {
            throw new IOException("no descriptor");
        }

        @Override
        int readCached(long offset, ByteBuffer destination) {
            asked++;
            for (int i = 0; i < cachedBytes; i++) {
                destination.put(destination.position() + i, (byte) 9);
            }
            return cachedBytes;
        }

        @Override
        public void close() {}
    }

    @Test
    public void whatIsCachedIsReadAtOnceAndTheRestByAnotherThread() throws Exception {
        byte[] written = new byte[BLOCK];
        Arrays.fill(written, (byte) 7);
        Files.write(path, new byte[BLOCKS * BLOCK]);
        Files.write(path, written);
        for (int cachedBytes : new int[] {0, 100, BLOCK}) {
            HalfCached file = new HalfCached(cachedBytes);
            FileBackstore opened = open(file, true);
            ByteBuffer destination = ByteBuffer.allocateDirect(BLOCK + 10).position(10);
            CompletionStage<Void> read = opened.read(0, destination);
            assertEquals("at once", cachedBytes == BLOCK, read == Backstore.done());
            await(read);
            assertEquals(1, file.asked);
            for (int i = 0; i < BLOCK; i++) {
                assertEquals("byte " + i, i < cachedBytes ? 9 : 7, destination.get(10 + i));
            }
            await(opened.close());
        }
    }

    @Test
    public void largeWritesAreCutIntoPieces() throws Exception {
        byte[] data = new byte[200 * BLOCK];
        new Random(1).nextBytes(data);
        await(store.write(1, new ByteBuffer[] {ByteBuffer.wrap(data)}, Durability.CACHED));
        ByteBuffer seen = ByteBuffer.allocate(data.length);
        await(store.read(1, seen));
        assertArrayEquals(data, seen.array());
        assertEquals("up to where the first piece of 64 KiB ends", (64 << 10) - BLOCK, channel.longestWrite);
    }
}
