package io.sluice.scsi.internal.state;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of a unit's state that outlives the process. Changes are made one after the other, and a change counts once it is
 * saved; who reads never waits. Thread-safe.
 */
public final class DurableState {

    private static final Logger LOG = LoggerFactory.getLogger(DurableState.class);

    private final String unit;
    private final UnitStateStore store;
    private final SerialQueue changes = new SerialQueue();
    private volatile UnitState state;

    /** Begins with what was loaded. */
    public DurableState(String unit, UnitStateStore store, UnitState loaded) {
        this.unit = unit;
        this.store = store;
        this.state = loaded;
    }

    /** Returns what is saved now. */
    public UnitState get() {
        return state;
    }

    /**
     * Changes and saves the state; a change that changes nothing is not written.
     *
     * @return completes when the change counts, on any thread; fails if it cannot be saved: with {@link BackstoreException} if
     *     it is kept beside the blocks, and they are away, else with {@link CheckConditionException}, INTERNAL TARGET FAILURE. The
     *     state is as it was then.
     */
    public CompletionStage<Void> update(UnaryOperator<UnitState> change) {
        return update(change, () -> {});
    }

    /**
     * As {@link #update(UnaryOperator)}.
     *
     * @param saved done when the change counts, before the next one is made
     */
    public CompletionStage<Void> update(UnaryOperator<UnitState> change, Runnable saved) {
        return changes.add(() -> {
            UnitState changed = change.apply(state);
            CompletionStage<Void> counts = changed.equals(state) ? Backstore.done() : save(changed);
            return counts.thenRun(saved);
        });
    }

    /** Takes another state that somebody else has saved; completes when it counts. */
    public CompletionStage<Void> replace(UnitState saved) {
        return changes.add(() -> {
            state = saved;
            return Backstore.done();
        });
    }

    /** Completes when all changes that were asked for until now are saved, or have failed, and have been told. */
    public CompletionStage<Void> settled() {
        return changes.add(Backstore::done);
    }

    private CompletionStage<Void> save(UnitState changed) {
        CompletableFuture<Void> saved = new CompletableFuture<>();
        store.save(changed).whenComplete((done, failure) -> {
            if (failure == null) {
                state = changed;
                saved.complete(null);
            } else {
                saved.completeExceptionally(refused(failure));
            }
        });
        return saved;
    }

    private Exception refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof BackstoreException away && away.fault() == Fault.NOT_READY) {
            LOG.warn("unit={} its state is not saved: {}", unit, away.getMessage());
            return away;
        }
        if (cause instanceof BackstoreException full && full.fault() == Fault.OUT_OF_SPACE) {
            LOG.warn("unit={} its state is not saved: {}", unit, full.getMessage());
            return full;
        }
        LOG.error("unit={} its state cannot be saved: {}", unit, failure.getMessage(), failure);
        return new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE);
    }
}
