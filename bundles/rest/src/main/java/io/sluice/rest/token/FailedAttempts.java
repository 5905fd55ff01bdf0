package io.sluice.rest.token;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Counts who shows tokens that do not count, of each address in a second. Any thread may call. */
public final class FailedAttempts {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_ADDRESSES = 1024;

    private static final class Count {
        private long since;
        private int failed;
    }

    private final int most;
    private final LongSupplier nanos;

    /** Whoever has been quiet for longest is forgotten first. */
    private final Map<InetAddress, Count> counts = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Count> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    /**
     * @param most how many may fail in a second
     * @param nanos the time
     */
    public FailedAttempts(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    /** Notes an attempt that failed, and returns whether there were too many. */
    public synchronized boolean tooMany(InetAddress address) {
        Count count = counts.computeIfAbsent(address, stranger -> new Count());
        long now = nanos.getAsLong();
        if (count.failed == 0 || now - count.since >= SECOND) {
            count.since = now;
            count.failed = 0;
        }
        count.failed = Math.min(count.failed + 1, most + 1);
        return count.failed > most;
    }
}
