package io.sluice.layer.throttle;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.backstore.pace.Limits;
import io.sluice.backstore.pace.Pacer;
import io.sluice.testkit.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

public class ThrottleTest {

    private final ManualClock clock = new ManualClock();
    private int begun;

    private static Limits limits(String... options) throws Exception {
        Map<String, String> map = new java.util.TreeMap<>();
        for (String option : options) {
            String[] pair = option.split("=");
            map.put(pair[0], pair[1]);
        }
        return ThrottleOptions.limits(map);
    }

    private CompletionStage<Void> start() {
        begun++;
        return Backstore.done();
    }

    /** Keeps a number of reads under way for some seconds, as a host does. */
    private int load(Pacer pacer, int depth, int length, int seconds) {
        int before = begun;
        Throttle throttle = new Throttle(pacer);
        for (int i = 0; i < depth; i++) {
            again(throttle, length);
        }
        clock.pass(TimeUnit.SECONDS.toNanos(seconds));
        return begun - before;
    }

    private void again(Throttle throttle, int length) {
        throttle.read(length, this::start)
                .whenComplete((done, failure) -> clock.after(1000, () -> again(throttle, length)));
    }

    private static void assertWithinTenPercent(long wanted, long found) {
        assertTrue(found + " for " + wanted, found > wanted * 0.9 && found < wanted * 1.1);
    }

    @Test
    public void operationsAreLimited() throws Exception {
        assertWithinTenPercent(10_000, load(new Pacer(limits("iops=1000"), clock), 32, 4096, 10));
    }

    @Test
    public void bytesAreLimited() throws Exception {
        int reads = load(new Pacer(limits("readBandwidth=10M"), clock), 8, 65536, 10);
        assertWithinTenPercent(100L << 20, reads * 65536L);
    }

    /** One operation may be longer than everything that may be saved up. */
    @Test
    public void longOnesAreLimited() throws Exception {
        int reads = load(new Pacer(limits("bandwidth=1M", "burst=0ms"), clock), 2, 4 << 20, 80);
        assertWithinTenPercent(80, reads * 4L);
    }

    @Test
    public void theTighterOfSeveralCounts() throws Exception {
        assertWithinTenPercent(1000, load(new Pacer(limits("iops=100", "bandwidth=100M"), clock), 8, 4096, 10));
    }

    @Test
    public void aBurstIsSavedUp() throws Exception {
        Pacer pacer = new Pacer(limits("iops=100", "burst=2s"), clock);
        assertWithinTenPercent(1200, load(pacer, 300, 512, 10));
    }

    @Test
    public void writesDoNotWaitForReads() throws Exception {
        Pacer pacer = new Pacer(limits("readIops=10", "burst=0ms"), clock);
        Throttle throttle = new Throttle(pacer);
        assertSame(Backstore.done(), throttle.read(512, this::start));
        assertFalse(throttle.read(512, this::start).toCompletableFuture().isDone());
        assertSame(Backstore.done(), throttle.write(512, this::start));
    }

    @Test
    public void anotherLimitCountsAtOnce() throws Exception {
        Pacer pacer = new Pacer(limits("iops=10", "burst=0ms"), clock);
        assertWithinTenPercent(100, load(pacer, 32, 512, 10));
        pacer.set(limits("iops=1000", "burst=0ms"));
        int before = begun;
        clock.pass(TimeUnit.SECONDS.toNanos(10));
        assertWithinTenPercent(10_000, begun - before);
        pacer.set(limits("iops=100", "burst=0ms"));
        before = begun;
        clock.pass(TimeUnit.SECONDS.toNanos(10));
        assertWithinTenPercent(1000, begun - before);
    }

    /** A volume gives its store 30 s, and hosts give up about then. */
    @Test
    public void nobodyWaitsLongerThanHosts() throws Exception {
        Pacer pacer = new Pacer(limits("iops=10", "burst=0ms"), clock);
        Throttle throttle = new Throttle(pacer);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(throttle.<Void>write(512, this::start).toCompletableFuture());
        }
        clock.pass(TimeUnit.MILLISECONDS.toNanos(15_001));
        assertTrue(all.stream().allMatch(CompletableFuture::isDone));
        assertEquals(151, begun, 2);
        CompletionException late =
                assertThrows(CompletionException.class, () -> all.get(199).join());
        assertEquals(Fault.BUSY, ((BackstoreException) late.getCause()).fault());
        assertEquals(0, pacer.waiting());
    }

    @Test
    public void theQueueHasAnEnd() throws Exception {
        Pacer pacer = new Pacer(limits("iops=10", "burst=0ms"), clock);
        Throttle throttle = new Throttle(pacer);
        for (int i = 0; i <= Pacer.QUEUE; i++) {
            throttle.read(512, this::start);
        }
        assertEquals(Pacer.QUEUE, pacer.waiting());
        CompletionException full = assertThrows(
                CompletionException.class,
                () -> throttle.read(512, this::start).toCompletableFuture().join());
        assertEquals(Fault.BUSY, ((BackstoreException) full.getCause()).fault());
    }

    @Test
    public void allGoWhenTheStoreIsToBeClosed() throws Exception {
        Pacer pacer = new Pacer(limits("iops=10", "burst=0ms"), clock);
        Throttle throttle = new Throttle(pacer);
        for (int i = 0; i < 4000; i++) {
            throttle.write(512, this::start);
        }
        pacer.hurry();
        clock.pass(1);
        assertEquals(4000, begun);
        assertFalse(throttle.write(512, this::start).toCompletableFuture().isDone());
        clock.pass(TimeUnit.SECONDS.toNanos(1));
        assertEquals("the limit counts again", 4001, begun);
    }

    @Test
    public void whatAStoreThrowsEndsOneOperation() throws Exception {
        Pacer pacer = new Pacer(limits("iops=10", "burst=0ms"), clock);
        Throttle throttle = new Throttle(pacer);
        throttle.read(512, this::start);
        CompletionStage<Void> broken = throttle.read(512, () -> {
            throw new IllegalStateException("a bug");
        });
        CompletionStage<Void> well = throttle.read(512, this::start);
        clock.pass(TimeUnit.SECONDS.toNanos(1));
        assertTrue(broken.toCompletableFuture().isCompletedExceptionally());
        well.toCompletableFuture().join();
    }

    @Test
    public void wrongOptionsAreRefusedInOneLine() {
        for (String wrong : new String[] {
            "iops=0", "iops=9", "iops=-1", "iops=many", "bandwidth=1K", "readBandwidth=9999999T", "burst=11s", "burst=1"
        }) {
            BackstoreException refused =
                    assertThrows(wrong, BackstoreException.class, () -> limits("writeIops=10", wrong));
            assertTrue(refused.getMessage(), refused.getMessage().contains(wrong.substring(0, wrong.indexOf('='))));
        }
        assertThrows(BackstoreException.class, () -> limits("burst=1s"));
    }
}
