package io.sluice.scsi.internal.unit;

import static org.junit.Assert.assertEquals;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/** What is put back when a store is opened is what interrupted writes have left, and nothing else. */
public class WriteIntentsTest {

    private static final int BLOCK_BYTES = 512;

    private final HeapBackstore backstore = new HeapBackstore(new BlockGeometry(8, BLOCK_BYTES));
    private final Kept kept = new Kept();

    /** What is kept, in memory; something can happen just after it was read. */
    private static final class Kept implements UnitStateStore {

        private final List<Intent> intents = new ArrayList<>();
        private Runnable meanwhile = () -> {};

        @Override
        public UnitState load() {
            return UnitState.NEW;
        }

        @Override
        public CompletionStage<Void> save(UnitState state) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> saveIntent(long id, long lba, ByteBuffer[] data) {
            intents.add(new Intent(id, lba, data[0]));
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> clearIntent(long id) {
            intents.removeIf(intent -> intent.id() == id);
            return Backstore.done();
        }

        @Override
        public List<Intent> loadIntents() {
            List<Intent> read = List.copyOf(intents);
            meanwhile.run();
            return read;
        }
    }

    private static ByteBuffer block(int value) {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (int i = 0; i < BLOCK_BYTES; i++) {
            block.put(i, (byte) value);
        }
        return block;
    }

    private int present() {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        backstore.read(0, block).toCompletableFuture().join();
        return block.get(0);
    }

    @Test
    public void aWriteThatEndsMeanwhileIsNotUndone() {
        WriteIntents intents = new WriteIntents("unit", kept, null);
        KeptBlocks blocks = intents.keep(0, 1, block(1)).toCompletableFuture().join();
        backstore
                .write(0, new ByteBuffer[] {block(2)}, Durability.CACHED)
                .toCompletableFuture()
                .join();
        kept.meanwhile = () -> blocks.letGo().toCompletableFuture().join();
        intents.replay(backstore).toCompletableFuture().join();
        assertEquals(2, present());
    }

    @Test
    public void anInterruptedWriteIsUndone() {
        WriteIntents ended = new WriteIntents("unit", kept, null);
        ended.keep(0, 1, block(1)).toCompletableFuture().join();
        backstore
                .write(0, new ByteBuffer[] {block(2)}, Durability.CACHED)
                .toCompletableFuture()
                .join();
        new WriteIntents("unit", kept, null)
                .replay(backstore)
                .toCompletableFuture()
                .join();
        assertEquals(1, present());
        assertEquals(List.of(), kept.intents);
    }
}
