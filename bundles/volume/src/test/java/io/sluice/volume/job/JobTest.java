package io.sluice.volume.job;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.volume.VolumeRuntime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.After;
import org.junit.Test;

/** Pieces one after the other, rests, rates and ends. */
public class JobTest {

    private static final int PIECES = 10;
    private static final long PIECE_BYTES = 100;

    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final VolumeRuntime runtime = new VolumeRuntime(java.time.Duration.ofHours(1), threads::add);
    private final Deque<CompletableFuture<Long>> pieces = new ArrayDeque<>();
    private final Job job = new Job(runtime, new Pieces(), 0);

    private final class Pieces implements Job.Work {

        @Override
        public long totalBytes() {
            return PIECES * PIECE_BYTES;
        }

        @Override
        public CompletionStage<Long> next(long doneBytes) {
            if (doneBytes == totalBytes()) {
                return null;
            }
            pieces.add(new CompletableFuture<>());
            return pieces.getLast();
        }
    }

    @After
    public void closeRuntime() {
        runtime.close();
    }

    private void run() {
        for (Runnable next = threads.poll(); next != null; next = threads.poll()) {
            next.run();
        }
    }

    private boolean over() {
        return job.result().toCompletableFuture().isDone();
    }

    @Test
    public void onePieceAfterTheOther() {
        job.start();
        assertEquals("not on the thread of who starts it", 0, pieces.size());
        for (int i = 0; i < PIECES; i++) {
            run();
            assertEquals(1, pieces.size());
            assertEquals(i / (double) PIECES, job.progress(), 0.001);
            pieces.remove().complete(PIECE_BYTES);
        }
        assertFalse(over());
        run();
        job.result().toCompletableFuture().join();
        assertEquals(1, job.progress(), 0);
    }

    @Test
    public void restsWhileTheStoreIsAway() {
        job.start();
        run();
        pieces.remove().complete(PIECE_BYTES);
        run();
        pieces.remove().completeExceptionally(new BackstoreException(Fault.NOT_READY, "away"));
        run();
        assertTrue(job.resting());
        assertEquals(0, pieces.size());
        job.resume();
        job.resume();
        run();
        assertEquals("the same piece again, once", 1, pieces.size());
        assertEquals(0.1, job.progress(), 0.001);
        assertFalse(over());
    }

    @Test
    public void triesAgainWhenTheStoreHasNoTime() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        try (VolumeRuntime real = new VolumeRuntime()) {
            Job busy = new Job(
                    real,
                    new Job.Work() {
                        @Override
                        public long totalBytes() {
                            return PIECE_BYTES;
                        }

                        @Override
                        public CompletionStage<Long> next(long doneBytes) {
                            if (doneBytes == PIECE_BYTES) {
                                return null;
                            }
                            return tries.incrementAndGet() < 2
                                    ? CompletableFuture.failedFuture(new BackstoreException(Fault.BUSY, "no time"))
                                    : CompletableFuture.completedFuture(PIECE_BYTES);
                        }
                    },
                    0);
            busy.start().result().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
        assertEquals(2, tries.get());
    }

    @Test
    public void anyOtherFailureIsTheEnd() {
        job.start();
        run();
        Exception broken = new BackstoreException(Fault.WRITE_FAILED, "broken");
        pieces.remove().completeExceptionally(broken);
        CompletableFuture<Void> result = job.result().toCompletableFuture();
        assertSame(broken, assertThrows(CompletionException.class, result::join).getCause());
    }

    @Test
    public void cancelledBetweenPiecesAndDuringARest() {
        job.start();
        run();
        job.cancel();
        assertFalse("the piece ends first", over());
        pieces.remove().completeExceptionally(new BackstoreException(Fault.NOT_READY, "away"));
        run();
        assertThrows(CancellationException.class, job.result().toCompletableFuture()::join);
    }

    @Test
    public void keepsToItsRate() throws Exception {
        try (VolumeRuntime real = new VolumeRuntime()) {
            long begun = System.nanoTime();
            Job paced = new Job(
                            real,
                            new Job.Work() {
                                @Override
                                public long totalBytes() {
                                    return 1000;
                                }

                                @Override
                                public CompletionStage<Long> next(long doneBytes) {
                                    return doneBytes == 1000 ? null : CompletableFuture.completedFuture(PIECE_BYTES);
                                }
                            },
                            5_000)
                    .start();
            paced.result().toCompletableFuture().get(30, TimeUnit.SECONDS);
            long millis = (System.nanoTime() - begun) / 1_000_000;
            assertTrue(millis + " ms for 1,000 bytes at 5,000 a second", millis >= 195);
        }
    }
}
