package io.sluice.iscsi.portal;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.Test;

/** A loop that does not come round is noticed once, with how long it took. */
public final class LoopWatchdogTest {

    private static final int PATIENCE_MILLIS = 50;

    @Test
    public void aLoopThatStandsStillIsCountedOnce() throws InterruptedException {
        ExecutorService still = Executors.newSingleThreadExecutor();
        ExecutorService moving = Executors.newSingleThreadExecutor();
        CountDownLatch released = new CountDownLatch(1);
        try (LoopWatchdog watchdog = new LoopWatchdog(List.of(still, moving), PATIENCE_MILLIS)) {
            still.execute(() -> {
                try {
                    released.await();
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            });
            TestServer.until(() -> watchdog.longestMillis() > 4 * PATIENCE_MILLIS);
            assertEquals(1, watchdog.stalls());
            released.countDown();
            CountDownLatch cameRound = new CountDownLatch(1);
            still.execute(cameRound::countDown);
            cameRound.await();
            assertTrue(watchdog.longestMillis() < 5_000);
        } finally {
            released.countDown();
            still.shutdown();
            moving.shutdown();
        }
    }
}
