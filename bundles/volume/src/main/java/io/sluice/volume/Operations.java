package io.sluice.volume;

import io.sluice.backstore.Backstore;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** Has the operations of a volume begin, and takes the answers of its store. Thread-safe. */
final class Operations {

    private final VolumeLife life;
    private final VolumeStatistics statistics;

    /** How many changes there had been when the last good flush began. */
    private final AtomicLong flushedChanges = new AtomicLong();

    Operations(VolumeLife life, VolumeStatistics statistics) {
        this.life = life;
        this.statistics = statistics;
    }

    <T> CompletionStage<T> begin(OperationKind kind, Operation.Call<T> call) {
        return begin(kind, false, call);
    }

    <T> CompletionStage<T> begin(OperationKind kind, boolean stable, Operation.Call<T> call) {
        return begin(kind, 0, stable, call);
    }

    <T> CompletionStage<T> begin(OperationKind kind, int bytes, boolean stable, Operation.Call<T> call) {
        OpenStore store = life.lease(kind);
        return store == null ? hold(kind, bytes, stable, call) : beginOn(store, kind, bytes, stable, call);
    }

    /** As {@link #begin}, but fails where that would wait for a store. */
    <T> CompletionStage<T> beginNow(OperationKind kind, Operation.Call<T> call) {
        OpenStore store = life.lease(kind);
        return store == null ? Operation.refused(life.whyNot(kind)) : beginOn(store, kind, 0, false, call);
    }

    /** Has something done that is no operation, with a lease. */
    CompletionStage<Void> keepOpen(Supplier<CompletionStage<Void>> work) {
        OpenStore store = life.lease();
        return store == null
                ? Operation.refused(life.whyNot(OperationKind.EXAMINE))
                : Replacement.attempt(work).whenComplete((done, failure) -> store.giveBack());
    }

    private <T> CompletionStage<T> beginOn(
            OpenStore store, OperationKind kind, int bytes, boolean stable, Operation.Call<T> call) {
        long begun = System.nanoTime();
        return end(store, kind, bytes, stable, begun, answer(call, store));
    }

    private static <T> CompletionStage<T> answer(Operation.Call<T> call, OpenStore store) {
        try {
            return call.on(store);
        } catch (Throwable thrown) {
            return Operation.thrown(thrown);
        }
    }

    /** The answer is there at once, or is waited for. */
    <T> CompletionStage<T> end(
            OpenStore store, OperationKind kind, int bytes, boolean stable, long begun, CompletionStage<T> answer) {
        boolean doubtful = kind.trusts() && store.latch().isShut();
        if (answer == Backstore.done() && !doubtful) {
            store.giveBack();
            statistics.succeeded(kind, bytes, System.nanoTime() - begun);
            return answer;
        }
        Operation<T> operation = new Operation<>(this, kind, bytes, stable, begun, store);
        life.deadlines().await(operation, answer);
        return operation;
    }

    <T> CompletionStage<T> hold(OperationKind kind, int bytes, boolean stable, Operation.Call<T> call) {
        Operation<T> operation = new Operation<>(this, kind, bytes, stable, System.nanoTime(), call);
        life.hold(operation);
        return operation;
    }

    /** An operation has waited long enough; its turn has come. */
    <T> void run(Operation<T> operation, OpenStore store) {
        life.deadlines().await(operation, answer(operation.takeCall(), store));
    }

    /** The store has answered; returns what the operation fails with, which is known before anyone hears of it, or null. */
    Throwable ended(Operation<?> operation, boolean overdue, Throwable failure) {
        Throwable verdict = operation.store().latch().judge(operation.kind(), operation.stable(), failure);
        life.ended(operation, overdue);
        if (verdict == null) {
            statistics.succeeded(operation.kind(), operation.bytes(), System.nanoTime() - operation.begunNanos());
        } else {
            statistics.failed(operation.kind());
        }
        return verdict;
    }

    CompletionStage<Void> flush() {
        long covered = changes();
        CompletionStage<Void> flush =
                begin(OperationKind.FLUSH, open -> open.backstore().flush());
        if (flush == Backstore.done()) {
            flushedChanges.accumulateAndGet(covered, Math::max);
            return flush;
        }
        return flush.thenRun(() -> flushedChanges.accumulateAndGet(covered, Math::max));
    }

    CompletionStage<Void> flushNewer() {
        boolean nothing = changes() == flushedChanges.get() && !life.latched();
        return nothing ? Backstore.done() : flush();
    }

    /** Counts what has ended so far and may have left something in a cache; the statistics know it, so no change pays for it. */
    private long changes() {
        return changes(OperationKind.WRITE) + changes(OperationKind.ZERO) + changes(OperationKind.UNMAP);
    }

    private long changes(OperationKind kind) {
        return statistics.count(kind) + statistics.failures(kind);
    }
}
