package io.sluice.iscsi.transfer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * The memory that all connections together may use for data. What does not fit waits, first come first served, so that
 * nobody starves. Thread-safe.
 */
public final class IoBudget {

    private final long limit;
    private final Queue<Waiter> waiters = new ArrayDeque<>();
    private long used;

    private record Waiter(long bytes, Executor executor, Runnable granted) {}

    /** @param limit bytes */
    public IoBudget(long limit) {
        this.limit = limit;
    }

    /**
     * Reserves memory.
     *
     * @param bytes how much; more than there is at all is granted when nobody else has any
     * @param executor runs {@code granted} when the memory comes later
     * @return whether it is granted at once
     */
    public synchronized boolean reserve(long bytes, Executor executor, Runnable granted) {
        if (waiters.isEmpty() && fits(bytes)) {
            used += bytes;
            return true;
        }
        waiters.add(new Waiter(bytes, executor, granted));
        return false;
    }

    /** Gives memory back and lets others have it. */
    public synchronized void release(long bytes) {
        used -= bytes;
        while (!waiters.isEmpty() && fits(waiters.peek().bytes)) {
            Waiter next = waiters.remove();
            used += next.bytes;
            next.executor.execute(next.granted);
        }
    }

    private boolean fits(long bytes) {
        return used == 0 || bytes <= limit - used;
    }

    /** Returns the bytes in use. */
    public synchronized long used() {
        return used;
    }
}
