package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** One time that a disk's store is opened: from the first call until the store is closed. Thread-safe. */
final class Opening {

    private volatile Parts parts;
    private final StoreEvents events = new StoreEvents();

    /** Whether a bundle has been asked to open the store. */
    private volatile boolean begun;

    private volatile boolean lost;
    private volatile ContainedStore store;

    /** What a bundle was asked for last. Guarded by this. */
    private CompletableFuture<ContainedStore> awaited = new CompletableFuture<>();

    /** What the layer is opened on that a bundle was asked for last; null if that is a store. Guarded by this. */
    private ContainedStore below;

    /** Why nobody waits for the layers that are being opened; null if somebody does. Guarded by this. */
    private BackstoreException given;

    /** What was withdrawn while it was to be asked; null if nothing was. Guarded by this. */
    private Offer<?> gone;

    /** Ends when no bundle is at work. Guarded by this. */
    private CompletableFuture<Void> over = CompletableFuture.completedFuture(null);

    Opening(Parts parts) {
        this.parts = parts;
    }

    Parts parts() {
        return parts;
    }

    /** Others make it after all. */
    synchronized void turnTo(Parts others) {
        parts = others;
        given = null;
    }

    StoreEvents events() {
        return events;
    }

    boolean begun() {
        return begun;
    }

    void begin() {
        begun = true;
    }

    /** Returns whether the store has said that it cannot go on. */
    boolean lost() {
        return lost;
    }

    void lose() {
        lost = true;
    }

    /** Returns the store; null while it is not open. */
    ContainedStore store() {
        return store;
    }

    ContainedStore opened(ContainedStore openStore) {
        store = openStore;
        return openStore;
    }

    /**
     * Has a bundle open a store, or a layer, one after the other.
     *
     * @param on what the layer is opened on; null for a store
     * @return completes as that does, or when it is given up: then the store is closed that comes all the same
     */
    CompletableFuture<ContainedStore> await(ContainedStore on, Supplier<CompletableFuture<ContainedStore>> bundle) {
        CompletableFuture<ContainedStore> result = new CompletableFuture<>();
        CompletableFuture<Void> end = new CompletableFuture<>();
        synchronized (this) {
            if (gone != null && parts.has(gone)) {
                return CompletableFuture.failedFuture(missing(gone));
            }
            if (given != null) {
                return CompletableFuture.failedFuture(given);
            }
            awaited = result;
            below = on;
            over = CompletableFuture.allOf(over, end);
        }
        bundle.get().whenComplete((opened, failure) -> {
            CompletionStage<Void> rest = Backstore.done();
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(opened)) {
                rest = opened.close();
            }
            rest.whenComplete((closed, another) -> end.complete(null));
        });
        return result;
    }

    private BackstoreException missing(Offer<?> offer) {
        return new BackstoreException(Fault.NOT_READY, parts.missing(offer).getMessage());
    }

    /** A bundle goes: if it is one of those that open it, nobody waits for that any more. */
    void withdrawn(Offer<?> offer) {
        CompletableFuture<ContainedStore> left;
        BackstoreException why;
        synchronized (this) {
            if (!parts.has(offer)) {
                return;
            }
            gone = offer;
            left = awaited;
            why = missing(offer);
            if (!mayLeave()) {
                return;
            }
        }
        left.completeExceptionally(why);
    }

    /**
     * Nobody waits any more for the layers that bundles have been asked for, unless one of them has begun to change what is
     * stored: nobody else may have that before it is done.
     *
     * @return whether nobody waits any more
     */
    boolean giveUp(BackstoreException why) {
        CompletableFuture<ContainedStore> left;
        synchronized (this) {
            if (!mayLeave()) {
                return false;
            }
            given = why;
            left = awaited;
        }
        left.completeExceptionally(why);
        return true;
    }

    /** A bundle is at work until a stage ends, though nobody may wait for that. */
    synchronized void lasts(CompletionStage<?> work) {
        over = CompletableFuture.allOf(
                over, work.handle((done, failure) -> null).toCompletableFuture());
    }

    private boolean mayLeave() {
        return awaited.isDone() || below == null || below.takeBack();
    }

    /** Ends when no bundle is at work here, and what has come too late is closed. */
    synchronized CompletionStage<Void> over() {
        return over;
    }
}
