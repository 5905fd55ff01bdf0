package io.sluice.backstore.memory;

import static io.sluice.backstore.memory.MemoryBackstore.CHUNK_BYTES;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.Test;

public class MemoryBackstoreTest {

    private static final int BLOCK = 4096;
    private static final int CHUNK_BLOCKS = CHUNK_BYTES / BLOCK;

    private final MemoryBudget budget = new MemoryBudget(8L * CHUNK_BYTES);
    private final MemoryBackstore store = opened();

    private MemoryBackstore opened() {
        try {
            return MemoryBackstore.open(new BlockGeometry(4 * CHUNK_BLOCKS + 1, BLOCK), budget);
        } catch (BackstoreException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private CompletionStage<Void> write(long lba) {
        return store.write(lba, new ByteBuffer[] {ByteBuffer.allocate(BLOCK)}, Durability.CACHED);
    }

    private long allocated() {
        return store.allocatedBytes().toCompletableFuture().join();
    }

    private static Fault fault(CompletionStage<?> operation) {
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

    /** All of it is set aside, written or not, so that no write finds it used up. */
    @Test
    public void whatIsLeftIsWhatNoOpenStoreHas() throws Exception {
        assertEquals(3L * CHUNK_BYTES, budget.leftBytes());
        write(0);
        store.unmap(0, CHUNK_BLOCKS);
        assertEquals(3L * CHUNK_BYTES, budget.leftBytes());
        MemoryBackstore second = MemoryBackstore.open(new BlockGeometry(3 * CHUNK_BLOCKS, BLOCK), budget);
        BackstoreException refused =
                assertThrows(BackstoreException.class, () -> MemoryBackstore.open(new BlockGeometry(1, BLOCK), budget));
        assertEquals(Fault.NOT_READY, refused.fault());
        assertEquals(
                "of the 8M that all memory backstores together have, 0M are left: ask for less, delete another one, or"
                        + " start the gateway with more SLUICE_DIRECT_MEMORY",
                refused.getMessage());
        second.close();
        assertEquals(3L * CHUNK_BYTES, budget.leftBytes());
    }

    @Test
    public void growthIsRefusedWhereThereIsNoMemoryForIt() {
        assertSame("within its last chunk", Backstore.done(), store.resize(5 * CHUNK_BLOCKS));
        assertEquals(3L * CHUNK_BYTES, budget.leftBytes());
        assertSame(Backstore.done(), store.resize(7 * CHUNK_BLOCKS));
        assertEquals(CHUNK_BYTES, budget.leftBytes());
        assertEquals(Fault.OUT_OF_SPACE, fault(store.resize(9 * CHUNK_BLOCKS)));
        assertEquals(7 * CHUNK_BLOCKS, store.geometry().blocks());
        store.close();
        assertEquals(8L * CHUNK_BYTES, budget.leftBytes());
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
        assertEquals(0, allocated());
        assertEquals(8L * CHUNK_BYTES, budget.leftBytes());
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
    public void createBeyondWhatThereIsToGive() throws Exception {
        MemoryBudget much = new MemoryBudget(1536L << 20);
        MemoryBackstoreProvider provider = new MemoryBackstoreProvider(much);
        String rest =
                "M are left: ask for less, delete another one, or start the gateway with more SLUICE_DIRECT_MEMORY";
        assertEquals("of the 1536M that all memory backstores together have, 1536" + rest, refusal(provider, 8L << 30));
        BackstoreConfig most =
                BackstoreConfig.builder("m", "memory").sizeBytes(1536L << 20).build();
        assertEquals(most, provider.create(most, null).toCompletableFuture().join());
        Backstore open = provider.open(most.withSizeBytes(1000L << 20), null)
                .toCompletableFuture()
                .join();
        assertEquals(
                "the sum counts, though nothing has been written",
                "of the 1536M that all memory backstores together have, 536" + rest,
                refusal(provider, 537L << 20));
        assertEquals(Fault.NOT_READY, fault(provider.open(most, null)));
        open.close();
        assertEquals(most, provider.create(most, null).toCompletableFuture().join());
    }

    @Test
    public void restartCanOnlyBeEmpty() {
        MemoryBackstoreProvider provider = new MemoryBackstoreProvider(budget);
        BackstoreConfig config = BackstoreConfig.builder("m", "memory")
                .sizeBytes(CHUNK_BYTES)
                .options(Map.of("restart", "full"))
                .build();
        CompletableFuture<BackstoreConfig> created =
                provider.create(config, null).toCompletableFuture();
        assertEquals(
                "option restart of a memory backstore is 'full': it can only be 'empty', or left out",
                assertThrows(CompletionException.class, created::join)
                        .getCause()
                        .getMessage());
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
