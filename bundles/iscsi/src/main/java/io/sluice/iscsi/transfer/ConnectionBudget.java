package io.sluice.iscsi.transfer;

import io.sluice.iscsi.transfer.DataBudget.Level;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** What one connection has of the {@link DataBudget}, and what it waits for. */
public final class ConnectionBudget {

    private final DataBudget budget;
    private final String initiator;
    private final Level share;
    private final Level own;
    private final Executor eventLoop;
    /** Guarded by the budget. */
    private final Queue<Waiter> waiters = new ArrayDeque<>();

    record Waiter(long bytes, Runnable granted, long sinceNanos) {}

    ConnectionBudget(DataBudget budget, String initiator, Level share, Level own, Executor eventLoop) {
        this.budget = budget;
        this.initiator = initiator;
        this.share = share;
        this.own = own;
        this.eventLoop = eventLoop;
    }

    /**
     * Reserves memory for data that is asked for or sent.
     *
     * @param granted run on the event loop when the memory comes later
     * @return whether it is granted at once
     */
    public boolean reserve(long bytes, Runnable granted) {
        return budget.take(this, bytes, false)
                || budget.takeOrWait(this, new Waiter(bytes, granted, System.nanoTime()));
    }

    /** Gives back what was reserved. */
    public void release(long bytes) {
        budget.release(this, bytes, false);
    }

    /** Takes memory for data that has come, or is on its way, unasked; false if there is none. */
    public boolean takeUnasked(long bytes) {
        return budget.take(this, bytes, true);
    }

    /** Gives back what came unasked. */
    public void releaseUnasked(long bytes) {
        budget.release(this, bytes, true);
    }

    /** Waits no longer for what was asked for with this. */
    public void withdraw(Runnable granted) {
        budget.withdraw(this, granted);
    }

    /** Returns whether memory for what comes unasked gets tight. */
    public boolean tight() {
        return budget.tight(this);
    }

    /** Waits for nothing any more. */
    public void close() {
        budget.close(this);
    }

    void tell(Waiter waiter) {
        try {
            eventLoop.execute(waiter.granted());
        } catch (RejectedExecutionException eventLoopIsGone) {
            release(waiter.bytes());
        }
    }

    Queue<Waiter> waiters() {
        return waiters;
    }

    boolean waits() {
        return !waiters.isEmpty();
    }

    String initiator() {
        return initiator;
    }

    Level share() {
        return share;
    }

    Level own() {
        return own;
    }
}
