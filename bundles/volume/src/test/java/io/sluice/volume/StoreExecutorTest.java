package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

public class StoreExecutorTest {

    private static final int MANY = 1000;
    private static final int ROUNDS = 10;
    private static final int FEW = 100;
    private static final long PATIENCE = 30;

    private final CountDownLatch hung = new CountDownLatch(1);

    @After
    public void letGo() {
        hung.countDown();
    }

    private void hang(StoreExecutor store, int actions) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(Math.min(actions, StoreExecutor.THREADS));
        for (int i = 0; i < actions; i++) {
            store.execute(() -> {
                begun.countDown();
                awaitQuietly(hung);
            });
        }
        assertTrue(begun.await(PATIENCE, TimeUnit.SECONDS));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException nobodyDoes) {
            throw new AssertionError(nobodyDoes);
        }
    }

    private static Thread ask(StoreExecutor store) throws Exception {
        return CompletableFuture.supplyAsync(Thread::currentThread, store).get(PATIENCE, TimeUnit.SECONDS);
    }

    @Test
    public void manyStoresThatAreAskedNowAndThenMakeDoWithAFewThreads() throws Exception {
        List<StoreExecutor> stores = IntStream.range(0, MANY)
                .mapToObj(i -> new StoreExecutor("many" + i))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (StoreExecutor store : stores) {
                ask(store);
            }
        }
        long threads = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sluice-store"))
                .count();
        assertTrue(threads + " threads", threads < FEW);
    }

    @Test
    public void aStoreThatHangsTakesNoMoreThanItsThreads() throws Exception {
        StoreExecutor hangs = new StoreExecutor("hangs");
        hang(hangs, 2 * StoreExecutor.THREADS);
        assertEquals(
                StoreExecutor.THREADS,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("sluice-store-hangs"))
                        .count());
        assertEquals("sluice-store-other", ask(new StoreExecutor("other")).getName());
    }

    @Test
    public void whatWaitsIsDoneInItsOrderWhenThereIsAThread() throws Exception {
        StoreExecutor store = new StoreExecutor("order");
        hang(store, StoreExecutor.THREADS - 1);
        CountDownLatch last = new CountDownLatch(1);
        store.execute(() -> awaitQuietly(last));
        List<Integer> done = new ArrayList<>();
        CountDownLatch all = new CountDownLatch(FEW);
        for (int i = 0; i < FEW; i++) {
            int number = i;
            store.execute(() -> {
                done.add(number);
                all.countDown();
            });
        }
        assertEquals(FEW, all.getCount());
        last.countDown();
        assertTrue(all.await(PATIENCE, TimeUnit.SECONDS));
        assertEquals(IntStream.range(0, FEW).boxed().toList(), done);
    }

    @Test
    public void moreThanItsQueueIsRefused() throws Exception {
        StoreExecutor store = new StoreExecutor("full");
        hang(store, StoreExecutor.THREADS + StoreExecutor.QUEUE);
        assertThrows(RejectedExecutionException.class, () -> store.execute(() -> {}));
    }

    @Test
    public void whatFailsTakesNoThreadAway() throws Exception {
        StoreExecutor store = new StoreExecutor("fails");
        AtomicInteger failed = new AtomicInteger();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) -> failed.incrementAndGet());
        try {
            for (int i = 0; i < 2 * StoreExecutor.THREADS; i++) {
                store.execute(() -> {
                    throw new IllegalStateException("on purpose");
                });
            }
            ask(store);
            hang(store, StoreExecutor.THREADS);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEquals(2 * StoreExecutor.THREADS, failed.get());
    }

    @Test
    public void whatItHasIsDoneAfterItIsClosedAndNothingElse() throws Exception {
        StoreExecutor store = new StoreExecutor("closed");
        hang(store, StoreExecutor.THREADS);
        CountDownLatch done = new CountDownLatch(1);
        store.execute(done::countDown);
        store.close();
        assertThrows(RejectedExecutionException.class, () -> store.execute(() -> {}));
        hung.countDown();
        assertTrue(done.await(PATIENCE, TimeUnit.SECONDS));
    }
}
