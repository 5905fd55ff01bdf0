package io.sluice.manager;

import io.sluice.config.BackstoreConfig;
import io.sluice.management.MoveStatus;
import io.sluice.management.MoveStatus.State;
import io.sluice.manager.volume.NewStorage;
import io.sluice.volume.Volume;
import io.sluice.volume.job.Job;
import io.sluice.volume.move.Copier;
import io.sluice.volume.move.DirtyMap;
import java.util.concurrent.CompletableFuture;

/**
 * How far a move is. Guarded by the move, but for two that what goes on with a copy reads as they are: its storage and its copier, which
 * were set before it began, and stay until it has ended.
 */
final class MoveState {

    private final BackstoreConfig from;
    private final BackstoreConfig to;
    private final DirtyMap map;

    State state = State.WAITING;
    String problem = "";
    long bytesPerSecond;
    NewStorage storage;
    Copier copier;
    Job job;
    int attempts;
    boolean cancelled;
    boolean stopping;

    /** Whether it is over but for what has to be cleared away. */
    boolean ending;

    /** Completes when the new storage, whose bundle goes, is closed; null if it does not go. */
    CompletableFuture<Void> withdrawal;

    /** Completes when the new storage that was left last is closed, and the map knows what may not be stable there. */
    CompletableFuture<Void> paused = CompletableFuture.completedFuture(null);

    /** @param map what is left to copy */
    MoveState(BackstoreConfig from, BackstoreConfig to, DirtyMap map, long bytesPerSecond) {
        this.from = from;
        this.to = to;
        this.map = map;
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Returns whether new storage may be copied to. */
    boolean mayBegin() {
        return !state.over() && !stopping && !cancelled;
    }

    /** Returns whether the storage that there is may be copied to once more, or take over. */
    boolean mayGoOn() {
        return !cancelled && !stopping && withdrawal == null;
    }

    /** Makes the next copy, which is not begun. Whoever ends the move has a job to cancel as long as there is new storage. */
    Job newCopy(Volume volume, Runnable resume) {
        state = State.COPYING;
        job = new Job(volume.runtime(), new PatientWork(copier, volume.runtime(), resume), bytesPerSecond);
        return job;
    }

    /** It waits for new storage again; what there is, is to be closed. */
    void pause() {
        paused = withdrawal;
        storage = null;
        withdrawal = null;
        job = null;
        attempts = 0;
        state = State.WAITING;
    }

    MoveStatus status() {
        boolean resting = job != null && job.resting() && !state.over();
        State shown = resting ? State.WAITING : state;
        if (shown == State.COPYING && copier.verifying()) {
            shown = State.VERIFYING;
        }
        return new MoveStatus(
                from.name(),
                shown,
                from,
                to,
                state == State.DONE ? 1 : copier == null ? 0 : copier.progress(),
                copier == null ? 1 : copier.pass(),
                copier == null ? 0 : copier.copiedBytes(),
                state.over() ? 0 : map.markedBytes(),
                copier == null ? 0 : copier.differences(),
                bytesPerSecond,
                resting ? "its storage is away" : problem);
    }
}
