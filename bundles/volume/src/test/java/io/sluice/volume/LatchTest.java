package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.Test;

/** After a flush has failed nothing that has to do with stable storage succeeds, whatever the store says, until it is another. */
public class LatchTest extends VolumeFixture {

    private static final Duration LONG = Duration.ofHours(1);

    private static CompletionStage<Void> failing(Fault fault) {
        return CompletableFuture.failedFuture(new BackstoreException(fault, "on purpose"));
    }

    private CompletionStage<Void> writeStable(long lba) {
        return volume.write(lba, new ByteBuffer[] {ByteBuffer.allocate(MemoryStore.BLOCK)}, Durability.STABLE);
    }

    private MemoryStore latched() {
        MemoryStore store = attached();
        done(write(0, 1));
        store.answerNext(() -> failing(Fault.WRITE_FAILED));
        assertEquals("on purpose", failure(volume.flush()).getMessage());
        return store;
    }

    private void expectLatched() {
        for (CompletionStage<Void> refused : List.of(
                volume.flush(),
                volume.flushNewer(),
                write(1, 2),
                writeStable(1),
                volume.repair(store -> Backstore.done()))) {
            assertEquals(Fault.WRITE_FAILED, failure(refused).fault());
        }
        done(read(0));
        BackstoreHealth health = volume.status().health();
        assertEquals(BackstoreHealth.State.READ_ONLY, health.state());
        assertTrue(health.reason(), volume.status().problem().contains("on purpose"));
    }

    private void expectWell() {
        done(write(1, 2));
        done(writeStable(1));
        done(volume.flush());
        assertEquals(BackstoreHealth.HEALTHY, volume.status().health());
    }

    @Test
    public void oneFailedFlushIsEnough() {
        MemoryStore store = latched();
        int flushes = store.flushes;
        expectLatched();
        expectLatched();
        assertEquals("the store is not asked again", flushes, store.flushes);
        assertEquals("the store got no write", 0, store.bytes[MemoryStore.BLOCK]);
    }

    @Test
    public void anotherStoreDoesNotHaveWhatIsLostEither() {
        MemoryStore first = latched();
        done(volume.detach("on purpose"));
        done(volume.attach(new MemoryStore(first.bytes)));
        expectLatched();
        done(volume.detach("on purpose"));
        done(volume.attach(new MemoryStore(first.bytes)));
        expectLatched();
    }

    @Test
    public void theOperatorMayTrustAnotherStore() {
        MemoryStore first = latched();
        volume.trust();
        expectLatched();
        done(volume.detach("on purpose"));
        done(volume.attach(new MemoryStore(first.bytes)));
        expectWell();
    }

    @Test
    public void aStoreThatBeginsAnewHasLostEverythingAndInitiatorsAreTold() {
        latched();
        done(volume.detach("on purpose"));
        volume.forget("on purpose");
        attached();
        expectWell();
    }

    private CompletionStage<Void> replace(MemoryStore old) {
        return volume.replace(() -> CompletableFuture.completedFuture(new MemoryStore(old.bytes)));
    }

    @Test
    public void aReplacementDoesNotFlushInVainAndDoesNotHaveWhatIsLostEither() {
        MemoryStore first = latched();
        int flushes = first.flushes;
        done(replace(first));
        assertEquals(flushes, first.flushes);
        expectLatched();
        volume.trust();
        done(replace(first));
        expectWell();
    }

    @Test
    public void anExchangeDoesNotHaveWhatIsLostEither() throws Exception {
        MemoryStore first = latched();
        done(volume.exchange(new MemoryStore(first.bytes), LONG, old -> Backstore.done())
                .done());
        expectLatched();
        done(volume.wrap(store -> new MemoryStore(first.bytes), LONG));
        expectLatched();
        done(volume.exchange(new MemoryStore(first.bytes), LONG, old -> {
                    volume.trust();
                    return Backstore.done();
                })
                .done());
        expectWell();
    }

    @Test
    public void anExchangeThatIsCalledOffLeavesTheLatch() throws Exception {
        MemoryStore first = latched();
        failure(volume.exchange(new MemoryStore(first.bytes), LONG, old -> failing(Fault.NOT_READY))
                .done());
        expectLatched();
    }

    @Test
    public void aStoreThatGoesToAnotherVolumeIsNotTrustedThereEither() throws Exception {
        MemoryStore first = latched();
        try (VolumeRuntime others = new VolumeRuntime(Duration.ofHours(1), Runnable::run)) {
            Volume other =
                    new Volume("other", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), VolumeSettings.DEFAULTS, others);
            Exchanged exchanged = volume.exchange(MemoryStore.ofBlocks(BLOCKS), LONG, old -> {
                other.suspectAs(volume);
                volume.trust();
                return Backstore.done();
            });
            done(exchanged.done());
            expectWell();
            done(other.attach(exchanged.left().toCompletableFuture().join()));
            assertEquals(Fault.WRITE_FAILED, failure(other.flush()).fault());
            other.trust();
            done(other.detach("on purpose"));
            done(other.attach(new MemoryStore(first.bytes)));
            done(other.flush());
        }
    }

    @Test
    public void anotherVolumeDoesNotNotice() {
        Volume other =
                new Volume("other", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), VolumeSettings.DEFAULTS, runtime);
        done(other.attach(MemoryStore.ofBlocks(BLOCKS)));
        latched();
        done(other.flush());
        done(other.write(0, new ByteBuffer[] {ByteBuffer.allocate(MemoryStore.BLOCK)}, Durability.STABLE));
    }

    @Test
    public void aStoreThatMeetsABugInAFlushIsNotTrustedEither() {
        MemoryStore store = attached();
        store.answerNext(() -> {
            throw new IllegalStateException("on purpose");
        });
        assertTrue(over(volume.flush()));
        expectLatched();
    }

    @Test
    public void aFlushThatNeverBeganLosesNothing() {
        MemoryStore store = attached();
        store.answerNext(() -> failing(Fault.NOT_READY));
        expectNotReady(volume.flush());
        expectWell();
    }

    @Test
    public void aStableWriteThatFailsCountsAsAFlushUnlessItsFaultSaysWhatFailed() {
        for (Fault harmless : new Fault[] {Fault.OUT_OF_SPACE, Fault.WRITE_PROTECTED, Fault.NOT_READY}) {
            MemoryStore store = attached();
            store.answerNext(() -> failing(harmless));
            assertEquals(harmless, failure(writeStable(0)).fault());
            expectWell();
            done(volume.detach("on purpose"));
        }
        MemoryStore store = attached();
        store.answerNext(() -> failing(Fault.WRITE_FAILED));
        assertEquals("on purpose", failure(write(0, 1)).getMessage());
        expectWell();
        store.answerNext(() -> failing(Fault.WRITE_FAILED));
        assertEquals("on purpose", failure(writeStable(0)).getMessage());
        expectLatched();
    }

    @Test
    public void whatWasUnderWayDoesNotSucceedAfterIt() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> cached = write(1, 1);
        CompletionStage<Void> stable = writeStable(2);
        CompletionStage<Void> first = volume.flush();
        CompletionStage<Void> second = volume.flush();
        CompletionStage<Void> read = read(3);
        CompletableFuture<Void> cachedAnswer = store.takeHeld();
        CompletableFuture<Void> stableAnswer = store.takeHeld();
        store.takeHeld().completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        assertEquals("on purpose", failure(first).getMessage());
        stableAnswer.complete(null);
        cachedAnswer.complete(null);
        store.takeHeld().complete(null);
        store.takeHeld().complete(null);
        assertEquals(Fault.WRITE_FAILED, failure(cached).fault());
        assertEquals(Fault.WRITE_FAILED, failure(stable).fault());
        assertEquals(Fault.WRITE_FAILED, failure(second).fault());
        done(read);
    }

    @Test
    public void aFlushThatFailsLateCounts() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> hung = volume.flush();
        pass(DEADLINE.plus(Duration.ofSeconds(1)));
        assertTrue(over(hung));
        CompletionStage<Void> write = write(1, 1);
        CompletableFuture<Void> late = store.takeHeld();
        store.takeHeld().complete(null);
        done(write);
        late.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        assertEquals(Fault.WRITE_FAILED, failure(write(1, 2)).fault());
    }

    @Test
    public void aReplacementWhoseFlushFailsIsCalledOffAndLatches() {
        MemoryStore store = attached();
        store.answerNext(() -> failing(Fault.WRITE_FAILED));
        expectNotReady(volume.replace(() -> CompletableFuture.completedFuture(MemoryStore.ofBlocks(BLOCKS))));
        assertFalse(store.closed);
        expectLatched();
    }

    /** A store that has nowhere to put what it still has when it is closed. */
    private static class LossyStore extends MemoryStore {
        LossyStore() {
            super(new byte[BLOCKS * BLOCK]);
        }

        @Override
        public CompletionStage<Void> close() {
            super.close();
            return failing(Fault.WRITE_FAILED);
        }
    }

    @Test
    public void whatACloseHasLostIsNotForgottenByTheNextStore() {
        expectLatchedAfter(new LossyStore());
    }

    private void expectLatchedAfter(LossyStore lossy) {
        done(volume.attach(lossy));
        assertThrowsOnPurpose(volume.detach("on purpose"));
        attached();
        expectLatched();
        volume.trust();
        done(volume.detach("on purpose"));
        attached();
        expectWell();
    }

    /** A store that knows of lost writes by itself, and was not asked for a flush since. */
    private static final class DoubtfulStore extends LossyStore {
        @Override
        public BackstoreHealth health() {
            return new BackstoreHealth(BackstoreHealth.State.READ_ONLY, "it may have lost something");
        }
    }

    @Test
    public void whatAReadOnlyStoreHasLostIsNotForgottenByTheNextStore() {
        expectLatchedAfter(new DoubtfulStore());
    }

    @Test
    public void theOperatorMayTrustTheStoreAfterOneThatIsReadOnly() {
        done(volume.attach(new DoubtfulStore()));
        volume.trust();
        assertThrowsOnPurpose(volume.detach("on purpose"));
        attached();
        expectWell();
    }

    @Test
    public void aFlushThatFailsWhileTheStoreGoesCounts() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> flush = volume.flush();
        CompletionStage<Void> gone = volume.detach("on purpose");
        store.takeHeld().completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        failure(flush);
        done(gone);
        attached();
        expectLatched();
    }

    @Test
    public void whatIsKnownAlreadyIsNotToldAgainByTheClose() {
        LossyStore store = new LossyStore();
        done(volume.attach(store));
        store.answerNext(() -> failing(Fault.WRITE_FAILED));
        failure(volume.flush());
        volume.trust();
        assertThrowsOnPurpose(volume.detach("on purpose"));
        attached();
        expectWell();
    }

    private static void assertThrowsOnPurpose(CompletionStage<?> stage) {
        CompletionException failed = org.junit.Assert.assertThrows(
                CompletionException.class, () -> stage.toCompletableFuture().join());
        assertEquals("on purpose", failed.getCause().getMessage());
    }

    @Test
    public void whatIsNotNewerIsNotFlushed() {
        MemoryStore store = attached();
        done(volume.flushNewer());
        assertEquals(0, store.flushes);
        done(write(0, 1));
        done(volume.flushNewer());
        done(volume.flushNewer());
        done(read(0));
        done(volume.flushNewer());
        assertEquals(1, store.flushes);
        store.answerNext(() -> failing(Fault.OUT_OF_SPACE));
        failure(write(0, 1));
        done(volume.flushNewer());
        assertEquals("half of it may be there", 2, store.flushes);
    }

    @Test
    public void aWriteThatEndsDuringAFlushIsNewer() {
        MemoryStore store = attached().hold();
        CompletionStage<Void> write = write(0, 1);
        CompletableFuture<Void> writing = store.takeHeld();
        CompletionStage<Void> flush = volume.flush();
        writing.complete(null);
        done(write);
        store.takeHeld().complete(null);
        done(flush);
        assertFalse(over(volume.flushNewer()));
        assertEquals(2, store.flushes);
    }

    @Test
    public void aRepairDoesNotWaitForAStore() {
        expectNotReady(volume.repair(store -> Backstore.done()));
        MemoryStore store = attached();
        CompletableFuture<Void> repairing = new CompletableFuture<>();
        CompletionStage<Void> repair = volume.repair(given -> repairing);
        CompletionStage<Void> closed = volume.detach("on purpose");
        assertFalse("it is at the store", store.closed);
        expectNotReady(volume.repair(given -> Backstore.done()));
        repairing.complete(null);
        done(repair);
        done(closed);
    }

    @Test
    public void aProblemThatNoStoreKnowsOfIsShown() {
        attached();
        volume.setProblem("some blocks are closed");
        assertEquals(BackstoreHealth.State.DEGRADED, volume.status().health().state());
        assertEquals("some blocks are closed", volume.status().problem());
        volume.setProblem("");
        assertEquals("", volume.status().problem());
    }
}
