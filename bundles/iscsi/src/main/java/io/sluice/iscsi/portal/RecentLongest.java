package io.sluice.iscsi.portal;

/**
 * The longest of the times of the last one to two spans, so that it is seen by whoever looks every now and then. One thread
 * tells; any thread asks.
 */
final class RecentLongest {

    private final long spanNanos;
    private long spanBegan;
    private volatile long before;
    private volatile long now;

    RecentLongest(long spanNanos, long beginNanos) {
        this.spanNanos = spanNanos;
        this.spanBegan = beginNanos;
    }

    void note(long nanos, long atNanos) {
        if (atNanos - spanBegan >= spanNanos) {
            before = now;
            now = 0;
            spanBegan = atNanos;
        }
        now = Math.max(now, nanos);
    }

    long nanos() {
        return Math.max(before, now);
    }
}
