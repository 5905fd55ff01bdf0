package io.sluice.backstore.memory;

import static io.sluice.backstore.memory.MemoryBackstore.CHUNK_BYTES;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.UnitIdentity;
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

    private final MemoryBudget budget = new MemoryBudget(2L * CHUNK_BYTES);
    private final MemoryBackstore store = new MemoryBackstore(new BlockGeometry(4 * CHUNK_BLOCKS + 1, BLOCK), budget);

    private CompletionStage<Void> write(long lba) {
        return store.write(lba, new ByteBuffer[] {ByteBuffer.allocate(BLOCK)}, Durability.CACHED);
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
        assertEquals(0, store.allocatedBytes());
        write(0);
        write(1);
        assertEquals(CHUNK_BYTES, store.allocatedBytes());
        write(4 * CHUNK_BLOCKS);
        assertEquals(2L * CHUNK_BYTES, store.allocatedBytes());
    }

    @Test
    public void outOfSpaceAtTheLimit() {
        write(0);
        write(CHUNK_BLOCKS);
        assertEquals(Fault.OUT_OF_SPACE, fault(write(2 * CHUNK_BLOCKS)));
        assertSame("the rest still works", Backstore.done(), write(1));
        store.unmap(0, CHUNK_BLOCKS);
        assertSame("space that was given back is used", Backstore.done(), write(2 * CHUNK_BLOCKS));
    }

    @Test
    public void unmapOfTheShortLastChunkFreesIt() {
        write(4 * CHUNK_BLOCKS);
        store.unmap(4 * CHUNK_BLOCKS, 1);
        assertEquals(0, store.allocatedBytes());
    }

    @Test
    public void zeroWriteKeepsItsSpace() {
        write(0);
        store.writeZeroes(0, CHUNK_BLOCKS, Durability.CACHED);
        assertEquals(CHUNK_BYTES, store.allocatedBytes());
    }

    @Test
    public void closeGivesMemoryBack() {
        write(0);
        write(CHUNK_BLOCKS);
        store.close();
        assertTrue(budget.take(2L * CHUNK_BYTES));
    }

    @Test
    public void resizeBeyondTheMaximum() {
        BackstoreException refused = assertThrows(BackstoreException.class, () -> store.resize(1L << 40));
        assertEquals("a memory backstore has at most 1T: ask for less", refused.getMessage());
    }

    @Test
    public void createBeyondTheMaximum() {
        BackstoreConfig config = new BackstoreConfig(
                "m", "memory", 2L << 40, 512, 512, false, false, false, false, 0, UnitIdentity.random(), Map.of());
        ConfigException refused =
                assertThrows(ConfigException.class, () -> new MemoryBackstoreProvider().create(config));
        assertEquals("a memory backstore has at most 1T: ask for less", refused.getMessage());
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
