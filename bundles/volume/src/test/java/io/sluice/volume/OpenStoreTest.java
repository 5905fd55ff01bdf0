package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.ability.Backlog;
import io.sluice.volume.move.DirtyMap;
import io.sluice.volume.move.Tap;
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
}
