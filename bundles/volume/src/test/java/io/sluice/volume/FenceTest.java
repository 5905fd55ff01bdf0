package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/** A store that does not answer in time. */
public class FenceTest extends VolumeFixture {

    private static final Duration LATE = DEADLINE.plusSeconds(1);

    @Test
    public void aLateWriteKeepsNewerOnesOut() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> hung = write(0, 1);
        pass(DEADLINE.minusSeconds(1));
        assertFalse(over(hung));
        assertEquals(0, volume.statistics().fencedNanos());
        pass(LATE);
        OverdueException given = (OverdueException) failure(hung);
        assertTrue(volume.statistics().fencedNanos() > 0);
        assertEquals(Fault.TIMED_OUT, given.fault());
        assertFalse("its buffers are still used", over(given.over()));
        pass(DEADLINE.plusSeconds(2));
        expectNotReady(write(1, 2));
        CompletionStage<Void> reading = read(0);
        assertFalse("reads go to the store", over(reading));
        assertEquals(VolumeStatus.State.FENCED, volume.status().state());
        assertTrue(volume.status().problem(), volume.status().problem().contains("takes no writes"));

        store.takeHeld().complete(null);
        done(given.over());
        assertEquals(VolumeStatus.State.OPEN, volume.status().state());
        long fenced = volume.statistics().fencedNanos();
        assertEquals("it is no more", fenced, volume.statistics().fencedNanos());
        CompletionStage<Void> newer = write(1, 2);
        store.takeHeld().complete(null);
        done(reading);
        store.takeHeld().complete(null);
        done(newer);
        assertEquals(1, volume.statistics().overdueCount());
    }

    @Test
    public void aLateReadChangesNothingAndKeepsNobodyOut() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> hung = read(0);
        pass(LATE);
        OverdueException given = (OverdueException) failure(hung);
        CompletionStage<Void> written = write(1, 2);
        assertFalse("it goes to the store", over(written));
        CompletableFuture<Void> first = store.takeHeld();
        store.takeHeld().complete(null);
        done(written);
        assertFalse(over(given.over()));
        first.completeExceptionally(new IllegalStateException("a late failure"));
        done(given.over());
    }

    @Test
    public void theFenceOutlivesTheStore() {
        MemoryStore store = attached().hold();
        write(0, 1);
        pass(LATE);
        CompletionStage<Void> closed = volume.detach("replaced by hand");
        assertFalse(store.closed);
        CompletionStage<Void> waiting = read(0);
        attached();
        done(waiting);
        expectNotReady(write(0, 2));
        store.takeHeld().complete(null);
        done(closed);
        assertTrue(store.closed);
        done(write(0, 2));
    }

    /** One change is answered in the moment in which it is given up, and another one is overdue still. */
    @Test(timeout = 60_000)
    public void theFenceIsUpBeforeAChangeIsGivenUp() throws Exception {
        MemoryStore store = attached().hold();
        write(0, 1);
        long between = System.nanoTime();
        CompletionStage<Void> second = write(1, 2);
        volume.lookAfter(between + DEADLINE.toNanos());
        assertEquals("the first one alone", 1, volume.status().overdue());
        CompletableFuture<Void> first = store.takeHeld();
        Thread clock = new Thread(() -> pass(LATE));
        synchronized (volume.statistics().fenced()) {
            clock.start();
            while (clock.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
            store.takeHeld().complete(null);
            assertTrue(volume.fenced());
        }
        clock.join();
        done(second);
        assertTrue(volume.fenced());
        assertEquals(1, volume.status().overdue());
        first.complete(null);
        assertFalse(volume.fenced());
        assertEquals(0, volume.status().overdue());
    }

    @Test
    public void whatIsNotAboutBlocksKeepsTheStoreOpenAndNobodyOut() {
        MemoryStore store = attached();
        CompletableFuture<Void> elsewhere = new CompletableFuture<>();
        CompletionStage<Void> kept = volume.keepOpen(() -> elsewhere);
        pass(LATE);
        assertFalse("it goes on", over(kept));
        assertFalse(volume.fenced());
        assertEquals(0, volume.status().overdue());
        done(write(0, 1));
        CompletionStage<Void> closed = volume.detach("away");
        assertFalse(store.closed);
        expectNotReady(volume.keepOpen(Backstore::done));
        elsewhere.complete(null);
        done(kept);
        done(closed);
        assertTrue(store.closed);
    }

    @Test
    public void whatIsNotAboutBlocksMayFail() {
        MemoryStore store = attached();
        expectNotReady(
                volume.keepOpen(() -> CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "no"))));
        assertTrue(over(volume.keepOpen(() -> {
            throw new IllegalStateException("a bug");
        })));
        done(volume.detach("away"));
        assertTrue(store.closed);
    }

    @Test
    public void theDeadlineBeginsWhenTheStoreIsAsked() {
        CompletionStage<Void> waiting = write(0, 1);
        pass(HOLD.minusSeconds(1));
        MemoryStore store = MemoryStore.ofBlocks(BLOCKS).hold();
        done(volume.attach(store));
        pass(DEADLINE.minusSeconds(1));
        assertFalse(over(waiting));
        store.takeHeld().complete(null);
        done(waiting);
    }
}
