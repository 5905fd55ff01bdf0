package io.sluice.volume;

import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.Backlog;
import io.sluice.backstore.ability.LentRead;
import io.sluice.volume.move.DirtyMap;
import io.sluice.volume.move.Tap;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class OpenStoreTest {

    /** A replacement asks, as soon as it is quiet, whether the close has to be waited for before another is opened. */
    @Test
    public void whoHearsThatItIsQuietFindsItUnused() {
        OpenStore store = new OpenStore("disk", MemoryStore.ofBlocks(8));
        assertTrue(store.lease());
        List<Boolean> unused = new ArrayList<>();
        store.shut()
                .thenRun(() -> unused.add(store.unused().toCompletableFuture().isDone()));
        assertEquals(List.of(), unused);
        store.giveBack();
        assertEquals(List.of(true), unused);
    }

    /** What a layer has wait for its turn would hold up whoever closes the store. */
    @Test
    public void operationsThatWaitOnPurposeAreHurried() {
        List<String> account = new ArrayList<>();
        MemoryStore slow = new MemoryStore(new byte[8 * MemoryStore.BLOCK]) {
            @Override
            public <A> A ability(Class<A> kind) {
                return kind == Backlog.class ? kind.cast((Backlog) () -> account.add("hurried")) : null;
            }
        };
        OpenStore store = new OpenStore("disk", slow);
        assertEquals(List.of(), account);
        store.shut();
        assertEquals(List.of("hurried"), account);
        OpenStore moving = store.within(new Tap(slow, new DirtyMap(slow.geometry())));
        moving.shut();
        assertEquals("a move may be under way", List.of("hurried", "hurried"), account);
    }

    private static final Runnable THROWS = () -> {
        throw new IllegalStateException("a bug");
    };

    /** What is counted for ever would keep the store from being closed, and its bundle from being updated. */
    @Test
    public void whatIsLentIsBackHoweverTheStoreTakesIt() throws Exception {
        OpenStore supplies = new OpenStore("disk", MemoryStore.ofBlocks(8));
        assertThrows(NullPointerException.class, () -> supplies.lend(null));
        SuppliedData data = supplies.lend(new SuppliedData(new ByteBuffer[0], 0, THROWS));
        supplies.shut();
        assertThrows(IllegalStateException.class, data::close);
        assertTrue(supplies.unused().toCompletableFuture().isDone());
        try (FileChannel file = FileChannel.open(Files.createTempFile("lent", null), DELETE_ON_CLOSE)) {
            MemoryStore lends = new MemoryStore(new byte[8 * MemoryStore.BLOCK]) {
                @Override
                public <A> A ability(Class<A> kind) {
                    LentRead lent = (lba, length) -> new FileRange(file, lba, length, THROWS);
                    return kind.isInstance(lent) ? kind.cast(lent) : null;
                }
            };
            OpenStore store = new OpenStore("disk", lends);
            FileRange range = store.lend(0, MemoryStore.BLOCK);
            store.shut();
            assertThrows(IllegalStateException.class, range::close);
            assertTrue(store.unused().toCompletableFuture().isDone());
        }
    }
}
