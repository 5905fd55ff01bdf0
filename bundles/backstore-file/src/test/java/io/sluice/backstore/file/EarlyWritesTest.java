package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeFalse;
import static org.junit.Assume.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the kernel has written to the disk of a file that nobody has flushed. By itself it would begin after half a minute. */
public class EarlyWritesTest {

    private static final int BLOCK = 512;
    private static final int PIECE = 1 << 20;
    private static final int PIECES = 8;
    private static final int WRITE = 64 << 10;

    /** cachestat(2) has this number on all architectures. */
    private static final long CACHESTAT = 451;

    private static final long SECONDS = 10;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder(new java.io.File("target"));

    private final TestContext context = new TestContext("disk0");
    private FileBackstore store;
    private int descriptor;

    private void open(SequenceSettings sequences) throws IOException {
        Path path = folder.newFile().toPath();
        Medium medium = Medium.of(path);
        assumeFalse("target/ is on " + medium.name(), medium.inMemory() || medium.remote());
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileTraits traits = new FileTraits(true, true, true, false, 4096, medium);
        NativeFile calls = NativeFile.open(path, true);
        descriptor = Integer.parseInt(calls.path().getFileName().toString());
        OpenFile file = new OpenFile(path, channel, calls, traits, () -> {}, () -> {});
        store = new FileBackstore(file, new BlockGeometry((long) PIECES * PIECE / BLOCK, BLOCK), context, sequences);
        assumeTrue("this kernel does not tell what is dirty (cachestat, Linux 6.5)", dirty() == 0);
    }

    @After
    public void close() throws Exception {
        if (store != null) {
            store.close().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        context.close();
    }

    /** Returns how many pages wait to be written, or are being written; -1 if the kernel does not tell. */
    private long dirty() {
        Function call = NativeLibrary.getProcess().getFunction("syscall");
        try (Memory range = new Memory(16);
                Memory counts = new Memory(40)) {
            range.clear();
            counts.clear();
            long result = call.invokeLong(new Object[] {CACHESTAT, (long) descriptor, range, counts, 0L});
            return result == 0 ? counts.getLong(8) + counts.getLong(16) : -1;
        }
    }

    private void write(int from, int to, int step) throws Exception {
        for (int offset = from; offset != to; offset += step) {
            store.write(offset / BLOCK, new ByteBuffer[] {ByteBuffer.allocateDirect(WRITE)}, Durability.CACHED)
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private long dirtyWhen(LongPredicate enough) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long pages = dirty();
        while (!enough.test(pages) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
            pages = dirty();
        }
        return pages;
    }

    @Test
    public void whatIsWrittenInOrderGoesToTheDiskAtOnce() throws Exception {
        open(new SequenceSettings(0, PIECE));
        write(0, PIECES * PIECE, WRITE);
        assertEquals(0, dirtyWhen(pages -> pages == 0));
    }

    @Test
    public void whatIsWrittenBackwardsWaitsForTheKernel() throws Exception {
        open(new SequenceSettings(0, PIECE));
        write(PIECES * PIECE - WRITE, -WRITE, -WRITE);
        assertEquals(PIECES * PIECE / 4096, dirty());
    }
}
