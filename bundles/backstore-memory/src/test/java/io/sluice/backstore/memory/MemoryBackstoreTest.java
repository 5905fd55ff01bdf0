package io.sluice.backstore.memory;

import static io.sluice.backstore.memory.MemoryBackstore.CHUNK_BYTES;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

public class MemoryBackstoreTest {

    private static final int BLOCK = 4096;
    private static final int CHUNK_BLOCKS = CHUNK_BYTES / BLOCK;

    private final MemoryBudget budget = new MemoryBudget(8L * CHUNK_BYTES);
    private final MemoryBackstoreProvider provider = new MemoryBackstoreProvider(budget);
    private final Backstore opened =
            open(config((4 * CHUNK_BLOCKS + 1) * BLOCK)).join();
    private final MemoryBackstore store = (MemoryBackstore) opened;

    private static BackstoreConfig config(long sizeBytes) {
        return BackstoreConfig.builder("m", "memory")
                .sizeBytes(sizeBytes)
                .blockSize(BLOCK)
                .physicalBlockSize(BLOCK)
                .build();
    }

    private CompletableFuture<Backstore> open(BackstoreConfig config) {
        return provider.open(config, null).toCompletableFuture();
    }

    private CompletionStage<Void> write(long lba) {
        return store.write(lba, new ByteBuffer[] {ByteBuffer.allocate(BLOCK)}, Durability.CACHED);
    }

    private long allocated() {
        return store.allocatedBytes().toCompletableFuture().join();
    }

    private static Fault fault(CompletionStage<Void> operation) {
        CompletionException failed = assertThrows(CompletionException.class, operation.toCompletableFuture()::join);
        return ((BackstoreException) failed.getCause()).fault();
    }

    @Test
    public void completesInTheCallersThread() {
        assertSame(Backstore.done(), write(0));
        assertSame(Backstore.done(), store.read(0, ByteBuffer.allocate(BLOCK)));
        assertSame(Backstore.done(), store.flush());
    }

    @Test
    public void takesMemoryChunkByChunk() {
        assertEquals(0, allocated());
        write(0);
        write(1);
        assertEquals(CHUNK_BYTES, allocated());
        write(4 * CHUNK_BLOCKS);
        assertEquals(2L * CHUNK_BYTES, allocated());
    }

    /** The store of this test has taken five chunks of eight. */
    @Test
    public void whatCannotBeHadLaterIsRefusedAtOnce() {
        String reason =
                "memory backstores have 3M left of 8M, and it needs 4M: ask for less, or start the gateway with more"
                        + " SLUICE_DIRECT_MEMORY";
        assertEquals(reason, refusal(provider, 4L * CHUNK_BYTES));
        CompletionException failed = assertThrows(CompletionException.class, open(config(4L * CHUNK_BYTES))::join);
        assertEquals(reason, failed.getCause().getMessage());
        assertEquals(Fault.OUT_OF_SPACE, fault(store.resize(9L * CHUNK_BLOCKS)));
        assertSame(Backstore.done(), store.resize(8L * CHUNK_BLOCKS));
        assertEquals(Fault.NOT_READY, fault(open(config(BLOCK)).thenApply(none -> null)));
        for (int chunk = 0; chunk < 8; chunk++) {
            assertSame("all that it may need is there", Backstore.done(), write((long) chunk * CHUNK_BLOCKS));
        }
    }

    @Test
    public void restartIsEmptyOrLeftOut() {
        BackstoreConfig wrong = config(CHUNK_BYTES).withOption("restart", "full");
        CompletableFuture<BackstoreConfig> created =
                provider.create(wrong, null).toCompletableFuture();
        assertEquals(
                "option restart is empty or left out, not 'full'",
                assertThrows(CompletionException.class, created::join)
                        .getCause()
                        .getMessage());
        BackstoreConfig right = config(CHUNK_BYTES).withOption("restart", "empty");
        assertEquals(right, provider.create(right, null).toCompletableFuture().join());
    }

    @Test
    public void unmapOfTheShortLastChunkFreesIt() {
        write(4 * CHUNK_BLOCKS);
        store.unmap(4 * CHUNK_BLOCKS, 1);
        assertEquals(0, allocated());
    }

    @Test
    public void zeroWriteKeepsItsSpace() {
        write(0);
        store.writeZeroes(0, CHUNK_BLOCKS, Durability.CACHED);
        assertEquals(CHUNK_BYTES, allocated());
    }

    @Test
    public void closeGivesMemoryBack() {
        write(0);
        write(CHUNK_BLOCKS);
        store.close();
        assertTrue(budget.take(8L * CHUNK_BYTES));
    }

    @Test
    public void resizeBeyondTheMaximum() {
        assertEquals(Fault.OUT_OF_SPACE, fault(store.resize(1L << 40)));
    }

    private static String refusal(MemoryBackstoreProvider provider, long sizeBytes) {
        BackstoreConfig config =
                BackstoreConfig.builder("m", "memory").sizeBytes(sizeBytes).build();
        CompletableFuture<BackstoreConfig> created =
                provider.create(config, null).toCompletableFuture();
        return assertThrows(CompletionException.class, created::join).getCause().getMessage();
    }

    @Test
    public void createBeyondTheMaximum() {
        assertEquals(
                "a memory backstore has at most 1T: ask for less",
                refusal(new MemoryBackstoreProvider(budget), 2L << 40));
    }

    @Test
    public void createBeyondWhatThereIsToGive() {
        MemoryBackstoreProvider provider = new MemoryBackstoreProvider(new MemoryBudget(1536L << 20));
        assertEquals(
                "memory backstores have 1536M left of 1536M, and it needs 8192M: ask for less, or start the gateway with"
                        + " more SLUICE_DIRECT_MEMORY",
                refusal(provider, 8L << 30));
        BackstoreConfig most =
                BackstoreConfig.builder("m", "memory").sizeBytes(1536L << 20).build();
        assertEquals(most, provider.create(most, null).toCompletableFuture().join());
    }

    @Test
    public void budgetIsDirectMemoryLessWhatTransfersNeed() {
        assertEquals("a quarter of much", 6L << 30, MemoryBudget.withoutTransfers(8L << 30));
        assertEquals("half a gibibyte of 2 GiB", 1536L << 20, MemoryBudget.withoutTransfers(2L << 30));
        assertEquals("half of little", 128L << 20, MemoryBudget.withoutTransfers(256L << 20));
    }

    /** The tests run with -XX:MaxDirectMemorySize=640m and another limit of the heap. */
    @Test
    public void directMemoryIsWhatTheVirtualMachineWasGiven() {
        assertEquals(640L << 20, MemoryBudget.maximumDirectMemory());
    }

    /** One thread writes blocks full of one value after the other; no read may see two values in a block. */
    @Test
    public void blocksAreOldOrNew() {
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            byte[] block = new byte[BLOCK];
            for (int value = 0; !ended.get(); value++) {
                Arrays.fill(block, (byte) value);
                store.write(0, new ByteBuffer[] {ByteBuffer.wrap(block)}, Durability.CACHED);
            }
        });
        byte[] seen = new byte[BLOCK];
        for (int i = 0; i < 20_000; i++) {
            store.read(0, ByteBuffer.wrap(seen));
            for (byte value : seen) {
                assertEquals("a block with two values", seen[0], value);
            }
        }
        ended.set(true);
        writer.join();
    }
}
