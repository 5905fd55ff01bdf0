package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assume.assumeFalse;
import static org.junit.Assume.assumeTrue;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the kernel has written to the disk of a file that nobody has flushed. By itself it would begin after half a minute. */
public class EarlyWritesTest {

    private static final int BLOCK = 512;
    private static final int PAGE = 4096;
    private static final int WRITE = 64 << 10;
    private static final int BYTES = 32 << 20;
    private static final long SECONDS = 10;

    /** cachestat(2) has this number on all architectures. */
    private static final long CACHESTAT = 451;

    private static final int RANGE_BYTES = 16;
    private static final int COUNTS_BYTES = 40;
    private static final int DIRTY = 8;
    private static final int WRITEBACK = 16;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder(new File("target"));

    private final TestContext context = new TestContext("disk0");
    private Backstore store;
    private NativeFile file;

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private void open(Map<String, Object> settings) throws Exception {
        Path path = folder.getRoot().toPath().toRealPath().resolve("disk.img");
        Medium medium = Medium.of(path.getParent());
        assumeFalse("target/ is on " + medium.name(), medium.inMemory() || medium.remote());
        FileBackstoreProvider provider = new FileBackstoreProvider();
        provider.modified(settings);
        provider.allow(path.getParent().toString(), "");
        BackstoreConfig asked = BackstoreConfig.builder("disk0", provider.type())
                .sizeBytes(BYTES)
                .thin(true)
                .blockSize(BLOCK)
                .physicalBlockSize(PAGE)
                .options(Map.of("path", path.toString()))
                .build();
        store = await(provider.open(await(provider.create(asked, context)), context));
        file = NativeFile.open(path, false);
        assumeTrue("this kernel does not tell what waits to be written (cachestat, Linux 6.5)", unwritten() == 0);
    }

    @After
    public void close() throws Exception {
        if (file != null) {
            file.close();
        }
        if (store != null) {
            await(store.close());
        }
        context.close();
    }

    /** Returns how many pages wait to be written, or are being written; -1 if the kernel does not tell. */
    private long unwritten() {
        Function call = NativeLibrary.getProcess().getFunction("syscall");
        long descriptor = Long.parseLong(file.path().getFileName().toString());
        try (Memory range = new Memory(RANGE_BYTES);
                Memory counts = new Memory(COUNTS_BYTES)) {
            range.clear();
            counts.clear();
            long result = call.invokeLong(new Object[] {CACHESTAT, descriptor, range, counts, 0L});
            return result == 0 ? counts.getLong(DIRTY) + counts.getLong(WRITEBACK) : -1;
        }
    }

    private void write(int from, int to, int step) throws Exception {
        for (int offset = from; offset != to; offset += step) {
            ByteBuffer[] data = {ByteBuffer.allocateDirect(WRITE)};
            await(store.write(offset / BLOCK, data, Durability.CACHED));
        }
    }

    private long unwrittenWhen(LongPredicate enough) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long pages = unwritten();
        while (!enough.test(pages) && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(1);
            pages = unwritten();
        }
        return pages;
    }

    /** With so much of others to write it begins with everything. */
    private static void requireThatTheKernelHasTime() throws IOException {
        Map<String, Long> pages = Files.readAllLines(Path.of("/proc/vmstat")).stream()
                .map(line -> line.split(" "))
                .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1])));
        assumeTrue(
                "this machine has too much to write to see what the kernel leaves for later",
                pages.get("nr_dirty") < pages.get("nr_dirty_background_threshold") / 2);
    }

    @Test
    public void whatIsWrittenInOrderGoesToTheDiskAtOnce() throws Exception {
        open(Map.of());
        write(0, BYTES, WRITE);
        assertEquals(0, unwrittenWhen(pages -> pages == 0));
    }

    @Test
    public void whatIsWrittenBackwardsWaitsForTheKernel() throws Exception {
        open(Map.of());
        write(BYTES - WRITE, -WRITE, -WRITE);
        requireThatTheKernelHasTime();
        assertEquals(BYTES / PAGE, unwritten());
    }

    @Test
    public void nothingGoesToTheDiskAtOnceWhereThatIsSwitchedOff() throws Exception {
        open(Map.of("writeBehindMiB", "0"));
        write(0, BYTES, WRITE);
        requireThatTheKernelHasTime();
        assertEquals(BYTES / PAGE, unwritten());
    }
}
