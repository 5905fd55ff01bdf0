package io.sluice.volume.move;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.SuppliedRead;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.junit.Test;

/** What is changed is marked after the change, whatever was copied of it meanwhile. */
public class TapTest {

    private static final long REGION = (256 << 10) / 512;

    private final BlockGeometry geometry = new BlockGeometry(4 * REGION, 512);
    private final DirtyMap map = new DirtyMap(geometry);
    private final Changing store = new Changing();
    private final Tap tap = new Tap(store, map);

    /** A store whose changes answer as a test likes. */
    private final class Changing implements Backstore, CryptographicErase, Unmap, WriteZeroes, Resize {
        private Supplier<CompletionStage<Void>> answer = Backstore::done;

        @Override
        public BlockGeometry geometry() {
            return geometry;
        }

        @Override
        public CompletionStage<Void> read(long lba, ByteBuffer destination) {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
            return answer.get();
        }

        @Override
        public CompletionStage<Void> unmap(long lba, long blocks) {
            return answer.get();
        }

        @Override
        public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
            return answer.get();
        }

        @Override
        public CompletionStage<Void> eraseKey() {
            return answer.get();
        }

        @Override
        public CompletionStage<Void> resize(long blocks) {
            return answer.get();
        }

        @Override
        public CompletionStage<Void> flush() {
            return Backstore.done();
        }

        @Override
        public CompletionStage<Void> close() {
            return Backstore.done();
        }
    }

    private CompletionStage<Void> write() {
        return tap.write(
                REGION - 1, new ByteBuffer[] {ByteBuffer.allocate(512), ByteBuffer.allocate(512)}, Durability.CACHED);
    }

    /** The copy takes the regions when the change is under way, and before it is made. */
    private CompletionStage<Void> copied() {
        assertTrue(map.isMarked(0));
        assertTrue(map.isMarked(1));
        map.clear(0);
        map.clear(1);
        return Backstore.done();
    }

    private void marksWhatIs(Supplier<CompletionStage<Void>> change) {
        store.answer = this::copied;
        assertEquals(Backstore.done(), change.get());
        isMarked();
        CompletableFuture<Void> late = new CompletableFuture<>();
        store.answer = () -> late;
        CompletionStage<Void> changed = change.get();
        copied();
        assertFalse(map.isMarked(0));
        late.completeExceptionally(new IllegalStateException("perhaps half of it"));
        assertTrue(changed.toCompletableFuture().isCompletedExceptionally());
        isMarked();
    }

    private void isMarked() {
        assertEquals("both regions, and no other", 2 * 256 << 10, map.markedBytes());
        copied();
    }

    @Test
    public void writesAreMarkedWhenTheyHaveEnded() {
        marksWhatIs(this::write);
    }

    @Test
    public void unmappedBlocksAreMarkedWhenTheyAreGone() {
        marksWhatIs(() -> tap.unmap(REGION - 1, 2));
    }

    @Test
    public void zerosAreMarkedWhenTheyAreThere() {
        marksWhatIs(() -> tap.writeZeroes(REGION - 1, 2, Durability.STABLE));
    }

    /** Whoever asks whether the blocks are encrypted learns it, and another key makes other blocks of all. */
    @Test
    public void everythingIsMarkedWhenTheKeyIsGone() {
        CryptographicErase erase = tap.ability(CryptographicErase.class);
        CompletableFuture<Void> late = new CompletableFuture<>();
        store.answer = () -> late;
        CompletionStage<Void> erased = erase.eraseKey();
        for (int region = 0; region < map.regions(); region++) {
            map.clear(region);
        }
        late.complete(null);
        assertTrue(erased.toCompletableFuture().isDone());
        assertEquals(geometry.sizeBytes(), map.markedBytes());
    }

    @Test
    public void aChangeThatThrowsIsMarkedToo() {
        store.answer = () -> {
            copied();
            throw new IllegalStateException("perhaps half of it");
        };
        assertThrows(IllegalStateException.class, this::write);
        isMarked();
    }

    @Test
    public void onlyWhatIsKnownPasses() {
        assertNotNull(tap.ability(Unmap.class));
        assertNotNull(tap.ability(WriteZeroes.class));
        assertNull("it would change the store without a mark", tap.ability(Resize.class));
        assertNull("the store below has it not", tap.ability(SuppliedRead.class));
    }
}
