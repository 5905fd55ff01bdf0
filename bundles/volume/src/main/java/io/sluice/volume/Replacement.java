package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One store on its way out and another on its way in, while operations wait. Until the old one is quiet and flushed the
 * replacement may still be called off; from then on the old store is closed, and the new one opened.
 */
class Replacement {

    private static final Logger LOG = LoggerFactory.getLogger(Replacement.class);

    private final VolumeLife life;
    private final Supplier<CompletionStage<Backstore>> opener;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    /** The store that leaves, with the leases that it has had so far; written by whoever goes on with it. */
    private volatile OpenStore leaving;

    /** Guarded by this. */
    private boolean decided;

    /** Guarded by this. */
    private boolean quiet;

    Replacement(VolumeLife life, OpenStore leaving, Supplier<CompletionStage<Backstore>> opener) {
        this.life = life;
        this.leaving = leaving;
        this.opener = opener;
    }

    final VolumeLife life() {
        return life;
    }

    final OpenStore leaving() {
        return leaving;
    }

    final CompletableFuture<Void> result() {
        return result;
    }

    /** Returns whether this call decides between going on and calling off. */
    private synchronized boolean decide() {
        boolean first = !decided;
        decided = true;
        return first;
    }

    final synchronized boolean isDecided() {
        return decided;
    }

    /** It has taken too long: the volume goes on with the old store, if that is not decided yet. */
    final void giveUp() {
        if (decide()) {
            life.callOff(
                    this,
                    isQuiet()
                            ? "the old store was not flushed in time"
                            : "operations of the old store did not end in time");
        }
    }

    /**
     * Operations may take no longer to end.
     *
     * @param flush how long a flush that has begun may still take
     */
    final void giveUpSoon(Duration flush) {
        if (isQuiet()) {
            life.runtime().schedule(this::giveUp, flush);
        } else {
            giveUp();
        }
    }

    private synchronized boolean isQuiet() {
        return quiet;
    }

    /** The old store is quiet. */
    final void proceed() {
        attempt(this::flush).whenComplete((flushed, failure) -> {
            if (!decide()) {
                return;
            }
            if (failure == null) {
                // What it has lost, the other one has not either.
                life.left(leaving);
                change();
            } else {
                life.callOff(this, "the old store cannot be flushed: " + message(failure));
            }
        });
    }

    /**
     * Flushes the old store, unless it is known that this cannot help; when that fails it can still be read. It has a deadline and
     * a lease as any operation has, so that a store that does not answer goes on, and is not closed meanwhile.
     */
    CompletionStage<Void> flush() {
        if (leaving.latch().isShut()) {
            return Backstore.done();
        }
        OpenStore leased = leaseOnce();
        return leased == null ? Backstore.done() : life.flush(leased);
    }

    /** Returns the old store with a lease for one more operation; null if it has been called off, and is in use again. */
    private synchronized OpenStore leaseOnce() {
        if (decided) {
            return null;
        }
        quiet = true;
        leaving = leaving.onceMore();
        return leaving;
    }

    /** Returns the old store with a lease for who decides; to be called when nobody can call it off any more. */
    final OpenStore leaseToDecide() {
        leaving = leaving.onceMore();
        return leaving;
    }

    /** The old store is quiet and flushed, and its turn is over. */
    void change() {
        attempt(this::close).whenComplete((closed, broken) -> {
            if (broken != null) {
                LOG.error("volume={} the old store could not be closed: {}", life.name(), message(broken));
            }
            attempt(opener).whenComplete((store, unopened) -> {
                if (unopened == null) {
                    use(store);
                } else {
                    fail(null, unopened);
                }
            });
        });
    }

    /** Closes the old store. What is lent of it is waited for by its close alone, not by the new store. */
    private CompletionStage<Void> close() {
        CompletionStage<Void> closed = closeWhenUnused(leaving, life.runtime());
        return leaving.unused().toCompletableFuture().isDone() ? closed : Backstore.done();
    }

    private void use(Backstore store) {
        attempt(() -> life.attach(store)).whenComplete((used, refused) -> {
            if (refused == null) {
                result.complete(null);
            } else {
                fail(store, refused);
            }
        });
    }

    private void fail(Backstore store, Throwable failure) {
        String why = message(failure);
        life.switchFailed(why);
        CompletionStage<Void> closed = store == null ? Backstore.done() : attempt(store::close);
        closed.whenComplete(
                (done, ignored) -> result.completeExceptionally(new BackstoreException(Fault.NOT_READY, why, failure)));
    }

    /** Closes a store that is shut when its last lease is back. */
    static CompletionStage<Void> closeWhenUnused(OpenStore store, VolumeRuntime runtime) {
        return store.unused().thenComposeAsync(unused -> store.backstore().close(), runtime.executor());
    }

    /** Calls a store, whatever it throws. */
    static <T> CompletionStage<T> attempt(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /** Returns one line for the operator. */
    static String message(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof BackstoreException ? cause.getMessage() : cause.toString();
    }
}
