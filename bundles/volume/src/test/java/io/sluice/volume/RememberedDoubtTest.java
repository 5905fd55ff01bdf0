package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Before;
import org.junit.Test;

/** What a store may have lost outlives the process, until the operator goes on with what is there. */
public class RememberedDoubtTest extends VolumeFixture {

    private static final String FAILED = "a flush of its storage failed: on purpose";
    private static final Duration LONG = Duration.ofHours(1);

    /** What the next process is to know; null if nothing. */
    private String kept;

    @Before
    public void remember() {
        volume.rememberDoubts(null, reason -> kept = reason);
    }

    private static CompletionStage<Void> failing() {
        return CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
    }

    private Volume next() {
        Volume next =
                new Volume("disk", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), VolumeSettings.DEFAULTS, runtime);
        next.rememberDoubts(kept, reason -> kept = reason);
        return next;
    }

    private MemoryStore latched() {
        MemoryStore store = attached();
        assertNull(kept);
        store.answerNext(RememberedDoubtTest::failing);
        failure(volume.flush());
        assertEquals(FAILED, kept);
        return store;
    }

    @Test
    public void theFirstStoreOfTheNextProcessIsNotTrusted() {
        latched();
        Volume next = next();
        assertTrue(next.doubted());
        done(next.attach(MemoryStore.ofBlocks(BLOCKS)));
        assertEquals(Fault.WRITE_FAILED, failure(next.flush()).fault());
        assertEquals(BackstoreHealth.State.READ_ONLY, next.status().health().state());
        assertTrue(next.status().problem(), next.status().problem().startsWith(FAILED));
        assertEquals("also of the one after that", FAILED, kept);
        next.trust();
        done(next.detach("on purpose"));
        assertEquals("until there is another", FAILED, kept);
        assertTrue("what is opened may be in a cache only", next.doubted());
        done(next.attach(MemoryStore.ofBlocks(BLOCKS)));
        done(next.flush());
        assertNull(kept);
        assertFalse(next.doubted());
    }

    @Test
    public void whatACloseHasLostIsKept() {
        done(volume.attach(new MemoryStore(new byte[BLOCKS * MemoryStore.BLOCK]) {
            @Override
            public CompletionStage<Void> close() {
                super.close();
                return failing();
            }
        }));
        volume.close();
        assertEquals("its storage was closed without being flushed: on purpose", kept);
    }

    @Test
    public void anExchangeThatIsCalledOffForgetsNothing() throws Exception {
        latched();
        failure(volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, old -> {
                    volume.trust();
                    return failing();
                })
                .done());
        assertEquals(FAILED, kept);
        done(volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, old -> {
                    volume.trust();
                    return Backstore.done();
                })
                .done());
        assertNull(kept);
    }

    @Test
    public void itGoesWithTheStore() throws Exception {
        latched();
        String[] keptOfOther = new String[1];
        Volume other =
                new Volume("other", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), VolumeSettings.DEFAULTS, runtime);
        other.rememberDoubts(null, reason -> keptOfOther[0] = reason);
        done(volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, old -> {
                    other.suspectAs(volume);
                    volume.trust();
                    return Backstore.done();
                })
                .done());
        assertNull(kept);
        assertEquals(FAILED, keptOfOther[0]);
    }
}
