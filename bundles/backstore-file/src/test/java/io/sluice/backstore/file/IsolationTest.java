package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A file system that hangs costs nobody but those who use it. */
public class IsolationTest {

    private static final int BLOCK = 4096;
    private static final int BLOCKS = 256;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("hanging");
    private HangingFile hanging;
    private FileBackstore store;

    private FileBackstore open(Path path, NativeFile nativeFile, TestContext threads) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.write(ByteBuffer.allocate(BLOCKS * BLOCK), 0);
        FileTraits traits = new FileTraits(true, true, true, false, BLOCK, Medium.ofFileSystem("ext4"));
        OpenFile file = new OpenFile(path, channel, nativeFile, traits, () -> {}, () -> {});
        return new FileBackstore(file, new BlockGeometry(BLOCKS, BLOCK), threads, SequenceSettings.NONE);
    }

    @Before
    public void hang() throws IOException {
        Path path = folder.newFile("hanging.img").toPath();
        hanging = HangingFile.open(path);
        store = open(path, hanging, context);
    }

    @After
    public void thaw() throws Exception {
        hanging.thaw();
        await(store.close());
        context.close();
    }

    private static void await(CompletionStage<Void> operation) throws Exception {
        operation.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    /** In two buffers, so that it is gathered. */
    private CompletionStage<Void> write(long lba) {
        ByteBuffer half = ByteBuffer.allocateDirect(BLOCK / 2);
        return store.write(lba, new ByteBuffer[] {half, half.duplicate()}, Durability.CACHED);
    }

    private static boolean isDone(CompletionStage<Void> operation) {
        return operation.toCompletableFuture().isDone();
    }

    /** Were it otherwise, this test would wait until the file is thawed, which it does itself at its end. */
    @Test
    public void writersReturnAtOnce() throws Exception {
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            writes.add(write(i));
        }
        assertTrue(hanging.begun.tryAcquire(30, TimeUnit.SECONDS));
        assertTrue(writes.stream().noneMatch(IsolationTest::isDone));
        hanging.thaw();
        for (CompletionStage<Void> write : writes) {
            await(write);
        }
    }

    @Test
    public void whatIsCachedIsReadAndLentMeanwhile() throws Exception {
        write(0);
        assertTrue(hanging.begun.tryAcquire(30, TimeUnit.SECONDS));
        assertSame(Backstore.done(), store.read(8, ByteBuffer.allocateDirect(BLOCK)));
        store.lend(16, BLOCK).close();
    }

    @Test
    public void anotherStoreIsWrittenAndFlushedMeanwhile() throws Exception {
        CompletionStage<Void> hangs = write(0);
        assertTrue(hanging.begun.tryAcquire(30, TimeUnit.SECONDS));
        TestContext others = new TestContext("other");
        Path path = folder.newFile("other.img").toPath();
        FileBackstore other = open(path, NativeFile.open(path, true), others);
        await(other.write(0, new ByteBuffer[] {ByteBuffer.allocateDirect(BLOCK)}, Durability.CACHED));
        await(other.flush());
        await(other.close());
        others.close();
        assertFalse(isDone(hangs));
    }

    /** The writer is held up by the first; helpers perform those behind it, of its batch and later ones. */
    @Test
    public void oneWriteThatIsHeldUpDoesNotHoldUpTheOthers() throws Exception {
        hanging.hangingBytes = BLOCK;
        context.hold();
        List<CompletionStage<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            writes.add(write(i));
        }
        context.release();
        for (int i = 1; i < 50; i++) {
            await(writes.get(i));
        }
        await(write(60));
        assertFalse(isDone(writes.get(0)));
    }

    /** Flushes wait for each other as callbacks: one that takes long leaves the other threads for reads. */
    @Test
    public void manyFlushesTakeOneThread() throws Exception {
        context.hold();
        List<CompletionStage<Void>> flushes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            flushes.add(store.flush());
        }
        assertEquals(1, context.held());
        context.release();
        for (CompletionStage<Void> flush : flushes) {
            await(flush);
        }
    }

    @Test
    public void aStoreWithoutThreadsRefusesWrites() throws Exception {
        TestContext ended = new TestContext("ended");
        Path path = folder.newFile("ended.img").toPath();
        FileBackstore closing = open(path, NativeFile.open(path, true), ended);
        await(closing.close());
        ended.close();
        CompletableFuture<Void> late = closing.write(
                        0, new ByteBuffer[] {ByteBuffer.allocateDirect(BLOCK)}, Durability.CACHED)
                .toCompletableFuture();
        try {
            late.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            assertEquals(Fault.NOT_READY, ((BackstoreException) failed.getCause()).fault());
        }
        assertTrue(late.isCompletedExceptionally());
    }
}
