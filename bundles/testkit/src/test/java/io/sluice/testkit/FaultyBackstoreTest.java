package io.sluice.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.testkit.FaultyBackstore.Operation;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.Test;

public class FaultyBackstoreTest {

    private final CountingBackstore below = new CountingBackstore();
    private final FaultyBackstore store = new FaultyBackstore(below);

    @Test
    public void failsTheChosenOperationOnly() throws Exception {
        BackstoreException failure = new BackstoreException(Fault.READ_FAILED, "on purpose");
        store.fail(Operation.READ, 2, failure);
        BackstoreFixture.await(store.read(0, ByteBuffer.allocate(512)));
        CompletableFuture<Void> second = store.read(0, ByteBuffer.allocate(512)).toCompletableFuture();
        assertSame(failure, assertThrows(ExecutionException.class, second::get).getCause());
        BackstoreFixture.await(store.read(0, ByteBuffer.allocate(512)));
        BackstoreFixture.await(store.flush());
        assertEquals(3, store.count(Operation.READ));
        assertEquals("the one that failed did not get through", 2, below.reads);
    }

    @Test
    public void failsWhateverComes() throws Exception {
        store.fail(2, operation -> new BackstoreException(Fault.WRITE_FAILED, operation + " fails on purpose"));
        BackstoreFixture.await(store.read(0, ByteBuffer.allocate(512)));
        assertEquals(
                "FLUSH fails on purpose",
                assertThrows(BackstoreException.class, () -> BackstoreFixture.await(store.flush()))
                        .getMessage());
        BackstoreFixture.await(store.flush());
        assertEquals(3, store.count());
        assertEquals(1, below.flushes);
    }

    @Test
    public void holdsUntilLetGo() {
        CompletableFuture<Void> gate = store.hold(Operation.FLUSH, 1);
        CompletableFuture<Void> flush = store.flush().toCompletableFuture();
        assertFalse(flush.isDone());
        assertEquals(0, below.flushes);
        gate.complete(null);
        assertTrue(flush.isDone());
        assertEquals(1, below.flushes);
    }

    /** Counts what gets through. */
    private static final class CountingBackstore implements Backstore {
        private int reads;
        private int flushes;

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(1, 512);
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            reads++;
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> flush() {
            flushes++;
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }
}
