package io.sluice.volume;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.After;
import org.junit.Test;

public class StoreExecutorTest {

    private static final int MANY = 1000;
    private static final int ROUNDS = 10;
    private static final int FEW = 100;
    private static final long PATIENCE = 30;

    private final CountDownLatch hung = new CountDownLatch(1);
    private final StoreThreads threads = new StoreThreads();

    @After
    public void letGo() {
        hung.countDown();
        threads.close();
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

    /** Returns what lets go of the last thread of the store, which does alone what comes next. */
    private CountDownLatch hangButForOne(StoreExecutor store) throws InterruptedException {
        hang(store, StoreExecutor.THREADS - 1);
        CountDownLatch last = new CountDownLatch(1);
        store.execute(() -> awaitQuietly(last));
        return last;
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

    /** On a busy machine whoever has answered is not free for the next one at once. */
    private static void untilIdle(Thread thread) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread + " is not free", System.nanoTime() < deadline);
            Thread.onSpinWait();
        }
    }

    @Test
    public void manyStoresThatAreAskedNowAndThenMakeDoWithAFewThreads() throws Exception {
        List<StoreExecutor> stores = IntStream.range(0, MANY)
                .mapToObj(i -> new StoreExecutor("many" + i, threads))
                .toList();
        for (int round = 0; round < ROUNDS; round++) {
            for (StoreExecutor store : stores) {
                untilIdle(ask(store));
            }
        }
        long begun = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("sluice-store"))
                .count();
        assertTrue(begun + " threads", begun < FEW);
    }

    @Test
    public void aStoreThatHangsTakesNoMoreThanItsThreads() throws Exception {
        StoreExecutor hangs = new StoreExecutor("hangs", threads);
        hang(hangs, 2 * StoreExecutor.THREADS);
        assertEquals(
                StoreExecutor.THREADS,
                Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("sluice-store-hangs"))
                        .count());
        assertEquals(
                "sluice-store-other", ask(new StoreExecutor("other", threads)).getName());
    }

    @Test
    public void whatWaitsIsDoneInItsOrderWhenThereIsAThread() throws Exception {
        StoreExecutor store = new StoreExecutor("order", threads);
        CountDownLatch last = hangButForOne(store);
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
        StoreExecutor store = new StoreExecutor("full", threads);
        hang(store, StoreExecutor.THREADS);
        for (int i = 0; i < StoreExecutor.QUEUE; i++) {
            store.execute(() -> {});
        }
        assertThrows(RejectedExecutionException.class, () -> store.execute(() -> {}));
    }

    @Test
    public void whatFailsTakesNoThreadAway() throws Exception {
        StoreExecutor store = new StoreExecutor("fails", threads);
        for (int i = 0; i < 2 * StoreExecutor.THREADS; i++) {
            store.execute(() -> {
                throw new AssertionError("on purpose");
            });
        }
        hang(store, StoreExecutor.THREADS);
        CountDownLatch done = new CountDownLatch(1);
        store.execute(done::countDown);
        assertEquals(1, done.getCount());
        hung.countDown();
        assertTrue(done.await(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    public void manyStoresThatHangHaveAFewThreadsEach() throws Exception {
        for (int i = 0; !threads.crowded(); i++) {
            hang(new StoreExecutor("together" + i, threads), StoreExecutor.THREADS);
        }
        StoreExecutor late = new StoreExecutor("late", threads);
        CountDownLatch begun = new CountDownLatch(StoreExecutor.THREADS);
        for (int i = 0; i < StoreExecutor.FEW; i++) {
            late.execute(() -> {
                begun.countDown();
                awaitQuietly(hung);
            });
        }
        late.execute(begun::countDown);
        assertTrue(begun.getCount() >= StoreExecutor.THREADS - StoreExecutor.FEW);
        hung.countDown();
        ask(late);
        assertEquals(StoreExecutor.THREADS - StoreExecutor.FEW - 1, begun.getCount());
    }

    @Test
    public void anActionLeavesNothingForTheNext() throws Exception {
        StoreExecutor store = new StoreExecutor("left", threads);
        CountDownLatch both = hangButForOne(store);
        CompletableFuture<Thread> first = CompletableFuture.supplyAsync(
                () -> {
                    Thread thread = Thread.currentThread();
                    thread.setContextClassLoader(new ClassLoader() {});
                    thread.interrupt();
                    return thread;
                },
                store);
        CompletableFuture<List<Object>> second = CompletableFuture.supplyAsync(
                () -> List.of(
                        Thread.currentThread(),
                        Thread.currentThread().getContextClassLoader(),
                        Thread.currentThread().isInterrupted()),
                store);
        both.countDown();
        assertEquals(
                List.of(first.get(PATIENCE, TimeUnit.SECONDS), StoreExecutor.class.getClassLoader(), false),
                second.get(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    public void whatItHasIsDoneAfterItIsClosedAndNothingElse() throws Exception {
        StoreExecutor store = new StoreExecutor("closed", threads);
        hang(store, StoreExecutor.THREADS);
        CountDownLatch done = new CountDownLatch(1);
        store.execute(done::countDown);
        store.close();
        assertThrows(RejectedExecutionException.class, () -> store.execute(() -> {}));
        hung.countDown();
        assertTrue(done.await(PATIENCE, TimeUnit.SECONDS));
    }

    @Test
    public void threadsOfABundleThatHasGoneEndAndOthersBegin() throws Exception {
        StoreExecutor store = new StoreExecutor("stays", threads);
        Thread former = ask(store);
        threads.renew();
        former.join(TimeUnit.SECONDS.toMillis(PATIENCE));
        assertFalse(former.isAlive());
        assertTrue(ask(store).isAlive());
    }

    @Test
    public void threadsEndAtOnceWhenTheGatewayHasAndWhatHangsMayStillClose() throws Exception {
        StoreExecutor store = new StoreExecutor("last", threads);
        hang(store, 1);
        Thread idle = ask(store);
        threads.close();
        idle.join(TimeUnit.SECONDS.toMillis(PATIENCE));
        assertFalse(idle.isAlive());
        Thread late = ask(store);
        late.join(TimeUnit.SECONDS.toMillis(PATIENCE));
        assertFalse(late.isAlive());
    }
}
