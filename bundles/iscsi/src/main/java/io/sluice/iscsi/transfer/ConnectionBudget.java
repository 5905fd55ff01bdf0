package io.sluice.iscsi.transfer;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;

/**
 * The part of the {@link IoBudget} that one connection may have: an initiator that does not send what it owes, or does not
 * read, holds up itself and nobody else. On the connection's event loop only.
 */
public final class ConnectionBudget {

    private final IoBudget all;
    private final long limit;
    private final Executor executor;
    private final Queue<Waiter> waiters = new ArrayDeque<>();
    private long used;

    private record Waiter(long bytes, Runnable granted) {}

    /**
     * @param all the budget of all connections
     * @param limit bytes that this one may have
     * @param executor the connection's event loop
     */
    public ConnectionBudget(IoBudget all, long limit, Executor executor) {
        this.all = all;
        this.limit = limit;
        this.executor = executor;
    }

    /**
     * Reserves memory; see {@link IoBudget#reserve}.
     *
     * @return whether it is granted at once
     */
    public boolean reserve(long bytes, Runnable granted) {
        if (!waiters.isEmpty() || !fits(bytes)) {
            waiters.add(new Waiter(bytes, granted));
            return false;
        }
        used += bytes;
        return all.reserve(bytes, executor, granted);
    }

    /** Gives memory back. */
    public void release(long bytes) {
        used -= bytes;
        all.release(bytes);
        while (!waiters.isEmpty() && fits(waiters.peek().bytes)) {
            Waiter next = waiters.remove();
            used += next.bytes;
            if (all.reserve(next.bytes, executor, next.granted)) {
                executor.execute(next.granted);
            }
        }
    }

    private boolean fits(long bytes) {
        return used == 0 || bytes <= limit - used;
    }
}
