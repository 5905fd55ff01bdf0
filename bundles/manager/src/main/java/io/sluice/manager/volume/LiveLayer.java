package io.sluice.manager.volume;

import io.sluice.backstore.ability.Reconfigure;
import io.sluice.config.LayerConfig;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import io.sluice.volume.Volume;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** An open layer that gets other settings while it is in use, if its bundle can do that. Thread-safe. */
final class LiveLayer {

    private final ContainedStore layer;
    private final Volume volume;
    private final StoreThreads threads;

    /**
     * @param volume what it is in use by
     * @param threads on which its bundle may wait
     */
    LiveLayer(ContainedStore layer, Volume volume, StoreThreads threads) {
        this.layer = layer;
        this.volume = volume;
        this.threads = threads;
    }

    /** Returns what its bundle can do; empty if it has to be opened anew. */
    CompletionStage<Optional<Reconfigure>> able() {
        return Plugin.call(
                layer.executor(),
                () -> CompletableFuture.completedFuture(Optional.ofNullable(layer.ownAbility(Reconfigure.class))));
    }

    /**
     * Changes its settings, and keeps it from being closed meanwhile. A secret, or the disk of the configuration, may take any
     * time, which is nothing that hosts have to suffer for.
     *
     * @param save writes them down; if that fails, they are as before
     */
    CompletionStage<Void> become(Reconfigure able, LayerConfig settings, Supplier<CompletionStage<Void>> save) {
        return volume.keepOpen(() -> change(able, settings, save));
    }

    private CompletionStage<Void> change(Reconfigure able, LayerConfig settings, Supplier<CompletionStage<Void>> save) {
        StoreContext context = new StoreContext(threads, volume.name(), settings.options(), event -> {});
        return Plugin.call(context.executor(), () -> able.reconfigure(settings, context))
                .thenCompose(change -> save.get()
                        .<CompletionStage<Void>>handle((saved, refused) -> refused == null
                                ? change.keep()
                                : change.undo().thenCompose(undone -> CompletableFuture.<Void>failedFuture(refused)))
                        .thenCompose(stage -> stage))
                .whenComplete((done, failure) -> context.close());
    }
}
