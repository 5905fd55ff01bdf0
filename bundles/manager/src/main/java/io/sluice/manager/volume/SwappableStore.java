package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.volume.Exchanged;
import io.sluice.volume.Volume;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The store of a disk, which can be given to another disk while it is open, or be exchanged for one. Thread-safe. */
final class SwappableStore extends DiskStore {

    SwappableStore(Volume volume, BackstoreConfig config, StoreOpener opener, DiskRuntime runtime) {
        super(volume, config, opener, runtime);
    }

    /**
     * Takes a store that is open already while there is none, for another configuration: what the operator has now counts.
     *
     * @param decision made while nothing else can be opened; if it fails, nothing has changed
     * @return fails if the last store is still open, or is opened again
     */
    CompletionStage<Void> take(Opening given, BackstoreConfig changed, Supplier<CompletionStage<Void>> decision) {
        synchronized (this) {
            switch (phase) {
                case ABSENT, RETRYING, LOST, OPENING -> expect(given);
                case OPEN, REPLACING, CLOSING, CLOSED -> {
                    return refused("its last storage is not closed yet: try it again later");
                }
            }
        }
        return decision.get()
                .handle((decided, failure) -> failure == null ? taken(given, changed) : notTaken(failure))
                .thenCompose(taken -> taken);
    }

    private CompletionStage<Void> taken(Opening given, BackstoreConfig changed) {
        CompletionStage<Void> result = waiting.join();
        synchronized (this) {
            config = changed;
            failures.forget();
        }
        volume.trust();
        come(given);
        return result;
    }

    private CompletionStage<Void> notTaken(Throwable failure) {
        synchronized (this) {
            become(Phase.ABSENT, "");
        }
        look();
        return CompletableFuture.failedFuture(failure);
    }

    /**
     * Gives the store away without closing it, when it is flushed.
     *
     * @return fails if it is not open, or cannot be flushed, and then keeps it
     */
    CompletionStage<Opening> release(String why) {
        return volume.flush().thenCompose(flushed -> {
            Opening given;
            synchronized (this) {
                if (phase != Phase.OPEN) {
                    return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, notOpen()));
                }
                given = opening;
                become(Phase.CLOSED, why);
            }
            return volume.release(why).thenApply(store -> given);
        });
    }

    /**
     * Puts a store that is open already in the place of the one that is, for another configuration.
     *
     * @param limit how long operations that run may take to end
     * @param decision see {@link Volume#exchange}
     * @return completes with the old one when operations go to the other one, or fails and keeps the old one
     */
    CompletionStage<Left> exchange(
            Opening next,
            BackstoreConfig changed,
            Duration limit,
            Function<Backstore, CompletionStage<Void>> decision) {
        if (!isOpen()) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, notOpen()));
        }
        // Most of what has to be flushed is so before hosts wait; what that fails with the volume keeps in mind.
        return volume.flush()
                .handle((flushed, failure) -> null)
                .thenComposeAsync(
                        nothing -> exchangeNow(next, changed, limit, decision),
                        runtime.volumes().executor());
    }

    private CompletionStage<Left> exchangeNow(
            Opening next,
            BackstoreConfig changed,
            Duration limit,
            Function<Backstore, CompletionStage<Void>> decision) {
        Opening before;
        Exchanged begun;
        synchronized (this) {
            if (phase != Phase.OPEN) {
                return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, notOpen()));
            }
            before = opening;
            try {
                begun = volume.exchange(next.store(), limit, decision);
            } catch (BackstoreException refused) {
                return CompletableFuture.failedFuture(refused);
            }
            become(Phase.REPLACING, "");
        }
        return begun.done()
                .whenCompleteAsync(
                        (done, failure) -> exchanged(failure == null ? next : before, changed, failure),
                        runtime.volumes().executor())
                .thenApply(done -> new Left(before, begun.left()));
    }

    /**
     * A store that another one has taken the place of, and that is still open.
     *
     * @param opening the store
     * @param unused completes when nothing of it is in use
     */
    record Left(Opening opening, CompletionStage<Backstore> unused) {}

    private void exchanged(Opening now, BackstoreConfig changed, Throwable failure) {
        synchronized (this) {
            if (failure == null) {
                config = changed;
                wrapper = UnaryOperator.identity();
            }
            if (phase != Phase.REPLACING) {
                return;
            }
            opening = now;
            become(Phase.OPEN, "");
        }
        if (failure == null) {
            watch.begin(now);
        } else if (now.lost()) {
            lost(now);
        }
        leaveIfGone();
    }
}
