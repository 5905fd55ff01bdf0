package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.MoveStatus;
import io.sluice.management.MoveStatus.State;
import io.sluice.manager.document.MoveFiles;
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
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One backstore on its way to other storage: copied while hosts use it, then put in the place of the old storage while they wait
 * for a moment. Whatever fails, they go on with the old one. Thread-safe; nothing here waits.
 */
final class Move {

    private static final Logger LOG = LoggerFactory.getLogger(Move.class);

    private static final Duration WRAP = Duration.ofSeconds(2);
    private static final int MOST_ATTEMPTS = 10;

    /** From a switch-over that has failed to the next copy. */
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofSeconds(1);

    private final Composition composition;
    private final Disk disk;
    private final BackstoreConfig from;
    private final BackstoreConfig to;
    private final MoveFiles files;
    private final DirtyMap map;
    private final MoveKeeper keeper;
    private final RestOfCopy rest = new RestOfCopy();
    private final MoveOutcome outcome;
    private final CompletableFuture<Void> idle = new CompletableFuture<>();
    private final MoveState now;

    /** @param order as it is, or is about to be, in the files */
    Move(Composition composition, Disk disk, MoveFiles.Order order, MoveFiles files, MoveKeeper keeper) {
        this.composition = composition;
        this.disk = disk;
        this.from = disk.config();
        this.to = order.to();
        this.files = files;
        this.keeper = keeper;
        this.outcome = new MoveOutcome(from.name(), to, files);
        this.map = new DirtyMap(volume().geometry());
        this.now = new MoveState(from, to, map, order.bytesPerSecond());
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
        return now.state.over();
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
            if (now.mayBegin()) {
                now.storage = opened;
                now.copier = new Copier(volume(), opened.given().store(), map);
                begun = now.newCopy(volume(), this::resume);
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

    /** It waits for its new storage. */
    synchronized void waitFor(String why) {
        now.problem = why;
    }

    private void copyAgain() {
        Job begun = null;
        synchronized (this) {
            if (now.mayGoOn()) {
                begun = now.newCopy(volume(), this::resume);
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

    private void resume() {
        Job resting;
        synchronized (this) {
            resting = now.job;
        }
        if (resting != null) {
            resting.resume();
        }
    }

    private void switchOver() {
        synchronized (this) {
            now.state = State.SWITCHING;
        }
        now.copier
                .flush()
                .thenCompose(flushed -> disk.become(to, now.storage.given(), RestOfCopy.LIMIT, this::finish))
                .whenComplete((left, failure) -> {
                    if (failure == null) {
                        left.unused().thenRun(() -> left.given().close());
                        done();
                    } else {
                        notYet(failure);
                    }
                });
    }

    private CompletionStage<Void> finish(Backstore old) {
        return rest.copy(now.copier, old).thenCompose(copied -> composition.step(this::decide));
    }

    /** Everything is copied and no host writes: the configuration says where the blocks are from now on. */
    private CompletionStage<Void> decide() throws ConfigException {
        synchronized (this) {
            if (!now.mayGoOn()) {
                throw new CancellationException("cancelled");
            }
        }
        composition.adopt(Configs.replace(composition.config(), to));
        disk.adopt(to);
        return CompletableFuture.completedFuture(null);
    }

    private void done() {
        Parts makers = now.storage.given().parts();
        CompletableFuture<Void> left = new CompletableFuture<>();
        now.storage.keep();
        end(State.DONE, "", left);
        // A bundle that has gone in the last moment has not found it here.
        Drains.all(composition.opener().gone(makers).stream()
                        .map(disk::withdrawn)
                        .toList())
                .whenComplete((closed, failure) -> left.complete(null));
        LOG.info("backstore={} has moved: its old storage {} is left as it was", from.name(), MoveOutcome.place(from));
    }

    private void notYet(Throwable failure) {
        boolean again;
        synchronized (this) {
            again = now.mayGoOn() && ++now.attempts < MOST_ATTEMPTS;
        }
        if (!again) {
            ended(failure);
            return;
        }
        LOG.info("backstore={} is not switched over yet: {}", from.name(), RestOfCopy.reason(failure));
        rest.over().whenComplete((over, stuck) -> {
            if (stuck == null) {
                volume().runtime().schedule(this::copyAgain, BETWEEN_ATTEMPTS);
            } else {
                ended(stuck);
            }
        });
    }

    private void ended(Throwable failure) {
        boolean asked;
        boolean pausing;
        synchronized (this) {
            if (now.stopping) {
                idle.complete(null);
                return;
            }
            asked = now.cancelled;
            pausing = now.withdrawal != null && !now.cancelled;
            if (now.ending) {
                return;
            }
            now.ending = !pausing;
        }
        if (pausing) {
            pause();
            return;
        }
        String why = asked ? "" : RestOfCopy.reason(failure);
        if (asked) {
            LOG.info("backstore={} is not moved: cancelled", from.name());
        } else {
            LOG.error("backstore={} is not moved: {}", from.name(), why);
        }
        rest.over()
                .handle((over, stuck) -> disk.wrap(UnaryOperator.identity(), Duration.ofSeconds(10)))
                .thenCompose(unwrapping -> unwrapping)
                .whenComplete((unwrapped, still) -> {
                    NewStorage made;
                    synchronized (this) {
                        made = now.storage;
                    }
                    CompletionStage<Void> left = made == null
                            ? Backstore.done()
                            : rest.unused(now.copier).thenCompose(over -> made.discard());
                    end(asked ? State.CANCELLED : State.FAILED, why, left);
                });
    }

    /** @param left completes when nothing of the new storage is in use here any more */
    private void end(State last, String why, CompletionStage<Void> left) {
        boolean forgotten = outcome.forget(keeper);
        // Before it is seen to be over: whoever sees that may begin the next.
        composition.busy().end(from.name());
        CompletableFuture<Void> waiting;
        synchronized (this) {
            now.state = last;
            now.problem = outcome.settle(last, forgotten, why);
            outcome.keep(status());
            waiting = now.withdrawal;
        }
        if (waiting != null) {
            left.whenComplete((closed, failure) -> waiting.complete(null));
        }
        keeper.over(this);
        outcome.tell();
        idle.complete(null);
    }

    /**
     * Ends it, unless the new storage has taken over.
     *
     * @return completes when it has ended, either way; fails if it would go on with the next start
     */
    CompletionStage<Void> cancel() {
        Job running;
        synchronized (this) {
            now.cancelled = true;
            running = now.job;
        }
        if (running == null) {
            ended(new CancellationException("cancelled"));
        } else {
            running.cancel();
        }
        return idle.thenCompose(idling -> forGood());
    }

    /** In one step, or a move that is over just then would be taken for one that goes on. */
    private synchronized CompletionStage<Void> forGood() {
        return outcome.forGood(now.state.over());
    }

    /** Completes when the move is over, which it is not when the gateway stops. */
    CompletionStage<String> result() {
        return outcome.result();
    }

    synchronized void setRate(long changed) throws IOException {
        files.save(new MoveFiles.Order(to, changed));
        now.bytesPerSecond = changed;
        if (now.job != null) {
            now.job.setRate(changed);
        }
    }

    synchronized boolean wanted() {
        return now.mayBegin() && now.storage == null;
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
            if (now.state.over()
                    || now.storage == null
                    || !now.storage.given().parts().has(offer)) {
                return Backstore.done();
            }
            if (now.withdrawal != null) {
                return now.withdrawal;
            }
            now.withdrawal = closed;
            running = now.job;
        }
        running.cancel();
        return closed;
    }

    /** Closes the new storage until its bundle is back; what is not known to be stable there is compared then. */
    private void pause() {
        NewStorage left;
        CompletableFuture<Void> closed;
        synchronized (this) {
            left = now.storage;
            closed = now.withdrawal;
            now.pause();
        }
        rest.unused(now.copier).thenCompose(over -> left.shut()).whenComplete((done, failure) -> {
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
            now.stopping = true;
            running = now.job;
            if (running == null && !now.ending) {
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
            if (now.state.over() || !idle.isDone()) {
                return Backstore.done();
            }
            open = now.storage;
            left = now.paused;
        }
        CompletionStage<Void> shut =
                open == null ? left : rest.unused(now.copier).thenCompose(over -> open.shut());
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
        return outcome.last() != null ? outcome.last() : now.status();
    }
}
