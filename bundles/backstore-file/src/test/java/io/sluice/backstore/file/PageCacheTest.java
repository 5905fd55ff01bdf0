package io.sluice.backstore.file;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
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

    private final TestContext context = new TestContext("disk0");
    private OpenFile file;
    private final CountDownLatch closed = new CountDownLatch(1);
    private FileBackstore store;

    @Before
    public void open() throws IOException {
        Path path = folder.newFile("disk.img").toPath();
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(1), (long) BLOCKS * BLOCK - 1);
        FileTraits traits = new FileTraits(true, true, true, false, PAGE, Medium.ofFileSystem("ext4"));
        file = new OpenFile(path, channel, NativeFile.open(path, true), traits, () -> {}, closed::countDown);
        store = new FileBackstore(file, new BlockGeometry(BLOCKS, BLOCK), context, SequenceSettings.NONE);
    }

    @After
    public void close() throws Exception {
        if (closed.getCount() > 0) {
            await(store.close());
        }
        context.close();
    }

    private static void await(CompletionStage<Void> operation) throws Exception {
        operation.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static ByteBuffer random(int bytes, int seed) {
        byte[] data = new byte[bytes];
        new Random(seed).nextBytes(data);
        return ByteBuffer.allocateDirect(bytes).put(data).flip();
    }

    private void write(long lba, ByteBuffer... source) throws Exception {
        await(store.write(lba, source, Durability.CACHED));
    }

    private byte[] content(long offset, int length) throws IOException {
        ByteBuffer seen = ByteBuffer.allocate(length);
        file.channel().read(seen, offset);
        return seen.array();
    }

    @Test
    public void whatIsInThePageCacheIsLent() throws Exception {
        write(8, random(BYTES, 1));
        try (FileRange range = store.lend(8, BYTES)) {
            assertSame(file.channel(), range.channel());
            assertEquals(8 * BLOCK, range.offsetBytes());
            assertEquals(BYTES, range.lengthBytes());
        }
    }

    @Test
    public void whatIsNotInThePageCacheIsNotLent() throws Exception {
        assertNull(store.lend(0, BYTES));
        write(0, random(BYTES - PAGE, 1));
        assertNull("its last page is not there", store.lend(0, BYTES));
        try (FileRange range = store.lend(0, BYTES - PAGE)) {
            assertNotNull(range);
        }
    }

    @Test
    public void whatTheStoreHasGrownByIsLentToo() throws Exception {
        await(store.resize(2 * BLOCKS));
        write(2 * BLOCKS - 256, random(BYTES, 1));
        try (FileRange range = store.lend(2 * BLOCKS - 256, BYTES)) {
            assertNotNull(range);
        }
    }

    @Test
    public void theFileStaysOpenUntilTheLastRangeIsBack() throws Exception {
        write(0, random(BYTES, 1));
        FileRange first = store.lend(0, BYTES);
        FileRange second = store.lend(0, PAGE);
        CompletionStage<Void> closing = store.close();
        for (FileRange third = store.lend(0, PAGE); third != null; third = store.lend(0, PAGE)) {
            third.close();
        }
        first.close();
        assertTrue(file.channel().isOpen());
        assertFalse(closing.toCompletableFuture().isDone());
        context.hold();
        second.close();
        assertTrue("it is not closed by the thread that sends", file.channel().isOpen());
        context.release();
        await(closing);
        assertFalse(file.channel().isOpen());
        assertEquals(0, closed.getCount());
    }

    @Test
    public void noWriteIsMadeByTheCaller() throws Exception {
        context.hold();
        CompletionStage<Void> wholePages = store.write(8, new ByteBuffer[] {random(PAGE, 1)}, Durability.CACHED);
        assertFalse(wholePages.toCompletableFuture().isDone());
        assertArrayEquals(new byte[PAGE], content(8 * BLOCK, PAGE));
        context.release();
        await(wholePages);
        assertEquals(random(PAGE, 1).get(0), content(8 * BLOCK, PAGE)[0]);
    }

    /** A page that has to be read before it is written does not hold up the writer. */
    @Test
    public void partsOfPagesAreWrittenByOthers() throws Exception {
        write(9, random(7 * BLOCK, 2));
        write(16, random(PAGE + BLOCK, 3));
        byte[] expected = new byte[PAGE + BLOCK];
        random(PAGE + BLOCK, 3).get(expected);
        assertArrayEquals(expected, content(16 * BLOCK, PAGE + BLOCK));
    }

    @Test
    public void aFullFileSystemIsNamed() throws IOException {
        try (NativeFile full = NativeFile.open(Path.of("/dev/full"), true)) {
            ByteBuffer[] parts = {random(BLOCK, 1), random(BLOCK, 2)};
            IOException failed = assertThrows(IOException.class, () -> full.write(0, parts, 2 * BLOCK));
            assertTrue(failed.getMessage(), FileIo.isFull(failed));
        }
    }

    @Test
    public void whatCameInManyBuffersIsGathered() throws Exception {
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
        assertArrayEquals(expected, content(3 * BLOCK, expected.length));
        assertArrayEquals(new byte[3 * BLOCK], content(0, 3 * BLOCK));
    }

    @Test
    public void buffersOnTheHeapAreWrittenToo() throws Exception {
        byte[] expected = new byte[PAGE];
        Arrays.fill(expected, (byte) 7);
        write(
                0,
                ByteBuffer.wrap(expected, 0, 100).slice(),
                ByteBuffer.wrap(expected, 100, PAGE - 100).slice());
        assertArrayEquals(expected, content(0, PAGE));
    }
}
