package io.sluice.iscsi.server;

import java.util.concurrent.atomic.AtomicInteger;

/** Counts open connections against a limit. Thread-safe. */
final class ConnectionLimit {

    private final int limit;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int limit) {
        this.limit = limit;
    }

    boolean enter() {
        if (open.incrementAndGet() > limit) {
            open.decrementAndGet();
            return false;
        }
        return true;
    }

    void leave() {
        open.decrementAndGet();
    }
}
