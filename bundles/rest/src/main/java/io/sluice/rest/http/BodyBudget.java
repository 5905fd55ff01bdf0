package io.sluice.rest.http;

import java.util.concurrent.atomic.AtomicLong;

/** The memory for documents that are being received. All connections share it; any thread may call. */
final class BodyBudget {

    private final long most;
    private final AtomicLong used = new AtomicLong();

    BodyBudget(long most) {
        this.most = most;
    }

    /** Takes some, and returns whether there was as much. */
    boolean take(int bytes) {
        if (used.addAndGet(bytes) <= most) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void giveBack(int bytes) {
        used.addAndGet(-bytes);
    }
}
