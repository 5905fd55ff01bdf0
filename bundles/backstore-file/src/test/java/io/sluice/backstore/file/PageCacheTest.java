package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What a store does with what is in the page cache; nothing of a new sparse file is. */
public class PageCacheTest {

    private static final int BLOCK = 512;
    private static final int PAGE = 4096;
    private static final int BLOCKS = 4096;
    private static final int BYTES = 128 << 10;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final Later later = new Later();
    private Volume volume;
    private final CountDownLatch closed = new CountDownLatch(1);
    private FileBackstore store;

    /** Keeps what is not done at once until the test does it. */
    private static final class Later extends AbstractExecutorService {
        private final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        void runAll() {
            while (!tasks.isEmpty()) {
                tasks.remove().run();
            }
        }

        @Override
        public void shutdown() {
            runAll();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return List.copyOf(tasks);
        }

        @Override
        public boolean isShutdown() {
            return false;
        }

        @Override
        public boolean isTerminated() {
            return false;
        }

        @Override
        public boolean awaitTermination(long time, TimeUnit unit) {
            return true;
        }
    }

    @Before
    public void open() throws IOException {
        Path path = folder.newFile("disk.img").toPath();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(1), (long) BLOCKS * BLOCK - 1);
        volume = new Volume(path, channel, NativeFile.open(path, true), true, true, closed::countDown);
        store = new FileBackstore(volume, new BlockGeometry(BLOCKS, BLOCK), later);
    }

    @After
    public void close() throws Exception {
        if (closed.getCount() > 0) {
            store.close();
        }
    }

    private static ByteBuffer random(int bytes, int seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return ByteBuffer.allocateDirect(bytes).put(data).flip();
    }

    private CompletionStage<Void> write(long lba, ByteBuffer... source) {
        return store.write(lba, source, Durability.CACHED);
    }

    private byte[] content(long offset, int length) throws IOException {
        ByteBuffer seen = ByteBuffer.allocate(length);
        volume.channel().read(seen, offset);
        return seen.array();
    }

    @Test
    public void whatIsInThePageCacheIsLent() throws IOException {
        write(8, random(BYTES, 1));
        later.runAll();
        try (FileRange range = store.lend(8, BYTES)) {
            assertSame(volume.channel(), range.channel());
            assertEquals(8 * BLOCK, range.offsetBytes());
            assertEquals(BYTES, range.lengthBytes());
        }
    }

    @Test
    public void whatIsNotInThePageCacheIsNotLent() throws IOException {
        assertNull(store.lend(0, BYTES));
        write(0, random(BYTES - PAGE, 1));
        later.runAll();
        assertNull("its last page is not there", store.lend(0, BYTES));
        try (FileRange range = store.lend(0, BYTES - PAGE)) {
            assertNotNull(range);
        }
    }

    @Test
    public void whatTheStoreHasGrownByIsLentToo() throws Exception {
        store.resize(2 * BLOCKS);
        later.runAll();
        write(2 * BLOCKS - 256, random(BYTES, 1));
        later.runAll();
        try (FileRange range = store.lend(2 * BLOCKS - 256, BYTES)) {
            assertNotNull(range);
        }
    }

    @Test
    public void theFileStaysOpenUntilTheLastRangeIsBack() throws Exception {
        write(0, random(BYTES, 1));
        later.runAll();
        FileRange first = store.lend(0, BYTES);
        FileRange second = store.lend(0, PAGE);
        List<Exception> failures = new ArrayList<>();
        Thread closing = new Thread(() -> {
            try {
                store.close();
            } catch (Exception failed) {
                failures.add(failed);
            }
        });
        closing.start();
        while (closing.isAlive() && closing.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        first.close();
        assertTrue(volume.channel().isOpen());
        second.close();
        closing.join();
        assertEquals(List.of(), failures);
        assertFalse(volume.channel().isOpen());
        assertEquals(0, closed.getCount());
    }

    @Test
    public void closingDoesNotWaitForAnInitiatorThatDoesNotRead() throws Exception {
        LentRanges impatient = new LentRanges(volume, 1);
        FileRange range = impatient.lend(0, PAGE);
        impatient.close();
        assertTrue(volume.channel().isOpen());
        assertNull(impatient.lend(0, PAGE));
        range.close();
        assertTrue(closed.await(30, TimeUnit.SECONDS));
        assertFalse(volume.channel().isOpen());
        impatient.close();
    }

    @Test
    public void aPageThatHasToBeReadBeforeItIsWrittenDoesNotHoldUpTheCaller() {
        CompletionStage<Void> begin = write(9, random(7 * BLOCK, 2));
        CompletionStage<Void> end = write(16, random(PAGE + BLOCK, 3));
        assertEquals(2, later.tasks.size());
        later.runAll();
        assertTrue(begin.toCompletableFuture().isDone()
                && end.toCompletableFuture().isDone());
        assertSame("now they are there", Backstore.done(), write(9, random(16 * BLOCK, 4)));
    }

    @Test
    public void wholePagesAreWrittenAtOnce() {
        assertSame(Backstore.done(), write(8, random(PAGE, 1)));
    }

    @Test
    public void aFullFileSystemIsNamed() throws IOException {
        try (NativeFile full = NativeFile.open(Path.of("/dev/full"), true)) {
            ByteBuffer[] parts = {random(BLOCK, 1), random(BLOCK, 2)};
            IOException failed = assertThrows(IOException.class, () -> full.write(0, parts, 2 * BLOCK));
            assertTrue(failed.getMessage(), FileBackstore.isFull(failed));
        }
    }

    @Test
    public void whatCameInManyBuffersIsGathered() throws IOException {
        byte[] expected = new byte[300 * BLOCK];
        ByteBuffer data = random(expected.length, 5);
        data.duplicate().get(expected);
        ByteBuffer[] parts = new ByteBuffer[150];
        for (int i = 0; i < parts.length - 1; i++) {
            parts[i] = data.slice(i * 1000, 1000);
        }
        parts[149] = data.slice(149_000, expected.length - 149_000);
        parts[0] = ByteBuffer.allocateDirect(1010).put(10, data, 0, 1000).position(10);
        write(3, parts);
        later.runAll();
        assertArrayEquals(expected, content(3 * BLOCK, expected.length));
        assertArrayEquals(new byte[3 * BLOCK], content(0, 3 * BLOCK));
    }

    @Test
    public void buffersOnTheHeapAreWrittenToo() throws IOException {
        byte[] expected = new byte[PAGE];
        Arrays.fill(expected, (byte) 7);
        write(
                0,
                ByteBuffer.wrap(expected, 0, 100).slice(),
                ByteBuffer.wrap(expected, 100, PAGE - 100).slice());
        assertArrayEquals(expected, content(0, PAGE));
    }
}
