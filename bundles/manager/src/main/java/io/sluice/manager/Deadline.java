package io.sluice.manager;

import io.sluice.volume.Making;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Tells once that storage which is being made has not come further for a while. Thread-safe. */
final class Deadline {

    private final Making making;
    private final Duration limit;
    private final Runnable late;
    private CompletableFuture<Void> clock;
    private boolean stopped;

    /**
     * @param limit for how long it may stand still
     * @param late told on a thread of nobody; must not wait
     */
    Deadline(Making making, Duration limit, Runnable late) {
        this.making = making;
        this.limit = limit;
        this.late = late;
    }

    /** Begins to look, and looks anew whenever something could be late. */
    synchronized void start() {
        if (stopped) {
            return;
        }
        long left = limit.toNanos() - making.standingNanos();
        clock = new CompletableFuture<Void>().completeOnTimeout(null, Math.max(left, 1), TimeUnit.NANOSECONDS);
        clock.thenRun(this::rung);
    }

    private void rung() {
        if (making.standingNanos() < limit.toNanos()) {
            start();
        } else {
            late.run();
        }
    }

    /** It is over, and never late. */
    synchronized void stop() {
        stopped = true;
        if (clock != null) {
            clock.cancel(false);
        }
    }
}
