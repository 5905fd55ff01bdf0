package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Other layers on the store of a disk. What both stacks have in common stays open, so that a store in memory keeps its data. The
 * configuration is saved after the layers are open and before any operation gets to them; where one of these fails, the layers
 * from before are opened again, and nothing has changed.
 */
final class Relayering {

    private final StoreOpener opener;
    private final DiskRuntime runtime;
    private final BackstoreConfig before;
    private final BackstoreConfig after;
    private final Parts partsBefore;
    private final Opening next;
    private final int common;
    private final String format;
    private final ContainedStore base;
    private final Supplier<CompletionStage<Void>> save;

    /** Why the layers are those from before; null if they are not. Written before the stage that tells of it. */
    private volatile Throwable failure;

    /** Whether the new configuration is saved. Written as that is. */
    private volatile boolean kept;

    /**
     * @param current the stack that is in use
     * @param format what the layers that are new are told once, see {@link BackstoreOption#FORMAT}; null if nothing
     * @param save writes the new configuration down
     * @throws MissingPartException if nobody offers one of the layers
     */
    Relayering(
            StoreOpener opener,
            DiskRuntime runtime,
            Opening current,
            BackstoreConfig before,
            BackstoreConfig after,
            String format,
            Supplier<CompletionStage<Void>> save)
            throws MissingPartException {
        this.opener = opener;
        this.runtime = runtime;
        this.before = before;
        this.after = after;
        this.format = format;
        this.save = save;
        partsBefore = current.parts();
        next = new Opening(opener.find(after));
        common = common(partsBefore, next.parts());
        base = current.store().at(common).share();
    }

    /** Returns how many layers stay as they are. */
    private int common(Parts one, Parts other) {
        List<LayerConfig> old = before.layers();
        List<LayerConfig> now = after.layers();
        int same = 0;
        while (same < Math.min(old.size(), now.size())
                && old.get(same).equals(now.get(same))
                && one.layers().get(same) == other.layers().get(same)) {
            same++;
        }
        return same;
    }

    Opening next() {
        return next;
    }

    /** Opens the new layers; the old ones are closed. */
    CompletionStage<ContainedStore> open() {
        next.begin();
        ContainedStore below = base.share();
        return stack(below, told())
                .thenCompose(opened -> keep(opened, below))
                .exceptionallyCompose(failed -> {
                    failure = Plugin.cause(failed);
                    next.turnTo(partsBefore);
                    return stack(base.share(), before);
                })
                .thenApply(next::opened);
    }

    /**
     * Hosts wait meanwhile, but not for a bundle that never answers: the layers from before are on the store then. One that has
     * begun to change what is stored is waited for.
     *
     * @param below what the layers are opened on; taken over
     */
    private CompletableFuture<ContainedStore> stack(ContainedStore below, BackstoreConfig config) {
        CompletableFuture<ContainedStore> result = new CompletableFuture<>();
        Verdict verdict = new Verdict();
        CompletableFuture<ContainedStore> opened = opener.stack(below, common, config, next);
        next.lasts(opened.handle((store, failed) -> {
                    if (failed != null) {
                        result.completeExceptionally(failed);
                        return Backstore.done();
                    }
                    return verdict.use() && result.complete(store) ? Backstore.done() : store.close();
                })
                .thenCompose(Function.identity()));
        later(result, () -> giveUp(result, verdict, below));
        return result;
    }

    /** Has something done that is not to be waited for any longer than layers that are changed may take. */
    private void later(CompletableFuture<?> awaited, Runnable end) {
        if (!awaited.isDone()) {
            runtime.volumes().schedule(end, runtime.settings().patience());
        }
    }

    private void giveUp(CompletableFuture<ContainedStore> result, Verdict verdict, ContainedStore below) {
        if (result.isDone()) {
            return;
        }
        BackstoreException why = new BackstoreException(
                Fault.NOT_READY,
                "the layers of backstore " + before.name() + " were not open after "
                        + runtime.settings().patience().toSeconds()
                        + " s, and nothing was changed: see to what they need, and try again");
        if (next.giveUp(why) && verdict.leave(below)) {
            // A layer that is open already may never be closed.
            below.close();
            result.completeExceptionally(why);
        }
    }

    /** What becomes of layers that are open in the very moment in which they are given up: one of the two alone. */
    private static final class Verdict {

        private boolean used;
        private boolean left;

        synchronized boolean use() {
            used = !left;
            return used;
        }

        /** Others may have what layers lie on, unless these are used, or have changed something there. */
        synchronized boolean leave(ContainedStore below) {
            left = !used && below.takeBack();
            return left;
        }
    }

    private BackstoreConfig told() {
        if (format == null) {
            return after;
        }
        List<LayerConfig> layers = new ArrayList<>(after.layers());
        for (int i = common; i < layers.size(); i++) {
            if (!before.layers().contains(layers.get(i))) {
                Map<String, String> options = new HashMap<>(layers.get(i).options());
                options.put(BackstoreOption.FORMAT.name(), format);
                layers.set(i, new LayerConfig(layers.get(i).type(), options));
            }
        }
        return after.toBuilder().layers(layers).build();
    }

    private CompletableFuture<ContainedStore> keep(ContainedStore opened, ContainedStore below) {
        return save.get()
                .thenRun(() -> kept = true)
                .handle((saved, refused) -> refused == null
                        ? CompletableFuture.completedFuture(opened)
                        : closed(opened, below)
                                .thenCompose(left -> CompletableFuture.<ContainedStore>failedFuture(refused)))
                .thenCompose(Function.identity())
                .toCompletableFuture();
    }

    /** Closes layers that nobody has used; nobody waits long for that. */
    private CompletableFuture<Void> closed(ContainedStore opened, ContainedStore below) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        CompletionStage<Void> closing = opened.close();
        next.lasts(closing);
        closing.whenComplete((closed, failed) -> result.complete(null));
        later(result, () -> {
            if (below.takeBack()) {
                below.close();
                result.complete(null);
            }
        });
        return result;
    }

    /** To be called when it is over, however it has ended: what is below is closed if nobody else has it then. */
    CompletionStage<Void> end() {
        return base.close();
    }

    /** Returns what it really is when the disk is open: it may have been closed and opened anew before this has begun. */
    CompletionStage<Void> outcome() {
        if (failure == null && !kept) {
            return CompletableFuture.failedFuture(new BackstoreException(
                    Fault.NOT_READY,
                    "the storage of backstore " + before.name() + " was opened anew before its layers could be changed,"
                            + " and they are as before: try again"));
        }
        return failure == null ? Backstore.done() : CompletableFuture.failedFuture(failure);
    }
}
