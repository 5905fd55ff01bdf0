package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Which store a volume has, who waits for one, and which answers are overdue. Thread-safe. */
final class VolumeLife {

    private final Volume volume;
    private volatile String name;
    private final VolumeSettings settings;
    private final VolumeRuntime runtime;
    private final Deadlines deadlines;
    private final Listeners listeners;
    private volatile Function<Backstore, CompletionStage<Void>> preparation = store -> Backstore.done();
    private volatile BlockGeometry geometry;

    /** What is wrong with the blocks that no store knows of; empty if nothing is. */
    private volatile String problem = "";

    /** Where operations go; null while they wait. Written while this is locked. */
    private volatile OpenStore current;

    /** What the store in use can do, or the last one could. */
    private volatile OpenStore known;

    /** The rest is guarded by this. */
    private final HoldQueue held;

    private VolumeStatus.State state = VolumeStatus.State.AWAY;
    private String reason = "its store has not been opened yet";
    private Replacement replacement;

    /** The end of a store to which nobody can go back, because the volume was closed meanwhile. */
    private CompletionStage<Void> abandoned = Backstore.done();

    /** Whether operations have failed since the store went. */
    private boolean failedMeanwhile;

    private final Doubt doubt = new Doubt();

    VolumeLife(Volume volume, String name, BlockGeometry geometry, VolumeSettings settings, VolumeRuntime runtime) {
        this.volume = volume;
        this.name = name;
        this.geometry = geometry;
        this.settings = settings;
        this.runtime = runtime;
        this.listeners = new Listeners(this::name, runtime);
        this.deadlines = new Deadlines(this::name, settings.deadline(), volume.statistics(), runtime);
        this.held = new HoldQueue(settings, volume.statistics().waited());
    }

    VolumeRuntime runtime() {
        return runtime;
    }

    String name() {
        return name;
    }

    void rename(String changed) {
        name = changed;
    }

    BlockGeometry geometry() {
        return geometry;
    }

    BackstoreLimits limits() {
        OpenStore store = known;
        return store == null ? BackstoreLimits.NONE : store.limits();
    }

    boolean isKnown() {
        return known != null;
    }

    boolean can(Class<?> ability) {
        OpenStore store = known;
        return store != null && store.can(ability);
    }

    boolean supplies() {
        OpenStore store = current;
        return store != null && store.suppliedRead() != null;
    }

    void listen(VolumeListener listener) {
        listeners.add(listener);
    }

    void setProblem(String changed) {
        problem = changed;
    }

    void prepareStores(Function<Backstore, CompletionStage<Void>> changed) {
        preparation = changed;
    }

    void setGeometry(BlockGeometry changed) {
        boolean capacity = changed.blocks() != geometry.blocks();
        geometry = changed;
        if (capacity) {
            listeners.tell(VolumeListener::capacityChanged);
        }
    }

    /** Leases the store; null if operations have to wait. */
    OpenStore lease() {
        OpenStore store = current;
        return store != null && store.lease() ? store : null;
    }

    /** Leases the store for a kind of operation; null also while that is refused. */
    OpenStore lease(OperationKind kind) {
        if (kind.changes() && deadlines.fenced()) {
            return null;
        }
        OpenStore store = lease();
        if (store != null && kind.trusts() && store.latch().isShut()) {
            store.giveBack();
            return null;
        }
        return store;
    }

    boolean latched() {
        OpenStore store = current;
        return store != null && store.latch().isShut();
    }

    /** Returns what every change fails with because a flush of the open store has failed, or null. */
    BackstoreException distrust() {
        OpenStore store = current;
        return store != null && store.latch().isShut() ? store.latch().refusal() : null;
    }

    /** Returns why there is no lease for a kind of operation now. */
    synchronized BackstoreException whyNot(OperationKind kind) {
        BackstoreException refusal = refusal(kind);
        return refusal == null ? notReady(reason) : refusal;
    }

    /** Returns what an operation is refused with, whether there is a store or not; null if it is not. */
    private BackstoreException refusal(OperationKind kind) {
        if (kind.changes() && deadlines.fenced()) {
            return notReady(deadlines.problem());
        }
        return kind.trusts() && latched() ? current.latch().refusal() : null;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    private BackstoreException notReady(String why) {
        return new BackstoreException(Fault.NOT_READY, "volume " + name + ": " + why);
    }

    synchronized boolean ready() {
        return current != null || (state != VolumeStatus.State.CLOSED && !held.expired(System.nanoTime()));
    }

    VolumeStatus status() {
        OpenStore store;
        VolumeStatus.State shown;
        String why;
        int waiting;
        synchronized (this) {
            store = current;
            shown = state;
            why = reason;
            waiting = held.size();
        }
        int late = deadlines.overdue();
        BackstoreHealth health = store == null ? BackstoreHealth.HEALTHY : store.health();
        if (!problem.isEmpty() && health.state() == BackstoreHealth.State.HEALTHY) {
            health = new BackstoreHealth(BackstoreHealth.State.DEGRADED, problem);
        }
        if (late > 0) {
            why = deadlines.problem();
            shown = shown == VolumeStatus.State.OPEN ? VolumeStatus.State.FENCED : shown;
        } else if (store != null) {
            why = health.reason();
        }
        return new VolumeStatus(shown, why, health, deadlines.running(), waiting, late);
    }

    CompletionStage<Void> attach(Backstore store) {
        OpenStore open;
        try {
            open = new OpenStore(name, store);
            open.requireFit(geometry);
        } catch (BackstoreException misfit) {
            return CompletableFuture.failedFuture(misfit);
        } catch (Throwable broken) {
            return CompletableFuture.failedFuture(
                    new BackstoreException(Fault.NOT_READY, "the store cannot be used: " + broken, broken));
        }
        return prepare(open);
    }

    private CompletionStage<Void> prepare(OpenStore open) {
        return preparation.apply(open.backstore()).thenRun(() -> use(open));
    }

    void use(OpenStore store) {
        boolean failed = false;
        List<Operation<?>> waiting = null;
        do {
            boolean told = failed || hasFailed();
            listeners.tellNow(listener -> listener.storeComes(told));
            synchronized (this) {
                requireVacancy();
                failed = failedMeanwhile;
                if (failed == told) {
                    failedMeanwhile = false;
                    waiting = put(store);
                }
            }
        } while (waiting == null);
        tellAndBegin(failed, waiting);
    }

    private synchronized boolean hasFailed() {
        return failedMeanwhile;
    }

    private void requireVacancy() {
        if (current != null || state == VolumeStatus.State.CLOSED) {
            throw new CompletionException(notReady(current != null ? "it has a store already" : "it is closed"));
        }
    }

    private void tellAndBegin(boolean failed, List<Operation<?>> waiting) {
        runtime.execute(() -> {
            listeners.tellNow(listener -> listener.storeCame(failed));
            begin(waiting);
        });
    }

    /** Makes a store the one in use; returns who has waited for it. */
    private List<Operation<?>> put(OpenStore store) {
        doubt.enter(store);
        known = store;
        current = store;
        state = VolumeStatus.State.OPEN;
        replacement = null;
        reason = "";
        return held.take();
    }

    private void begin(List<Operation<?>> waiting) {
        waiting.forEach(this::hold);
    }

    /** Has an operation begin that could not begin at once: now, when there is a store, or never. */
    void hold(Operation<?> operation) {
        OpenStore store;
        BackstoreException refusal;
        synchronized (this) {
            refusal = refusal(operation.kind());
            store = refusal == null ? lease() : null;
            if (refusal == null && store == null && state != VolumeStatus.State.CLOSED && held.open()) {
                held.add(operation);
                volume.statistics().held();
                return;
            } else if (refusal == null && store == null) {
                failedMeanwhile = true;
                refusal = notReady(reason);
            }
        }
        if (refusal != null) {
            operation.fail(refusal);
        } else if (operation.start(store)) {
            volume.operations().run(operation, store);
        } else {
            store.giveBack();
        }
    }

    /** An operation has been answered, perhaps long after it was given up. */
    void ended(Operation<?> operation, boolean wasOverdue) {
        deadlines.ended(operation, wasOverdue);
        operation.store().giveBack();
    }

    CompletionStage<Void> detach(String why) {
        OpenStore leaving;
        synchronized (this) {
            leaving = current;
            if (replacement != null) {
                return replacement.result().handle((switched, failure) -> null).thenCompose(over -> detach(why));
            }
            if (leaving == null) {
                reason = why;
                return abandoned;
            }
            current = null;
            goAway(why);
        }
        leaving.shut();
        listeners.tell(listener -> listener.storeGone(why));
        return end(leaving);
    }

    private CompletionStage<Void> end(OpenStore leaving) {
        return Replacement.closeWhenUnused(leaving, runtime)
                .whenComplete((closed, failure) -> closed(leaving, failure));
    }

    private synchronized void closed(OpenStore left, Throwable failure) {
        doubt.closed(left, failure, current);
    }

    /** A store that is quiet makes room for the one that takes its place. */
    synchronized void left(OpenStore leaving) {
        doubt.left(leaving);
    }

    /** The next store is the one that another volume has left. */
    void suspectAs(VolumeLife other) {
        String known = other.doubted();
        synchronized (this) {
            doubt.because(known);
        }
    }

    synchronized String doubted() {
        return doubt.reason();
    }

    synchronized void remember(String known, Consumer<String> keeper) {
        doubt.remember(known, keeper);
    }

    synchronized void trust() {
        doubt.trust();
    }

    void forget(String why) {
        List<Operation<?>> waiting;
        synchronized (this) {
            held.end();
            waiting = held.take();
            failedMeanwhile = true;
            doubt.trust();
            reason = why;
        }
        refuse(waiting, why);
    }

    private void refuse(List<Operation<?>> waiting, String why) {
        waiting.forEach(operation -> runtime.execute(() -> operation.fail(notReady(why))));
    }

    /** What is closed stays so. */
    private void goAway(String why) {
        if (state != VolumeStatus.State.CLOSED) {
            state = VolumeStatus.State.AWAY;
            reason = why;
            held.begin();
        }
    }

    /**
     * Has operations wait for what takes the place of the store.
     *
     * @throws BackstoreException if there is none, or if its place is being taken already
     */
    synchronized <R extends Replacement> R leave(Function<OpenStore, R> made) throws BackstoreException {
        if (state != VolumeStatus.State.OPEN) {
            throw notReady(replacement == null ? reason : "it is being replaced");
        }
        R begun = made.apply(current);
        replacement = begun;
        current = null;
        state = VolumeStatus.State.SWITCHING;
        reason = "its store is being replaced";
        held.begin();
        return begun;
    }

    CompletionStage<Backstore> release(String why) {
        OpenStore leaving;
        synchronized (this) {
            leaving = current;
            if (leaving == null) {
                return CompletableFuture.failedFuture(notReady(reason));
            }
            current = null;
            goAway(why);
        }
        leaving.shut();
        return leaving.unused().thenApply(unused -> leaving.backstore());
    }

    /** Flushes a store that operations do not go to any more. */
    CompletionStage<Void> flush(OpenStore leased) {
        long begun = System.nanoTime();
        CompletionStage<Void> answer = Replacement.attempt(leased.backstore()::flush);
        return volume.operations().end(leased, OperationKind.FLUSH, 0, false, begun, answer);
    }

    /** The old store is closed, and there is no other. */
    void switchFailed(String why) {
        synchronized (this) {
            if (state == VolumeStatus.State.SWITCHING) {
                goAway(why);
            }
            replacement = null;
        }
        listeners.tell(listener -> listener.storeGone(why));
    }

    /** Goes on with the old store, or closes it too if the volume has been closed. */
    void callOff(Replacement begun, String why) {
        callOff(begun, notReady(why));
    }

    /** As the other one. */
    void callOff(Replacement begun, Throwable why) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        List<Operation<?>> waiting;
        synchronized (this) {
            if (replacement != begun) {
                return;
            }
            if (state == VolumeStatus.State.CLOSED) {
                replacement = null;
                abandoned = end;
                waiting = null;
            } else {
                waiting = put(begun.leaving().again());
            }
        }
        if (waiting == null) {
            end(begun.leaving()).whenComplete((closed, failure) -> {
                if (failure == null) {
                    end.complete(null);
                } else {
                    end.completeExceptionally(failure);
                }
            });
        } else {
            runtime.execute(() -> begin(waiting));
        }
        begun.result().completeExceptionally(why);
    }

    CompletionStage<Void> close() {
        CompletionStage<Void> closed = detach("it is closed");
        List<Operation<?>> waiting;
        synchronized (this) {
            state = VolumeStatus.State.CLOSED;
            reason = "it is closed";
            waiting = held.take();
        }
        waiting.forEach(operation -> operation.fail(notReady("it is closed")));
        return closed.whenComplete((done, failure) -> runtime.remove(volume));
    }

    void lookAfter(long nowNanos) {
        deadlines.lookAfter(nowNanos);
        List<Operation<?>> expired;
        Replacement stuck = null;
        String why;
        synchronized (this) {
            if (current != null || state == VolumeStatus.State.CLOSED || !held.expired(nowNanos)) {
                return;
            }
            boolean undecided = replacement != null && !replacement.isDecided();
            stuck = undecided ? replacement : null;
            expired = undecided ? List.of() : held.take();
            failedMeanwhile |= !expired.isEmpty();
            why = reason;
        }
        if (stuck != null) {
            stuck.giveUp();
        }
        refuse(expired, why);
    }
}
