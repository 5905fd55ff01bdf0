package io.sluice.iscsi.session;

import io.sluice.management.SessionStatus.Rates;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much a session does in a second, from its counters, which are looked at about once a second and cost their counting
 * nothing. One thread samples; any thread asks. Times are those of {@link System#nanoTime}.
 */
public final class SessionRates {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongAdder commands;
    private final LongAdder readBytes;
    private final LongAdder writtenBytes;
    private Counts before;
    private volatile Rates last;

    private record Counts(long nanos, long commands, long readBytes, long writtenBytes) {

        Rates until(Counts now) {
            long nanos = now.nanos - this.nanos;
            return nanos <= 0
                    ? Rates.NONE
                    : new Rates(
                            perSecond(now.commands - commands, nanos),
                            perSecond(now.readBytes - readBytes, nanos),
                            perSecond(now.writtenBytes - writtenBytes, nanos));
        }

        private static long perSecond(long count, long nanos) {
            return Math.round((double) count * SECOND / nanos);
        }
    }

    /**
     * @param begin when the session began, with nothing counted
     * @param commands the count of commands
     * @param readBytes the count of bytes sent
     * @param writtenBytes the count of bytes received
     */
    SessionRates(long begin, LongAdder commands, LongAdder readBytes, LongAdder writtenBytes) {
        this.commands = commands;
        this.readBytes = readBytes;
        this.writtenBytes = writtenBytes;
        this.before = new Counts(begin, 0, 0, 0);
    }

    /** Looks at the counters; to be called about once a second. A session that is younger is left alone until the next time. */
    public synchronized void sample(long now) {
        if (last != null || now - before.nanos >= SECOND) {
            Counts counts = counts(now);
            last = before.until(counts);
            before = counts;
        }
    }

    /** Returns what was done in the last second that was looked at, or on average since the session began if none was. */
    public Rates rates(long now) {
        Rates known = last;
        return known != null ? known : average(now);
    }

    private synchronized Rates average(long now) {
        return last != null ? last : before.until(counts(now));
    }

    private Counts counts(long now) {
        return new Counts(now, commands.sum(), readBytes.sum(), writtenBytes.sum());
    }
}
