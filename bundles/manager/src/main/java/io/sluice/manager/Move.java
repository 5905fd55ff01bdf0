package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.MoveStatus;
import io.sluice.management.MoveStatus.State;
import io.sluice.manager.document.MoveFiles;
import io.sluice.manager.job.NotForGoodException;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.NewStorage;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.Parts;
import io.sluice.volume.Volume;
import io.sluice.volume.job.Job;
import io.sluice.volume.move.Copier;
import io.sluice.volume.move.DirtyMap;
import io.sluice.volume.move.Tap;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backstore on its way to other storage: copied while hosts use it, then put in the place of the old storage while they wait
 * for a moment. Whatever fails, they go on with the old one. Thread-safe; nothing here waits.
 */
final class Move {

    private static final Logger LOG = LoggerFactory.getLogger(Move.class);

    /** Hosts wait at most so long for operations that run, and once more for the rest of the copy. */
    private static final Duration LIMIT = Duration.ofMillis(900);

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration REST = Duration.ofSeconds(35);
    private static final Duration WRAP = Duration.ofSeconds(2);
    private static final int MOST_ATTEMPTS = 10;

    /** Who keeps the moves that are under way. */
    interface Keeper {

        /** It has no new storage now, and begins when somebody opens it. */
        void waits(Move move);

        /** It is over; what it has used is needed no more. */
        void over(Move move);

        /**
         * Has something written down, or removed.
         *
         * @return false, and nothing was done, if the files may be another gateway's by now
         */
        boolean write(Writing writing) throws IOException;
    }

    /** What changes the files of a move. */
    @FunctionalInterface
    interface Writing {
        void write() throws IOException;
    }

    private final Composition composition;
    private final Disk disk;
    private final BackstoreConfig from;
    private final BackstoreConfig to;
    private final MoveFiles files;
    private final DirtyMap map;
    private final Keeper keeper;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final CompletableFuture<String> result = new CompletableFuture<>();
    private long bytesPerSecond;
    private State state = State.WAITING;
    private String problem = "";
    private NewStorage storage;
    private Copier copier;
    private Job job;
    private int attempts;
    private boolean cancelled;
    private boolean stopping;

    /** Whether it is over but for what has to be cleared away. */
    private boolean ending;

    /** The last copy of the rest, while hosts wait or after they did. */
    private volatile CompletableFuture<Void> rest = CompletableFuture.completedFuture(null);

    /** Why it is not over for the next start, and what to do; empty if it is. */
    private String returns = "";

    /** What has become of it; null as long as it goes on. */
    private MoveStatus outcome;

    /** Completes when the new storage, whose bundle goes, is closed; null if it does not go. */
    private CompletableFuture<Void> withdrawal;

    /** Completes when the new storage that was left last is closed, and the map knows what may not be stable there. */
    private CompletableFuture<Void> paused = CompletableFuture.completedFuture(null);

    Move(Composition composition, Disk disk, BackstoreConfig to, long bytesPerSecond, MoveFiles files, Keeper keeper) {
        this.composition = composition;
        this.disk = disk;
        this.from = disk.config();
        this.to = to;
        this.bytesPerSecond = bytesPerSecond;
        this.files = files;
        this.keeper = keeper;
        this.map = new DirtyMap(volume().geometry());
    }

    private Volume volume() {
        return disk.logicalUnit().volume();
    }

    Disk disk() {
        return disk;
    }

    BackstoreConfig to() {
        return to;
    }

    synchronized boolean over() {
        return state.over();
    }

    /** Marks from now on what hosts change, on every store that the disk has. */
    CompletionStage<Void> watch() {
        return disk.wrap(store -> new Tap(store, map), WRAP);
    }

    /** Takes over what is left to copy; null for everything. */
    void takeOver(byte[] left) {
        if (left == null || !map.load(left)) {
            map.markAll();
        }
    }

    /** Copies to storage that is open. */
    void begin(NewStorage opened) {
        Job begun = null;
        synchronized (this) {
            if (!state.over() && !stopping && !cancelled) {
                storage = opened;
                copier = new Copier(volume(), opened.given().store(), map);
                begun = newJob();
            }
        }
        if (begun == null) {
            opened.shut();
        } else {
            start(begun);
            // A bundle that has gone while the storage was opened has not found it here.
            composition.opener().gone(opened.given().parts()).forEach(this::withdrawn);
        }
    }

    /** Whoever ends the move has a job to cancel as long as there is new storage. Guarded by this. */
    private Job newJob() {
        state = State.COPYING;
        job = new Job(volume().runtime(), new PatientWork(copier), bytesPerSecond);
        return job;
    }

    /** It waits for its new storage. */
    synchronized void waitFor(String why) {
        problem = why;
    }

    private void copyAgain() {
        Job begun = null;
        synchronized (this) {
            if (!cancelled && !stopping && withdrawal == null) {
                begun = newJob();
            }
        }
        if (begun == null) {
            ended(new CancellationException("cancelled"));
        } else {
            start(begun);
        }
    }

    private void start(Job begun) {
        begun.result().whenComplete((copied, failure) -> {
            if (failure == null) {
                switchOver();
            } else {
                ended(failure);
            }
        });
        begun.start();
    }

    /** A job that looks by itself whether the store is back. */
    private final class PatientWork implements Job.Work {
        private final Copier work;

        PatientWork(Copier work) {
            this.work = work;
        }

        @Override
        public long totalBytes() {
            return work.totalBytes();
        }

        @Override
        public CompletionStage<Long> next(long doneBytes) {
            return work.next(doneBytes);
        }

        @Override
        public void rests() {
            volume().runtime().schedule(Move.this::resume, PAUSE);
        }
    }

    private void resume() {
        Job resting;
        synchronized (this) {
            resting = job;
        }
        if (resting != null) {
            resting.resume();
        }
    }

    private void switchOver() {
        synchronized (this) {
            state = State.SWITCHING;
        }
        copier.flush()
                .thenCompose(flushed -> disk.become(to, storage.given(), LIMIT, this::finish))
                .whenComplete((left, failure) -> {
                    if (failure == null) {
                        left.unused().thenRun(() -> left.given().close());
                        done();
                    } else {
                        notYet(failure);
                    }
                });
    }

    /** Hosts do not wait for the rest of the copy when it takes long; it then ends after what is under way. */
    private CompletionStage<Void> finish(Backstore old) {
        rest = copier.finish(old).toCompletableFuture();
        return rest.copy()
                .orTimeout(LIMIT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((copied, late) -> {
                    if (late != null) {
                        copier.callOff();
                    }
                })
                .thenCompose(copied -> composition.step(this::decide));
    }

    /** Everything is copied and no host writes: the configuration says where the blocks are from now on. */
    private CompletionStage<Void> decide() throws ConfigException {
        synchronized (this) {
            if (cancelled || stopping || withdrawal != null) {
                throw new CancellationException("cancelled");
            }
        }
        composition.adopt(Configs.replace(composition.config(), to));
        disk.adopt(to);
        return CompletableFuture.completedFuture(null);
    }

    private void done() {
        Parts makers = storage.given().parts();
        CompletableFuture<Void> left = new CompletableFuture<>();
        storage.keep();
        end(State.DONE, "", left);
        // A bundle that has gone in the last moment has not found it here.
        Drains.all(composition.opener().gone(makers).stream()
                        .map(disk::withdrawn)
                        .toList())
                .whenComplete((closed, failure) -> left.complete(null));
        LOG.info("backstore={} has moved: its old storage {} is left as it was", from.name(), place(from));
    }

    /** A copy of the rest that still goes on has the buffers, so nothing else is copied before it has ended. */
    private void notYet(Throwable failure) {
        boolean again;
        synchronized (this) {
            again = !cancelled && !stopping && withdrawal == null && ++attempts < MOST_ATTEMPTS;
        }
        if (!again) {
            ended(failure);
            return;
        }
        LOG.info("backstore={} is not switched over yet: {}", from.name(), line(failure));
        rest.copy().orTimeout(REST.toSeconds(), TimeUnit.SECONDS).whenComplete((over, stuck) -> {
            if (stuck == null) {
                volume().runtime().schedule(this::copyAgain, PAUSE);
            } else {
                ended(stuck);
            }
        });
    }

    private void ended(Throwable failure) {
        boolean asked;
        boolean pausing;
        synchronized (this) {
            if (stopping) {
                idle.complete(null);
                return;
            }
            asked = cancelled;
            pausing = withdrawal != null && !cancelled;
            if (ending) {
                return;
            }
            ending = !pausing;
        }
        if (pausing) {
            pause();
            return;
        }
        String why = asked ? "" : line(failure);
        if (asked) {
            LOG.info("backstore={} is not moved: cancelled", from.name());
        } else {
            LOG.error("backstore={} is not moved: {}", from.name(), why);
        }
        rest.copy()
                .orTimeout(REST.toSeconds(), TimeUnit.SECONDS)
                .handle((over, stuck) -> disk.wrap(UnaryOperator.identity(), Duration.ofSeconds(10)))
                .thenCompose(unwrapping -> unwrapping)
                .whenComplete((unwrapped, still) -> {
                    NewStorage made;
                    synchronized (this) {
                        made = storage;
                    }
                    CompletionStage<Void> left =
                            made == null ? Backstore.done() : unused().thenCompose(over -> made.discard());
                    end(asked ? State.CANCELLED : State.FAILED, why, left);
                });
    }

    /** Returns a stage that completes when nothing is copied, and the new storage has answered everything: it may be closed. */
    private CompletionStage<Void> unused() {
        return rest.handle((over, failure) -> copier.answers()).thenCompose(answers -> answers);
    }

    /** @param left completes when nothing of the new storage is in use here any more */
    private void end(State last, String why, CompletionStage<Void> left) {
        boolean forgotten = forget();
        // Before it is seen to be over: whoever sees that may begin the next.
        composition.busy().end(from.name());
        CompletableFuture<Void> waiting;
        synchronized (this) {
            state = last;
            returns = last == State.DONE || forgotten ? "" : stillOrdered();
            problem = why.isEmpty() || returns.isEmpty() ? why + returns : why + "; " + returns;
            outcome = status();
            waiting = withdrawal;
        }
        if (waiting != null) {
            left.whenComplete((closed, failure) -> waiting.complete(null));
        }
        keeper.over(this);
        switch (last) {
            case DONE -> result.complete("backstore " + from.name() + " is at " + place(to));
            case CANCELLED -> result.completeExceptionally(cancelled());
            default -> result.completeExceptionally(failed());
        }
        idle.complete(null);
    }

    private String stillOrdered() {
        return "its move would go on after a restart: remove " + files.order();
    }

    private boolean forget() {
        try {
            return keeper.write(files::delete);
        } catch (IOException failed) {
            LOG.error("backstore={} its move is over, and that cannot be kept: {}", from.name(), failed.getMessage());
            return false;
        }
    }

    /**
     * Ends it, unless the new storage has taken over.
     *
     * @return completes when it has ended, either way; fails if it would go on with the next start
     */
    CompletionStage<Void> cancel() {
        Job running;
        synchronized (this) {
            cancelled = true;
            running = job;
        }
        if (running == null) {
            ended(new CancellationException("cancelled"));
        } else {
            running.cancel();
        }
        return idle.thenCompose(over -> ended());
    }

    private synchronized CompletionStage<Void> ended() {
        if (!state.over()) {
            // The gateway stops, and the next process goes on with it.
            returns = stillOrdered();
        }
        return returns.isEmpty() ? Backstore.done() : CompletableFuture.failedFuture(notForGood());
    }

    private synchronized Exception cancelled() {
        return returns.isEmpty() ? new CancellationException("cancelled") : notForGood();
    }

    private synchronized Exception failed() {
        return returns.isEmpty() ? new ConfigException(outcome.problem()) : new NotForGoodException(outcome.problem());
    }

    private NotForGoodException notForGood() {
        return new NotForGoodException("backstore " + from.name() + " is not moved now, but " + returns);
    }

    /** Completes when the move is over, which it is not when the gateway stops. */
    CompletionStage<String> result() {
        return result;
    }

    synchronized void setRate(long changed) throws IOException {
        files.save(new MoveFiles.Order(to, changed));
        bytesPerSecond = changed;
        if (job != null) {
            job.setRate(changed);
        }
    }

    synchronized boolean wanted() {
        return !state.over() && !cancelled && !stopping && storage == null;
    }

    /**
     * A bundle goes: the move waits for it if it has made what is copied to.
     *
     * @return completes when nothing of it is in use here
     */
    CompletionStage<Void> withdrawn(Offer<?> offer) {
        Job running;
        CompletableFuture<Void> closed = new CompletableFuture<>();
        synchronized (this) {
            if (state.over() || storage == null || !storage.given().parts().has(offer)) {
                return Backstore.done();
            }
            if (withdrawal != null) {
                return withdrawal;
            }
            withdrawal = closed;
            running = job;
        }
        running.cancel();
        return closed;
    }

    /** Closes the new storage until its bundle is back; what is not known to be stable there is compared then. */
    private void pause() {
        NewStorage left;
        CompletableFuture<Void> closed;
        synchronized (this) {
            left = storage;
            closed = withdrawal;
            paused = closed;
            storage = null;
            withdrawal = null;
            job = null;
            attempts = 0;
            state = State.WAITING;
        }
        unused().thenCompose(over -> left.shut()).whenComplete((done, failure) -> {
            if (failure != null) {
                map.markAll();
            }
            closed.complete(null);
            keeper.waits(this);
        });
    }

    /** The gateway stops: nothing is copied any more, and the next process goes on. Completes when nothing is under way. */
    CompletionStage<Void> stop() {
        Job running;
        synchronized (this) {
            stopping = true;
            running = job;
            if (running == null && !ending) {
                idle.complete(null);
            }
        }
        if (running != null) {
            running.cancel();
        }
        return idle;
    }

    /** Keeps what is left to copy, when all stores are closed. */
    CompletionStage<Void> keep() {
        NewStorage open;
        CompletionStage<Void> left;
        synchronized (this) {
            if (state.over() || !idle.isDone()) {
                return Backstore.done();
            }
            open = storage;
            left = paused;
        }
        CompletionStage<Void> shut = open == null ? left : unused().thenCompose(over -> open.shut());
        return shut.thenRun(() -> {
            try {
                keeper.write(() -> files.saveDirty(map.save()));
            } catch (IOException failed) {
                LOG.warn(
                        "backstore={} is compared as a whole when its move goes on: {}",
                        from.name(),
                        failed.toString());
            }
        });
    }

    synchronized MoveStatus status() {
        if (outcome != null) {
            return outcome;
        }
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

    /** Returns where storage is, for people. */
    static String place(BackstoreConfig config) {
        return config.options().getOrDefault("path", "of type " + config.type());
    }

    private static String line(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof TimeoutException
                ? "what hosts had written last was not copied in " + LIMIT.toMillis() + " ms"
                : cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
