package io.sluice.volume.claim;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Test;

/** Threads that share and threads that want to be alone: nobody is ever where somebody is alone, and nobody is forgotten. */
public class GateStressTest {

    private static final int THREADS = 6;
    private static final int EACH = 30_000;
    private static final int BLOCKS = 8;
    private static final int ALONE = 1 << 20;

    private final Set<Claim> holders = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate(holders::forEach);

    /** How many share each block, and {@link #ALONE} for one who is alone. */
    private final AtomicIntegerArray blocks = new AtomicIntegerArray(BLOCKS);

    private final AtomicInteger wrong = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger begun = new AtomicInteger();

    private final class Visit implements Claimant {
        private final Claim claim = new Claim(this);
        private final boolean alone;
        private final int from;
        private final int to;

        private Visit(boolean alone, int from, int to) {
            this.alone = alone;
            this.from = from;
            this.to = to;
        }

        private void begin(boolean impatient) {
            begun.incrementAndGet();
            holders.add(claim);
            if (alone ? gate.exclude(claim, from, to) : gate.share(claim, from, to)) {
                granted(claim);
            } else if (impatient && gate.withdraw(claim)) {
                holders.remove(claim);
                ended.incrementAndGet();
            }
        }

        @Override
        public void granted(Claim own) {
            for (int i = from; i < to; i++) {
                int before = alone ? blocks.getAndAdd(i, ALONE) : blocks.getAndIncrement(i);
                if (alone ? before != 0 : before >= ALONE) {
                    wrong.incrementAndGet();
                }
            }
            Thread.onSpinWait();
            for (int i = from; i < to; i++) {
                blocks.addAndGet(i, alone ? -ALONE : -1);
            }
            gate.leave(own);
            holders.remove(own);
            ended.incrementAndGet();
        }
    }

    @Test(timeout = 120_000)
    public void aloneIsAlone() throws Exception {
        for (int oneIn : new int[] {2, 20, 2_000}) {
            run(THREADS, EACH, (thread, random) -> {
                int from = random.nextInt(BLOCKS);
                int to = from + 1 + random.nextInt(BLOCKS - from);
                new Visit(random.nextInt(oneIn) == 0, from, to).begin(random.nextInt(4) == 0);
            });
        }
    }

    /** The moment between the two paths, as often as can be, with nothing around it that orders memory. */
    @Test(timeout = 120_000)
    public void theFirstOneWhoIsAloneSeesWhoeverSharesWithoutALock() throws Exception {
        AtomicReference<Claim> sharing = new AtomicReference<>();
        Gate pair = new Gate(each -> {
            if (sharing.get() != null) {
                each.accept(sharing.get());
            }
        });
        AtomicInteger alone = new AtomicInteger();
        AtomicInteger waiting = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        Thread exclusive = new Thread(() -> {
            while (!over.get()) {
                Claim claim = new Claim(own -> {
                    alone.set(0);
                    pair.leave(own);
                    waiting.set(0);
                });
                waiting.set(1);
                if (pair.exclude(claim, 0, 1)) {
                    alone.set(1);
                    Thread.onSpinWait();
                    alone.set(0);
                    pair.leave(claim);
                } else {
                    while (waiting.get() != 0) {
                        Thread.onSpinWait();
                    }
                }
            }
        });
        exclusive.start();
        for (int i = 0; i < 3_000_000; i++) {
            Claim claim = new Claim(pair::leave);
            sharing.lazySet(claim);
            if (pair.share(claim, 0, 1)) {
                for (int look = 0; look < 10; look++) {
                    wrong.addAndGet(alone.get());
                }
                pair.leave(claim);
            }
        }
        over.set(true);
        exclusive.join();
        assertEquals("somebody was not alone", 0, wrong.get());
        assertTrue(pair.isIdle());
    }

    private interface Step {
        void perform(int thread, SplittableRandom random);
    }

    private void run(int count, int each, Step step) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int thread = i;
            SplittableRandom random = new SplittableRandom(31 + i);
            threads[i] = new Thread(() -> {
                try {
                    go.await();
                } catch (InterruptedException interrupted) {
                    throw new AssertionError(interrupted);
                }
                for (int n = 0; n < each; n++) {
                    step.perform(thread, random);
                }
            });
            threads[i].start();
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals("somebody was not alone", 0, wrong.get());
        assertEquals("somebody is forgotten", begun.get(), ended.get());
        assertTrue(gate.isIdle());
    }
}
