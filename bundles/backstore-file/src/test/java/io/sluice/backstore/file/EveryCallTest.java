package io.sluice.backstore.file;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.testkit.TestContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A fixed mix of operations, in which each call to the system fails in turn. All transfers are short. */
public class EveryCallTest {

    private static final int BLOCK = 512;
    private static final int BLOCKS = 64;
    private static final int LENGTH = 4;
    private static final byte OLD = 1;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final TestContext context = new TestContext("disk0");
    private Path path;
    private FaultyChannel channel;
    private FileBackstore store;

    /** One after the other; those that flush fail for good when a flush has failed. */
    private record Step(String name, Supplier<CompletionStage<Void>> operation) {}

    private final List<Step> steps = List.of(
            new Step("write", () -> write(0, 2, Durability.CACHED)),
            new Step("flush", () -> store.flush()),
            new Step("stable write", () -> write(8, 3, Durability.STABLE)),
            new Step("zeroes", () -> store.writeZeroes(16, LENGTH, Durability.CACHED)),
            new Step("stable zeroes", () -> store.writeZeroes(24, LENGTH, Durability.STABLE)),
            new Step("unmap", () -> store.unmap(32, LENGTH)),
            new Step("resize", () -> store.resize(2 * BLOCKS)),
            new Step("write again", () -> write(0, 4, Durability.CACHED)),
            new Step("close", () -> store.close()));

    @After
    public void endThreads() {
        context.close();
    }

    private CompletionStage<Void> write(long lba, int value, Durability durability) {
        byte[] data = new byte[LENGTH * BLOCK];
        Arrays.fill(data, (byte) value);
        return store.write(lba, new ByteBuffer[] {ByteBuffer.wrap(data)}, durability);
    }

    private void open(int blocks) throws IOException {
        channel = new FaultyChannel(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE));
        FileTraits traits = new FileTraits(true, true, false, false, 4096, Medium.ofFileSystem("ext4"));
        OpenFile file = new OpenFile(path, channel, null, traits, () -> {}, () -> {});
        store = new FileBackstore(file, new BlockGeometry(blocks, BLOCK), context, SequenceSettings.NONE);
    }

    private static BackstoreException result(CompletionStage<Void> operation) throws Exception {
        try {
            operation.toCompletableFuture().get(30, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException failed) {
            return (BackstoreException) failed.getCause();
        }
    }

    @Test
    public void anErrorInAnyCallIsToldOnceAndLatchesOnlyIfItWasAFlush() throws Exception {
        int calls = run(Integer.MAX_VALUE, "Input/output error");
        for (int call = 0; call < calls; call++) {
            run(call, "Input/output error");
        }
        assertTrue(calls + " calls", calls > 20);
    }

    @Test
    public void aLackOfSpaceInAnyWriteLatchesNothing() throws Exception {
        int calls = run(Integer.MAX_VALUE, "No space left on device");
        for (int call = 0; call < calls; call++) {
            run(call, "No space left on device");
        }
    }

    /** Returns the number of calls. */
    private int run(int failing, String why) throws Exception {
        path = folder.newFile().toPath();
        byte[] old = new byte[BLOCKS * BLOCK + 100];
        Arrays.fill(old, OLD);
        Files.write(path, old);
        open(BLOCKS);
        channel.failAt(failing, new IOException(why));
        List<String> failed = new ArrayList<>();
        boolean latched = false;
        int forces = 0;
        for (Step step : steps) {
            int before = channel.calls();
            BackstoreException failure = result(step.operation().get());
            boolean hit = before <= failing && failing < channel.calls();
            assertEquals(step.name() + " with call " + failing, hit || latched, failure != null);
            if (hit) {
                failed.add(step.name());
                boolean flush = channel.forces > forces && failing == channel.calls() - 1;
                latched = flush;
                Fault expected = flush || !why.startsWith("No space") ? Fault.WRITE_FAILED : Fault.OUT_OF_SPACE;
                assertEquals(step.name(), expected, failure.fault());
            } else if (latched) {
                assertEquals("no flush after one that has failed", forces, channel.forces);
            }
            forces = channel.forces;
        }
        assertEquals(failing == Integer.MAX_VALUE ? 0 : 1, failed.size());
        assertContent(failed, latched);
        assertUsableWhenOpenedAnew();
        return channel.calls();
    }

    private void assertContent(List<String> failed, boolean latched) throws IOException {
        byte[] seen = Files.readAllBytes(path);
        boolean some = latched || failed.contains("write") || failed.contains("write again");
        assertBlocks(seen, 0, some ? new int[] {OLD, 2, 4} : new int[] {4});
        assertBlocks(seen, 8, latched || failed.contains("stable write") ? new int[] {OLD, 3} : new int[] {3});
        assertBlocks(seen, 16, latched || failed.contains("zeroes") ? new int[] {OLD, 0} : new int[] {0});
        assertBlocks(seen, 24, latched || failed.contains("stable zeroes") ? new int[] {OLD, 0} : new int[] {0});
        assertBlocks(seen, 32, latched || failed.contains("unmap") ? new int[] {OLD, 0} : new int[] {0});
        assertBlocks(seen, 40, new int[] {OLD});
        if (seen.length > BLOCKS * BLOCK + 100) {
            assertEquals("what was added reads as zeros", 0, seen[BLOCKS * BLOCK + 50]);
        }
    }

    private static void assertBlocks(byte[] seen, int lba, int[] possible) {
        for (int i = lba * BLOCK; i < (lba + LENGTH) * BLOCK; i++) {
            int value = seen[i];
            assertTrue("byte " + i + " is " + value, Arrays.stream(possible).anyMatch(each -> each == value));
        }
    }

    private void assertUsableWhenOpenedAnew() throws Exception {
        FaultyChannel before = channel;
        open(BLOCKS);
        assertNull(result(write(0, 9, Durability.STABLE)));
        assertNull(result(store.flush()));
        assertNull(result(store.close()));
        channel = before;
    }
}
