package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** One store in the place of another, under operations that notice nothing. */
public class ReplacementTest extends VolumeFixture {

    @Test
    public void operationsWaitForTheNewStore() {
        MemoryStore old = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        MemoryStore fresh = new MemoryStore(old.bytes);
        CompletionStage<Void> replaced = volume.replace(() -> {
            assertTrue("the old one is closed first", old.closed);
            return CompletableFuture.completedFuture(fresh);
        });
        CompletionStage<Void> waiting = write(1, 2);
        assertFalse(over(waiting));
        assertEquals(VolumeStatus.State.SWITCHING, volume.status().state());
        old.takeHeld().complete(null);
        done(running);
        old.takeHeld().complete(null);
        assertEquals("what was written is stable", 1, old.flushes);
        done(replaced);
        done(waiting);
        assertEquals(2, fresh.bytes[512]);
        assertEquals("nobody was told", List.of("came", "came"), events);
    }

    @Test
    public void anOldStoreThatDoesNotEndGoesOn() {
        MemoryStore old = attached().hold();
        CompletionStage<Void> running = write(0, 1);
        CompletionStage<Void> replaced = volume.replace(() -> {
            throw new AssertionError("nothing is opened");
        });
        CompletionStage<Void> waiting = read(0);
        pass(HOLD.plusSeconds(1));
        expectNotReady(replaced);
        assertFalse("it goes to the old store", over(waiting));
        assertEquals(2, old.held.size());
        CompletableFuture<Void> first = old.takeHeld();
        old.takeHeld().complete(null);
        done(waiting);
        CompletionStage<Void> closed = volume.detach("the first operation still runs");
        assertFalse(old.closed);
        first.complete(null);
        done(running);
        done(closed);
        assertTrue(old.closed);
    }

    @Test
    public void anOldStoreThatCannotBeFlushedGoesOn() {
        MemoryStore old = attached();
        old.answerNext(() -> CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "no flush")));
        CompletionStage<Void> replaced =
                volume.replace(() -> CompletableFuture.completedFuture(new MemoryStore(old.bytes)));
        assertTrue(failure(replaced).getMessage().contains("no flush"));
        assertFalse(old.closed);
        done(read(0));
    }

    private CompletableFuture<Void> flushHangs(MemoryStore store) {
        CompletableFuture<Void> answer = new CompletableFuture<>();
        store.answerNext(() -> answer);
        return answer;
    }

    private CompletionStage<Void> replaceInVain(Volume volume) {
        return volume.replace(() -> {
            throw new AssertionError("nothing is opened");
        });
    }

    @Test
    public void anOldStoreThatDoesNotAnswerAFlushGoesOn() {
        MemoryStore old = attached();
        CompletableFuture<Void> answer = flushHangs(old);
        CompletionStage<Void> replaced = replaceInVain(volume);
        CompletionStage<Void> waiting = read(0);
        assertFalse(over(waiting));
        pass(HOLD.plusSeconds(1));
        expectNotReady(replaced);
        assertTrue(failure(replaced).getMessage().contains("was not flushed in time"));
        done(waiting);
        done(write(0, 1));
        CompletionStage<Void> closed = volume.detach("the flush is under way");
        assertFalse("it is in use", old.closed);
        answer.complete(null);
        done(closed);
        assertTrue(old.closed);
    }

    @Test
    public void aFlushThatIsAnsweredTooLateChangesNothing() {
        MemoryStore old = attached();
        CompletableFuture<Void> answer = flushHangs(old);
        expectNotReadyAfterHold(replaceInVain(volume));
        answer.complete(null);
        done(write(0, 1));
        MemoryStore fresh = new MemoryStore(old.bytes);
        done(volume.replace(() -> CompletableFuture.completedFuture(fresh)));
        assertTrue(old.closed);
        done(read(0));
    }

    private void expectNotReadyAfterHold(CompletionStage<Void> replaced) {
        pass(HOLD.plusSeconds(1));
        expectNotReady(replaced);
    }

    @Test
    public void aFlushThatFailsTooLateIsNotForgotten() {
        MemoryStore old = attached();
        CompletableFuture<Void> answer = flushHangs(old);
        expectNotReadyAfterHold(replaceInVain(volume));
        answer.completeExceptionally(new BackstoreException(Fault.WRITE_FAILED, "on purpose"));
        assertEquals(Fault.WRITE_FAILED, failure(write(0, 1)).fault());
        done(read(0));
    }

    /** The deadline of the storage is shorter than the time that operations wait. */
    @Test
    public void anOverdueFlushIsNotWaitedFor() {
        VolumeSettings patient = new VolumeSettings(Duration.ofHours(1), 4, DEADLINE);
        Volume other = new Volume("other", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), patient, runtime);
        MemoryStore old = MemoryStore.ofBlocks(BLOCKS);
        done(other.attach(old));
        flushHangs(old);
        CompletionStage<Void> replaced = replaceInVain(other);
        CompletionStage<Void> waiting = other.read(0, ByteBuffer.allocate(MemoryStore.BLOCK));
        other.lookAfter(System.nanoTime() + DEADLINE.plusSeconds(1).toNanos());
        assertTrue(failure(replaced).getMessage().contains("did not answer within 30 s"));
        done(waiting);
        assertEquals(1, other.status().overdue());
    }

    @Test
    public void aNewStoreThatCannotBeOpenedIsWaitedFor() {
        MemoryStore old = attached();
        AtomicReference<CompletableFuture<Backstore>> opening = new AtomicReference<>(new CompletableFuture<>());
        CompletionStage<Void> replaced = volume.replace(opening::get);
        CompletionStage<Void> waiting = read(0);
        opening.get().completeExceptionally(new BackstoreException(Fault.NOT_READY, "not there yet"));
        expectNotReady(replaced);
        assertFalse(over(waiting));
        assertEquals(VolumeStatus.State.AWAY, volume.status().state());
        done(volume.attach(new MemoryStore(old.bytes)));
        done(waiting);
    }

    @Test
    public void aNewStoreThatDoesNotFitIsClosed() {
        attached();
        MemoryStore small = MemoryStore.ofBlocks(1);
        expectNotReady(volume.replace(() -> CompletableFuture.completedFuture(small)));
        assertTrue(small.closed);
    }

    @Test
    public void aVolumeThatIsClosedMeanwhileKeepsNoStore() {
        MemoryStore old = attached();
        CompletableFuture<Backstore> opening = new CompletableFuture<>();
        volume.replace(() -> opening);
        CompletionStage<Void> closed = volume.close();
        assertTrue(old.closed);
        MemoryStore late = new MemoryStore(old.bytes);
        opening.complete(late);
        assertTrue(late.closed);
        done(closed);
    }

    /** Each block holds a count that only grows; whoever reads less than was written before has found a difference. */
    @Test
    public void aThousandReplacementsUnderVerifiedOperations() throws Exception {
        byte[] bytes = new byte[BLOCKS * MemoryStore.BLOCK];
        try (VolumeRuntime threads = new VolumeRuntime()) {
            Volume busy =
                    new Volume("busy", new BlockGeometry(BLOCKS, MemoryStore.BLOCK), VolumeSettings.DEFAULTS, threads);
            busy.attach(new MemoryStore(bytes)).toCompletableFuture().join();
            AtomicBoolean stop = new AtomicBoolean();
            List<Thread> clients = new ArrayList<>();
            AtomicReference<Throwable> wrong = new AtomicReference<>();
            for (int i = 0; i < 4; i++) {
                int client = i;
                Thread thread = new Thread(() -> verify(busy, client, stop, wrong));
                clients.add(thread);
                thread.start();
            }
            for (int i = 0; i < 1_000; i++) {
                busy.replace(() -> CompletableFuture.completedFuture(new MemoryStore(bytes)))
                        .toCompletableFuture()
                        .join();
            }
            stop.set(true);
            for (Thread thread : clients) {
                thread.join();
            }
            assertEquals(null, wrong.get());
            assertTrue(busy.statistics().count(OperationKind.WRITE) > 1_000);
            assertEquals(0, busy.statistics().failures(OperationKind.WRITE));
            busy.close().toCompletableFuture().join();
        }
    }

    private static void verify(Volume volume, int client, AtomicBoolean stop, AtomicReference<Throwable> wrong) {
        Random random = new Random(client);
        int share = BLOCKS / 4;
        int[] written = new int[share];
        try {
            while (!stop.get()) {
                int index = random.nextInt(share);
                long lba = (long) client * share + index;
                ByteBuffer block = ByteBuffer.allocate(MemoryStore.BLOCK);
                volume.read(lba, block).toCompletableFuture().join();
                assertEquals("block " + lba, written[index], block.getInt(0));
                written[index]++;
                ByteBuffer changed = ByteBuffer.allocate(MemoryStore.BLOCK).putInt(0, written[index]);
                volume.write(lba, new ByteBuffer[] {changed}, Durability.CACHED)
                        .toCompletableFuture()
                        .join();
            }
        } catch (Throwable difference) {
            wrong.compareAndSet(null, difference);
        }
    }

    @Test
    public void timeIsNotUpWhileNothingWaits() {
        attached();
        pass(Duration.ofHours(2));
        done(read(0));
    }
}
