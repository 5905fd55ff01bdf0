package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.Unmap;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** Operations, their leases, what waits for a store, and what a store does wrong. */
public class VolumeTest extends VolumeFixture {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** Or an initiator would read what it has not been told of yet. */
    @Test
    public void listenersAreToldBeforeAnyOperationGetsToAStoreThatIsBack() {
        attached();
        done(volume.detach("away"));
        CompletionStage<Void> expired = read(0);
        pass(HOLD.plusSeconds(1));
        expectNotReady(expired);
        AtomicReference<Boolean> toldBeforeRead = new AtomicReference<>();
        MemoryStore back = new MemoryStore(new byte[BLOCKS * MemoryStore.BLOCK]) {
            @Override
            public CompletionStage<Void> read(long lba, ByteBuffer destination) {
                toldBeforeRead.set(told);
                return super.read(lba, destination);
            }
        };
        told = false;
        done(volume.attach(back));
        assertEquals("nobody can read yet", VolumeStatus.State.AWAY, whenTold);
        done(read(0));
        assertEquals(true, toldBeforeRead.get());
    }

    @Test
    public void whatEndsAtOnceIsTheSharedStage() {
        attached();
        assertSame(Backstore.done(), read(0));
        assertSame(Backstore.done(), write(0, 1));
        assertSame(Backstore.done(), volume.flush());
        assertEquals(1, volume.statistics().count(OperationKind.READ));
        assertEquals(512, volume.statistics().bytes(OperationKind.WRITE));
        assertTrue(volume.statistics().latencyMicros(OperationKind.READ, 99) >= 1);
        assertEquals(VolumeStatus.State.OPEN, volume.status().state());
    }

    @Test
    public void aStoreIsClosedWhenItsLastOperationHasEnded() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> slow = write(0, 1);
        CompletionStage<Void> closed = volume.detach("on purpose");
        assertFalse(store.closed);
        assertFalse(over(closed));
        store.takeHeld().complete(null);
        done(slow);
        done(closed);
        assertTrue(store.closed);
        assertEquals(List.of("came", "gone"), events);
    }

    @Test
    public void whatIsLentKeepsTheStoreOpen() throws IOException {
        class Lender extends MemoryStore implements LentRead {
            private int back;

            Lender() {
                super(new byte[BLOCKS * BLOCK]);
            }

            @Override
            public FileRange lend(long lba, int lengthBytes) {
                return new FileRange(channel, lba * BLOCK, lengthBytes, () -> back++);
            }

            private final FileChannel channel = open();

            private FileChannel open() {
                try {
                    return FileChannel.open(Path.of("/dev/zero"));
                } catch (IOException impossible) {
                    throw new AssertionError(impossible);
                }
            }
        }
        Lender store = new Lender();
        done(volume.attach(store));
        FileRange range = volume.lend(3, 1024);
        assertEquals(3 * 512, range.offsetBytes());
        CompletionStage<Void> closed = volume.detach("on purpose");
        assertFalse(store.closed);
        assertNull(volume.lend(0, 512));
        range.close();
        assertEquals(1, store.back);
        done(closed);
        assertTrue(store.closed);
        store.channel.close();
    }

    @Test
    public void operationsWaitForAStore() {
        assertEquals(0, volume.statistics().waitedNanos());
        CompletionStage<Void> early = write(5, 7);
        CompletionStage<Void> flushed = volume.flush();
        assertFalse(over(early));
        assertTrue(volume.ready());
        MemoryStore store = attached();
        done(early);
        done(flushed);
        assertEquals(7, store.bytes[5 * 512]);
        assertEquals(2, volume.statistics().heldCount());
        long waited = volume.statistics().waitedNanos();
        assertTrue(waited > 0);
        assertEquals("nobody waits any more", waited, volume.statistics().waitedNanos());
        volume.detach("update");
        assertEquals("nobody waits yet", waited, volume.statistics().waitedNanos());
        CompletionStage<Void> again = read(5);
        assertFalse(over(again));
        attached();
        done(again);
        assertEquals("nobody has noticed", List.of("came", "gone", "came"), events);
    }

    @Test
    public void operationsWaitABoundedTime() {
        attached();
        volume.detach("its bundle went away");
        CompletionStage<Void> waiting = read(0);
        pass(HOLD.minus(SOON));
        assertFalse(over(waiting));
        pass(HOLD.plus(SOON));
        expectNotReady(waiting);
        assertTrue(failure(waiting).getMessage().contains("its bundle went away"));
        attached();
        done(read(0));
        assertEquals(List.of("came", "gone", "came after failures"), events);
    }

    @Test
    public void notMoreWaitThanAgreed() {
        for (int i = 0; i < 4; i++) {
            assertFalse(over(read(i)));
        }
        expectNotReady(read(4));
        assertEquals(4, volume.status().held());
    }

    @Test
    public void whatWaitsCanBeWithdrawn() {
        CompletionStage<Void> waiting = write(1, 9);
        assertTrue(Volume.withdraw(waiting));
        assertFalse(Volume.withdraw(waiting));
        CompletableFuture<Void> future = waiting.toCompletableFuture();
        assertThrows(CancellationException.class, future::join);
        MemoryStore store = attached();
        assertEquals("it is never done", 0, store.bytes[512]);
        store.hold();
        assertFalse("it runs already", Volume.withdraw(read(0)));
        assertFalse(Volume.withdraw(Backstore.done()));
    }

    @Test
    public void whateverAStoreThrowsEndsThatOperationOnly() {
        MemoryStore store = attached();
        for (Throwable thrown :
                new Throwable[] {new NoClassDefFoundError("x"), new IllegalStateException(), new StackOverflowError()
                }) {
            store.answerNext(() -> sneak(thrown));
            CompletionStage<Void> failed = read(0);
            CompletableFuture<Void> future = failed.toCompletableFuture();
            assertSame(
                    thrown,
                    assertThrows(CompletionException.class, future::join).getCause());
        }
        store.answerNext(() -> null);
        assertTrue(read(0).toCompletableFuture().isCompletedExceptionally());
        assertEquals(4, volume.statistics().failures(OperationKind.READ));
        done(read(0));
        done(volume.detach("no lease is left"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable, R> R sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** A stage of a store's own need not be as careful as a CompletableFuture. */
    @Test
    public void anAnswerThatComesTwiceCountsOnce() {
        MemoryStore store = attached();
        class Twice extends CompletableFuture<Void> {
            @Override
            public CompletableFuture<Void> whenComplete(
                    java.util.function.BiConsumer<? super Void, ? super Throwable> action) {
                action.accept(null, null);
                action.accept(null, new IllegalStateException("again"));
                return this;
            }
        }
        store.answerNext(Twice::new);
        done(write(0, 1));
        store.answerNext(Twice::new);
        done(volume.flush());
        assertEquals(0, volume.status().running());
        done(volume.detach("no lease is left, and none was given back twice"));
        assertTrue(store.closed);
    }

    @Test
    public void aStoreThatDoesNotFitIsRefused() {
        MemoryStore small = MemoryStore.ofBlocks(BLOCKS - 1);
        assertTrue(failure(volume.attach(small)).getMessage().contains("fewer than the 32768"));
        assertFalse("it is the caller's", small.closed);
        attached();
        expectNotReady(volume.attach(MemoryStore.ofBlocks(BLOCKS)));
        volume.prepareStores(store ->
                CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "cannot be prepared")));
        volume.detach("on purpose");
        assertEquals(
                Fault.WRITE_FAILED,
                failure(volume.attach(MemoryStore.ofBlocks(BLOCKS))).fault());
    }

    @Test
    public void theSizeIsTheVolumesOwn() {
        done(volume.attach(MemoryStore.ofBlocks(2 * BLOCKS)));
        assertEquals(BLOCKS, volume.geometry().blocks());
        assertEquals(List.of("came"), events);
        volume.setGeometry(new BlockGeometry(2 * BLOCKS, MemoryStore.BLOCK));
        assertEquals(List.of("came", "capacity"), events);
        assertFalse(volume.can(Unmap.class));
        assertTrue(volume.unmap(0, 1).toCompletableFuture().isCompletedExceptionally());
    }

    @Test
    public void aClosedVolumeAnswersNothing() {
        CompletionStage<Void> waiting = read(0);
        MemoryStore store = attached();
        done(waiting);
        done(volume.close());
        assertTrue(store.closed);
        expectNotReady(read(0));
        assertFalse(volume.ready());
        assertEquals(VolumeStatus.State.CLOSED, volume.status().state());
        expectNotReady(volume.attach(MemoryStore.ofBlocks(BLOCKS)));
    }

    @Test
    public void whatWaitsForOldDataDoesNotReachAStoreWithNew() {
        attached();
        done(volume.detach("its bundle went away"));
        CompletionStage<Void> early = write(0, 1);
        assertFalse(over(early));
        volume.forget("its data is lost");
        expectNotReady(early);
        assertTrue(failure(early).getMessage().contains("its data is lost"));
        expectNotReady(write(0, 1));
        assertFalse("nobody is told to wait", volume.ready());
        attached();
        assertEquals(List.of("came", "gone", "came after failures"), events);
        done(write(0, 1));
        done(volume.detach("again"));
        assertFalse("the next one is waited for", over(write(0, 1)));
    }
}
