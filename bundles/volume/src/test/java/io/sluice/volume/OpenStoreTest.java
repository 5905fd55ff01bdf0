package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

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
}
