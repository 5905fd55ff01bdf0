package io.sluice.testkit;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.LayerConfig;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Test;

/** The stores that stand for bad ones do what they are there for. */
public class MisbehavingStoresTest {

    private final Below below = new Below();

    /** Can unmap, and nothing else. */
    private static final class Below implements Backstore, Unmap, LentRead {
        private int unmaps;
        private int closes;

        @Override
        public BlockGeometry geometry() {
            return new BlockGeometry(1, 512);
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> flush() {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long blocks) {
            unmaps++;
            return Backstore.done();
        }

        @Override
        public FileRange lend(long lba, int lengthBytes) {
            return null;
        }

        @Override
        public CompletionStage<Void> close() {
            closes++;
            return Backstore.done();
        }
    }

    @Test
    public void hangsUntilLetGo() {
        HangingBackstore store = new HangingBackstore(below);
        assertTrue(store.flush().toCompletableFuture().isDone());
        store.hang();
        CompletableFuture<Void> unmap = store.ability(Unmap.class).unmap(0, 1).toCompletableFuture();
        CompletableFuture<Void> close = store.close().toCompletableFuture();
        assertEquals(2, store.hanging());
        assertFalse(unmap.isDone() || close.isDone());
        assertEquals(0, below.unmaps);
        store.letGo();
        assertTrue(unmap.isDone() && close.isDone());
        assertEquals(1, below.unmaps);
    }

    @Test
    public void tellsTwice() {
        AtomicInteger told = new AtomicInteger();
        TwiceBackstore store = new TwiceBackstore(below);
        store.flush().whenComplete((done, failure) -> told.incrementAndGet());
        store.flush().handle((done, failure) -> told.incrementAndGet());
        assertEquals(4, told.get());
    }

    @Test
    public void throwsInEachManner() {
        ThrowingBackstore store = new ThrowingBackstore(below);
        assertTrue(store.flush().toCompletableFuture().isDone());
        store.behave(ThrowingBackstore.Manner.EXCEPTION);
        assertThrows(IllegalStateException.class, store::flush);
        store.behave(ThrowingBackstore.Manner.ERROR);
        assertThrows(
                NoClassDefFoundError.class, () -> store.ability(Unmap.class).unmap(0, 1));
        store.behave(ThrowingBackstore.Manner.NULL);
        assertNull(store.close());
        store.behave(ThrowingBackstore.Manner.STRANGE_FAILURE);
        assertThrows(ArithmeticException.class, () -> BackstoreFixture.await(store.flush()));
    }

    @Test
    public void delaysAndCountsAndLetsNothingAround() throws Exception {
        LayerConfig config = new LayerConfig("delaying", Map.of("micros", "20000"));
        Backstore store = BackstoreFixture.await(new DelayingLayer().open(below, config, null));
        long begin = System.nanoTime();
        BackstoreFixture.await(store.flush());
        assertTrue(System.nanoTime() - begin >= 20_000_000);
        Unmap unmap = store.ability(Unmap.class);
        assertNotNull(unmap);
        BackstoreFixture.await(unmap.unmap(0, 1));
        assertEquals(2, ((DelayingBackstore) store).operations());
        assertNull("what the store below cannot do", store.ability(Resize.class));
        assertNull("what would go around the layer", store.ability(LentRead.class));
    }

    @Test
    public void aLayerThatIsRefusedClosesWhatIsBelow() {
        LayerConfig config = new LayerConfig("delaying", Map.of("micros", "soon"));
        CompletionStage<Backstore> opened = new DelayingLayer().open(below, config, null);
        assertThrows(BackstoreException.class, () -> BackstoreFixture.await(opened));
        assertEquals(1, below.closes);
    }
}
