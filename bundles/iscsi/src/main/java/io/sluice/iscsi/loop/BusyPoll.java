package io.sluice.iscsi.loop;

import io.netty.channel.SelectStrategy;
import io.netty.channel.SelectStrategyFactory;
import io.netty.util.IntSupplier;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Has an event loop look for events again and again for a while after the last one, before it sleeps: whoever sleeps is woken
 * late, by tens of microseconds, and pays with a processor for not doing so. Each event loop has a strategy of its own.
 */
public final class BusyPoll implements SelectStrategyFactory {

    private final long nanos;
    private final LongSupplier clock;

    /** @param time how long after the last event a loop does not sleep */
    public BusyPoll(Duration time) {
        this(time, System::nanoTime);
    }

    BusyPoll(Duration time, LongSupplier clock) {
        this.nanos = time.toNanos();
        this.clock = clock;
    }

    @Override
    public SelectStrategy newSelectStrategy() {
        return new Strategy();
    }

    private final class Strategy implements SelectStrategy {

        private long lastEvent = clock.getAsLong() - nanos;

        @Override
        public int calculateStrategy(IntSupplier selectNow, boolean tasks) throws Exception {
            int ready = selectNow.get();
            long now = clock.getAsLong();
            if (ready > 0 || tasks) {
                lastEvent = now;
                return ready;
            }
            // Nothing happened: the loop looks at its tasks, and comes again.
            return now - lastEvent < nanos ? ready : SelectStrategy.SELECT;
        }
    }
}
