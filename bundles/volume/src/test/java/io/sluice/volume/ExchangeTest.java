package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ForwardingBackstore;
import io.sluice.backstore.ability.Backlog;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** Open stores that take each other's place; none is closed by it. */
public class ExchangeTest extends VolumeFixture {

    private static final Duration LONG = Duration.ofHours(1);

    @Test
    public void operationsWaitForTheDecisionAndGoToTheOtherStore() throws Exception {
        MemoryStore old = attached();
        MemoryStore other = MemoryStore.ofBlocks(BLOCKS);
        CompletableFuture<Void> decision = new CompletableFuture<>();
        Exchanged exchanged = volume.exchange(other, LONG, store -> {
            store.write(
                    2, new ByteBuffer[] {ByteBuffer.allocate(MemoryStore.BLOCK).put(0, (byte) 3)}, Durability.CACHED);
            return decision;
        });
        CompletionStage<Void> waiting = write(1, 7);
        assertFalse(over(waiting));
        decision.complete(null);
        done(exchanged.done());
        done(waiting);
        assertEquals(7, other.bytes[MemoryStore.BLOCK]);
        assertEquals(3, old.bytes[2 * MemoryStore.BLOCK]);
        assertEquals("what was written is stable", 1, old.flushes);
        assertSame(old, exchanged.left().toCompletableFuture().join());
        assertFalse(old.closed);
    }

    @Test
    public void aDecisionThatFailsLeavesEverythingAsItWas() throws Exception {
        MemoryStore old = attached();
        MemoryStore other = MemoryStore.ofBlocks(BLOCKS);
        Exchanged exchanged = volume.exchange(
                other, LONG, store -> CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "no")));
        assertEquals("no", failure(exchanged.done()).getMessage());
        done(write(1, 7));
        assertEquals(7, old.bytes[MemoryStore.BLOCK]);
        assertFalse(over(exchanged.left()));
        assertFalse(other.closed);
        done(volume.exchange(other, LONG, store -> Backstore.done()).done());
    }

    @Test
    public void whatHangsInADecisionHoldsUpTheCloseAlone() throws Exception {
        MemoryStore old = attached();
        AtomicReference<Backstore> given = new AtomicReference<>();
        Exchanged exchanged = volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, store -> {
            given.set(store);
            old.hold();
            store.read(0, ByteBuffer.allocate(MemoryStore.BLOCK));
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "it takes too long"));
        });
        expectNotReady(exchanged.done());
        CompletableFuture<Void> hanging = old.takeHeld();
        CompletionStage<Void> written = write(1, 7);
        old.takeHeld().complete(null);
        done(written);
        expectNotReady(given.get().read(0, ByteBuffer.allocate(MemoryStore.BLOCK)));
        CompletionStage<Void> closed = volume.detach("away");
        assertFalse("it is being read", old.closed);
        hanging.complete(null);
        done(closed);
        assertTrue(old.closed);
        expectNotReady(given.get().read(0, ByteBuffer.allocate(MemoryStore.BLOCK)));
        assertEquals("nothing reaches it any more", 0, old.held.size());
    }

    @Test
    public void whatIsReadForADecisionDoesNotWaitForALimit() throws Exception {
        CompletableFuture<Void> turn = new CompletableFuture<>();
        MemoryStore limited = new MemoryStore(new byte[BLOCKS * MemoryStore.BLOCK]) {
            @Override
            public <A> A ability(Class<A> kind) {
                return kind == Backlog.class ? kind.cast((Backlog) this::letGo) : null;
            }

            private void letGo() {
                if (flushes > 0) {
                    turn.complete(null);
                }
            }
        };
        done(volume.attach(limited));
        done(volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, store -> {
                    limited.answerNext(() -> turn);
                    return store.read(0, ByteBuffer.allocate(MemoryStore.BLOCK));
                })
                .done());
    }

    @Test
    public void aStoreThatDoesNotFitIsRefusedAtOnce() {
        attached();
        assertThrows(
                BackstoreException.class,
                () -> volume.exchange(MemoryStore.ofBlocks(1), LONG, store -> Backstore.done()));
        done(read(0));
    }

    @Test
    public void whatTakesTooLongToEndIsNotWaitedFor() throws Exception {
        MemoryStore old = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        Exchanged exchanged =
                volume.exchange(MemoryStore.ofBlocks(BLOCKS), Duration.ofMillis(1), store -> Backstore.done());
        exchanged.done().exceptionally(failure -> null).toCompletableFuture().join();
        expectNotReady(exchanged.done());
        old.takeHeld().complete(null);
        done(running);
    }

    @Test
    public void aVolumeThatIsClosedBeforeTheDecisionStaysClosed() throws Exception {
        MemoryStore old = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        Exchanged exchanged = volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, store -> Backstore.done());
        CompletionStage<Void> closed = volume.close();
        assertFalse("it is in use", over(closed));
        old.takeHeld().complete(null);
        done(running);
        old.takeHeld().complete(null);
        expectNotReady(exchanged.done());
        done(closed);
        assertTrue(old.closed);
        assertEquals(VolumeStatus.State.CLOSED, volume.status().state());
        expectNotReady(read(0));
    }

    /** Whether the patience ends before or after. */
    @Test
    public void aVolumeThatIsClosedWhileAnExchangeIsCalledOffStaysClosed() throws Exception {
        MemoryStore old = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        Exchanged exchanged =
                volume.exchange(MemoryStore.ofBlocks(BLOCKS), Duration.ofMillis(1), store -> Backstore.done());
        CompletionStage<Void> closed = volume.close();
        exchanged.done().exceptionally(failure -> null).toCompletableFuture().join();
        expectNotReady(read(0));
        assertFalse("it is in use", over(closed));
        old.takeHeld().complete(null);
        done(running);
        closed.toCompletableFuture().join();
        assertTrue(old.closed);
        assertEquals(VolumeStatus.State.CLOSED, volume.status().state());
        expectNotReady(read(0));
    }

    @Test
    public void aFlushHasTimeOfItsOwn() throws Exception {
        MemoryStore old = attached();
        CompletableFuture<Void> flush = new CompletableFuture<>();
        old.answerNext(() -> flush);
        Duration soon = Duration.ofMillis(1);
        Exchanged exchanged = volume.exchange(MemoryStore.ofBlocks(BLOCKS), soon, store -> Backstore.done());
        CompletableFuture<Void> later = new CompletableFuture<>();
        runtime.schedule(() -> later.complete(null), soon.multipliedBy(2));
        later.join();
        assertFalse(over(exchanged.done()));
        flush.complete(null);
        done(exchanged.done());
    }

    /** A store and what is put around it. */
    private static final class Around extends ForwardingBackstore {
        Around(Backstore store) {
            super(store);
        }
    }

    @Test
    public void whatIsPutAroundAStoreClosesItWhenAllIsBack() {
        MemoryStore store = attached();
        done(volume.wrap(Around::new, LONG));
        done(write(2, 3));
        assertEquals(3, store.bytes[2 * MemoryStore.BLOCK]);
        for (int i = 0; i < 10_000; i++) {
            done(volume.wrap(around -> store, LONG));
        }
        store.hold();
        CompletionStage<Void> running = write(0, 1);
        CompletionStage<Void> closed = volume.detach("away");
        assertFalse(over(closed));
        store.takeHeld().complete(null);
        done(running);
        done(closed);
        assertTrue(store.closed);
    }

    @Test
    public void whatStillRunsIsWaitedForHoweverOftenItWasTried() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        for (int i = 0; i < 3; i++) {
            CompletionStage<Void> tried = volume.wrap(Around::new, Duration.ofMillis(1));
            tried.exceptionally(failure -> null).toCompletableFuture().join();
            expectNotReady(tried);
        }
        CompletionStage<Void> wrapped = volume.wrap(Around::new, LONG);
        assertFalse("a change would pass by what is put around", over(wrapped));
        store.takeHeld().complete(null);
        done(running);
        done(wrapped);
    }

    @Test
    public void aStoreIsGivenAwayOpen() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        CompletionStage<Backstore> given = volume.release("it is needed elsewhere");
        assertFalse(over(given));
        store.takeHeld().complete(null);
        done(running);
        assertSame(store, given.toCompletableFuture().join());
        assertFalse(store.closed);
        assertEquals(VolumeStatus.State.AWAY, volume.status().state());
    }
}
