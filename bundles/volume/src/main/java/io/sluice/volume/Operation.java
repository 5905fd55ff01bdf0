package io.sluice.volume;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.SuppliedData;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.BiConsumer;

/**
 * An operation that did not end at once: it waits for a store, runs, or has been given up and still runs. Takes the store's
 * answer, once; an answer that comes twice is ignored.
 */
final class Operation<T> extends CompletableFuture<T> implements BiConsumer<T, Throwable> {

    /** What an operation asks of a store. */
    @FunctionalInterface
    interface Call<T> {
        CompletionStage<T> on(OpenStore store);
    }

    private static final int HELD = 0;
    private static final int RUNNING = 1;
    private static final int OVERDUE = 2;
    private static final int OVER = 3;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Operation> STATE =
            AtomicIntegerFieldUpdater.newUpdater(Operation.class, "state");

    private final Operations operations;
    private final OperationKind kind;
    private final int bytes;

    /** Whether its success means that what it has written is on stable storage. */
    private final boolean stable;

    private long begunNanos;

    /** Null once it has been called. */
    private Call<T> call;

    private OpenStore store;
    private volatile int state;

    /** Completes when the store has answered after all; made when the operation is given up. */
    private volatile CompletableFuture<Void> over;

    /** An operation that runs already. */
    Operation(Operations operations, OperationKind kind, int bytes, boolean stable, long begunNanos, OpenStore store) {
        this.operations = operations;
        this.kind = kind;
        this.bytes = bytes;
        this.stable = stable;
        this.begunNanos = begunNanos;
        this.store = store;
        this.state = RUNNING;
    }

    /** An operation that waits for a store. */
    Operation(Operations operations, OperationKind kind, int bytes, boolean stable, long begunNanos, Call<T> call) {
        this.operations = operations;
        this.kind = kind;
        this.bytes = bytes;
        this.stable = stable;
        this.begunNanos = begunNanos;
        this.call = call;
        this.state = HELD;
    }

    OperationKind kind() {
        return kind;
    }

    int bytes() {
        return bytes;
    }

    boolean stable() {
        return stable;
    }

    long begunNanos() {
        return begunNanos;
    }

    OpenStore store() {
        return store;
    }

    /** Begins to run on a store that is leased for it; returns false if it was withdrawn meanwhile. */
    boolean start(OpenStore leased) {
        store = leased;
        begunNanos = System.nanoTime();
        return STATE.compareAndSet(this, HELD, RUNNING);
    }

    Call<T> takeCall() {
        Call<T> taken = call;
        call = null;
        return taken;
    }

    /** Fails the operation if it still waits. Returns whether it did. */
    boolean fail(Throwable reason) {
        if (!STATE.compareAndSet(this, HELD, OVER)) {
            return false;
        }
        call = null;
        completeExceptionally(reason);
        return true;
    }

    /** Returns whether it runs, and was not given up. */
    boolean running() {
        return state == RUNNING;
    }

    /**
     * Gives the operation up if it runs and has not been answered. Returns whether it has been now. Only the clock calls it,
     * again and again, and who has been told that it was given up waits for the stage of the first time.
     */
    boolean giveUp() {
        if (state != RUNNING) {
            return false;
        }
        over = new CompletableFuture<>();
        return STATE.compareAndSet(this, RUNNING, OVERDUE);
    }

    /** Tells who waits that the operation was given up. */
    void tellOverdue(String message) {
        completeExceptionally(new OverdueException(message, over));
    }

    /** The store's answer. */
    @Override
    public void accept(T result, Throwable failure) {
        int before = STATE.getAndSet(this, OVER);
        if (before == OVER) {
            return;
        }
        Throwable verdict = operations.ended(this, before == OVERDUE, failure);
        if (before == OVERDUE) {
            if (result instanceof SuppliedData late) {
                late.close();
            }
            over.complete(null);
        } else if (verdict == null) {
            complete(result);
        } else {
            completeExceptionally(verdict);
        }
    }

    /** What a store has thrown, as its answer. */
    static <T> CompletionStage<T> thrown(Throwable thrown) {
        return CompletableFuture.failedFuture(thrown);
    }

    static <T> CompletionStage<T> refused(BackstoreException reason) {
        return CompletableFuture.failedFuture(reason);
    }
}
