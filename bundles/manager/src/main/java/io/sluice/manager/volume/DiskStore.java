package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreOption;
import io.sluice.config.BackstoreConfig;
import io.sluice.volume.Volume;
import io.sluice.volume.VolumeStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a volume in store: opens it as soon as the bundles for it are there, again from time to time if that fails or if it
 * is lost, and closes it when one of them goes. Thread-safe. Waits for nobody, and calls no bundle on the caller's thread.
 */
class DiskStore extends StoreState {

    private static final Logger LOG = LoggerFactory.getLogger(DiskStore.class);

    private static final String LOST = "its data is lost, as its storage keeps nothing when it is closed";

    private final StoreOpener opener;
    final DiskRuntime runtime;
    private final Backoff backoff;
    final Waiting waiting = new Waiting();
    final FailureLog failures;
    final StoreWatch watch;

    /** What has to do with another gateway that has the store too; null if none has. */
    private volatile Sharing sharing;

    private CompletionStage<Void> closing = Backstore.done();

    /** Ends when a change of layers does not hold the store any more. */
    private CompletableFuture<Void> letGo = CompletableFuture.completedFuture(null);

    DiskStore(Volume volume, BackstoreConfig config, StoreOpener opener, DiskRuntime runtime) {
        super(volume, config);
        this.opener = opener;
        this.runtime = runtime;
        this.failures = new FailureLog(volume::name);
        this.watch = new StoreWatch(volume::name, runtime.volumes(), this::lost);
        this.backoff =
                new Backoff(runtime.settings().retryFirst(), runtime.settings().retryLongest());
    }

    /**
     * Another gateway has the store too: what waits when it is lost is older than what that one writes, and ends.
     */
    final void share(Sharing with) {
        sharing = with;
    }

    /** Closes the store, which lets another gateway have it, and opens it anew. */
    final synchronized void restart(String why) {
        if (phase == Phase.OPEN) {
            leave(why, false);
        }
    }

    /** Opens the store if it is not open and the bundles for it are there. */
    void look() {
        Opening begun;
        BackstoreConfig wanted;
        Runnable told;
        synchronized (this) {
            if (!phase.mayBeOpened()) {
                return;
            }
            wanted = config;
            begun = find(wanted);
            if (begun == null) {
                volume.detach(problem);
                told = waiting.fail(problem);
            } else {
                told = () -> open(wanted, begun);
            }
        }
        told.run();
    }

    /** Returns what is to be opened; null if a bundle is missing, or if the disk may not begin empty. */
    private Opening find(BackstoreConfig wanted) {
        try {
            opening = new Opening(opener.find(wanted));
        } catch (MissingPartException missing) {
            become(Phase.ABSENT, missing.getMessage());
            return null;
        }
        if (!keepsData()) {
            volume.forget(LOST);
            if (!waiting.mayBeginEmpty() && !beginsEmpty(wanted)) {
                lose();
                return null;
            }
        }
        if (phase != Phase.RETRYING) {
            backoff.reset();
        }
        become(Phase.OPENING, phase == Phase.RETRYING ? problem : "");
        return opening;
    }

    private static boolean beginsEmpty(BackstoreConfig config) {
        return "empty".equals(config.options().get(BackstoreOption.RESTART.name()));
    }

    private void lose() {
        if (phase != Phase.LOST) {
            become(Phase.LOST, LOST + ": backstore:reopen " + volume.name() + " --empty lets it begin empty");
            LOG.error("backstore={} offline: {}", volume.name(), problem);
        }
    }

    private void open(BackstoreConfig wanted, Opening begun) {
        CompletableFuture<Void> arrived = new CompletableFuture<>();
        arrives(arrived, begun);
        open(begun, wanted).whenComplete((store, failure) -> {
            if (failure != null) {
                failed(begun, failure);
                arrived.complete(null);
            } else {
                attach(begun, store).whenComplete((done, another) -> arrived.complete(null));
            }
        });
    }

    private CompletionStage<ContainedStore> open(Opening begun, BackstoreConfig wanted) {
        return opener.open(wanted, begun, volume.doubted());
    }

    /** Takes a store that is open already. */
    CompletionStage<Void> begin(Opening opened) {
        CompletionStage<Void> result = waiting.join();
        expect(opened);
        come(opened);
        return result;
    }

    /** A store comes that was expected; it is closed if it is not any more. */
    void come(Opening expected) {
        arrives(attach(expected, expected.store()), expected);
    }

    /** Returns when it is in use, or closed. */
    private CompletionStage<Void> attach(Opening begun, ContainedStore store) {
        if (!wanted(begun)) {
            return store.close();
        }
        return volume.attach(wrapped(begun.opened(store)))
                .handle((attached, misfit) -> {
                    if (misfit == null) {
                        return attached(begun);
                    }
                    return store.close().whenComplete((closed, another) -> failed(begun, misfit));
                })
                .thenCompose(Function.identity());
    }

    private CompletionStage<Void> attached(Opening begun) {
        Runnable told;
        synchronized (this) {
            if (!wanted(begun)) {
                return volume.detach(problem);
            }
            become(Phase.OPEN, "");
            failures.forget();
            told = waiting.succeed();
        }
        online(begun, told);
        return Backstore.done();
    }

    private void online(Opening begun, Runnable told) {
        LOG.info("backstore={} online", volume.name());
        told.run();
        watch.begin(begun);
        Sharing shared = sharing;
        if (shared != null) {
            shared.come();
        }
        leaveIfGone();
    }

    /** A bundle that has gone while its store was on the way here has not found it. */
    final void leaveIfGone() {
        Opening now = present();
        if (now != null) {
            opener.gone(now.parts()).forEach(this::withdrawn);
        }
    }

    /** The store cannot be had: it is tried again later. */
    private void failed(Opening begun, Throwable failure) {
        String why = Plugin.message(failure);
        Runnable told;
        synchronized (this) {
            if (!wanted(begun)) {
                return;
            }
            retryLater(begun, why);
            failures.add(why, failure);
            told = waiting.fail(why);
        }
        told.run();
    }

    private void retryLater(Opening begun, String why) {
        Duration delay = backoff.next();
        become(Phase.RETRYING, why);
        volume.detach(why);
        runtime.volumes().schedule(() -> retry(begun), delay);
    }

    private void retry(Opening begun) {
        synchronized (this) {
            if (phase != Phase.RETRYING || opening != begun) {
                return;
            }
        }
        look();
    }

    /** The store cannot go on. */
    final void lost(Opening by) {
        ContainedStore store = by.store();
        String reason = store.health().reason();
        String why = reason.isEmpty() ? "its storage is gone" : reason;
        synchronized (this) {
            if (opening != by || phase != Phase.OPEN) {
                return;
            }
            if (System.nanoTime() - sinceNanos
                    > runtime.settings().retryLongest().toNanos()) {
                backoff.reset();
            }
            LOG.error("backstore={} away: {}", volume.name(), why);
            leave(why, sharing == null);
        }
    }

    /** Closes the store when its last operation has ended. */
    private void leave(String why, boolean retry) {
        Opening left = opening;
        Sharing shared = sharing;
        become(Phase.CLOSING, why);
        if (shared != null) {
            shared.lose();
        }
        closing = CompletableFuture.allOf(volume.detach(why).toCompletableFuture(), letGo);
        if (shared != null) {
            volume.forget(why);
        }
        closing.whenCompleteAsync(
                (closed, failure) -> left(left, failure, retry),
                runtime.volumes().executor());
    }

    private void left(Opening left, Throwable failure, boolean retry) {
        if (failure != null) {
            notClosedWell(failure);
        }
        synchronized (this) {
            if (phase != Phase.CLOSING || opening != left) {
                return;
            }
            if (retry && waiting.isEmpty()) {
                retryLater(left, problem);
                return;
            }
            become(Phase.ABSENT, problem);
        }
        look();
    }

    private Void notClosedWell(Throwable failure) {
        LOG.error("backstore={} was not closed well: {}", volume.name(), Plugin.message(failure));
        return null;
    }

    /**
     * A bundle goes.
     *
     * @return completes when nothing of it is in use here, which may take as long as its store likes
     */
    CompletionStage<Void> withdrawn(Offer<?> offer) {
        CompletionStage<Void> result;
        List<Opening> concerned;
        synchronized (this) {
            concerned = openings(offer);
            if (concerned.isEmpty()) {
                // It may still be at work for what was given up before.
                return arriving(offer);
            }
            if (concerned.contains(opening)) {
                goWithout(opening.parts().missing(offer).getMessage());
            }
            result = phase == Phase.CLOSING
                    ? CompletableFuture.allOf(closing.toCompletableFuture(), arriving(offer))
                    : arriving(offer);
        }
        concerned.forEach(one -> one.withdrawn(offer));
        look();
        return result;
    }

    private void goWithout(String why) {
        switch (phase) {
            case OPEN, REPLACING -> {
                LOG.warn("backstore={} away: {}", volume.name(), why);
                leave(why, false);
            }
            case OPENING, RETRYING, LOST -> become(Phase.ABSENT, why);
            case CLOSING, ABSENT, CLOSED -> {
                // Nothing of it is in use, or will not be soon.
            }
        }
    }

    /**
     * Opens the store anew: without anybody's notice if it is well, otherwise by closing it, and at once if it is away.
     *
     * @param empty whether it may begin empty if its data is lost
     * @return completes when it is open
     */
    CompletionStage<Void> reopen(boolean empty) {
        CompletionStage<Void> result;
        synchronized (this) {
            if (phase == Phase.CLOSED) {
                return refused("it is closed");
            }
            if (empty && keepsData()) {
                return refused("its storage keeps its data, and never begins empty: leave out --empty");
            }
            if (phase == Phase.OPEN) {
                return reopenOpen(empty);
            }
            volume.trust();
            result = waiting.join(empty);
            failures.forget();
        }
        look();
        return result;
    }

    private CompletionStage<Void> reopenOpen(boolean empty) {
        VolumeStatus status = volume.status();
        if (status.overdue() > 0) {
            return refused(status.problem());
        }
        boolean well = status.health().state().compareTo(BackstoreHealth.State.FULL) <= 0;
        if (!keepsData() && (well || !empty)) {
            return refused(well ? "it is well, and would lose its data" : "it would lose its data: add --empty");
        }
        CompletionStage<Void> result = waiting.join(empty);
        if (well && sharing == null) {
            replace();
        } else {
            volume.trust();
            leave("it is being opened anew", false);
        }
        return result;
    }

    private void replace() {
        Opening next = new Opening(opening.parts());
        BackstoreConfig wanted = config;
        replace(
                next,
                () -> {
                    next.begin();
                    return open(next, wanted).thenApply(next::opened);
                },
                Backstore::done);
    }

    /**
     * Puts other layers on the store, without anybody's notice but a delay.
     *
     * @param format see {@link BackstoreOption#FORMAT}; null if no layer is to be told
     * @param save writes {@code wanted} down, when it is open and before it is used
     * @return completes when it is in use; fails if it could not be had, or be saved, and then all is as before
     */
    CompletionStage<Void> relayer(BackstoreConfig wanted, String format, Supplier<CompletionStage<Void>> save) {
        CompletionStage<Void> result;
        Relayering change;
        synchronized (this) {
            if (phase != Phase.OPEN || volume.status().overdue() > 0) {
                return refused("backstore " + volume.name() + " is not online: backstore:info says why");
            }
            if (volume.distrust() != null) {
                return refused("backstore " + volume.name() + " is not as hosts count on: "
                        + volume.status().problem() + ": mend that, then use backstore:reopen " + volume.name());
            }
            try {
                change = new Relayering(opener, runtime, opening, config, wanted, format, save);
            } catch (MissingPartException missing) {
                return refused(missing.getMessage());
            }
            result = waiting.join();
            replace(change.next(), change::open, change::end);
        }
        return result.thenCompose(done -> change.outcome());
    }

    /** @param end what is done when it is over, however it has ended */
    private void replace(
            Opening next, Supplier<CompletionStage<ContainedStore>> opens, Supplier<CompletionStage<Void>> end) {
        replacing = next;
        become(Phase.REPLACING, "");
        CompletionStage<Void> taken = volume.replace(() -> opens.get().thenApply(this::wrapped));
        letGo = taken.handle((done, failure) -> end.get())
                .thenCompose(Function.identity())
                .exceptionally(this::notClosedWell)
                .toCompletableFuture();
        arrives(letGo, next);
        taken.whenCompleteAsync(
                (done, failure) -> replaced(next, failure), runtime.volumes().executor());
    }

    private void replaced(Opening next, Throwable failure) {
        Opening before;
        Runnable told = () -> {};
        synchronized (this) {
            if (replacing != next) {
                return;
            }
            replacing = null;
            if (phase != Phase.REPLACING) {
                return;
            }
            before = opening;
            boolean gone = failure != null && next.begun();
            opening = failure == null || gone ? next : before;
            become(gone ? Phase.OPENING : Phase.OPEN, "");
            if (!gone) {
                told = failure == null ? waiting.succeed() : waiting.fail(Plugin.message(failure));
            }
        }
        if (failure == null) {
            online(next, told);
        } else if (next.begun()) {
            failed(next, failure);
        } else {
            LOG.warn("backstore={} goes on as it was: {}", volume.name(), Plugin.message(failure));
            told.run();
            if (before.lost()) {
                lost(before);
            }
        }
    }

    /** Ends the disk. Completes when the store is closed, also one that is only being opened: it would be open twice. */
    CompletionStage<Void> close(String why) {
        CompletionStage<Void> closed;
        Runnable told;
        synchronized (this) {
            CompletionStage<Void> left = phase == Phase.CLOSING ? closing : Backstore.done();
            become(Phase.CLOSED, why);
            CompletionStage<Void> arrived = arriving();
            closed = volume.close().thenCompose(done -> arrived).thenCompose(done -> left);
            told = waiting.fail(why);
        }
        told.run();
        return closed;
    }
}
