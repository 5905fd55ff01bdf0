package io.sluice.manager.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Opens stores and stacks their layers on them, each on threads of its own. Thread-safe; waits for nobody. */
public final class StoreOpener {

    private final Offers<BackstoreProvider> stores;
    private final Offers<LayerProvider> layers;
    private final StoreThreads threads;

    /**
     * @param stores kinds of storage that there are now
     * @param layers kinds of layers that there are now
     * @param runtime has the threads
     */
    public StoreOpener(Offers<BackstoreProvider> stores, Offers<LayerProvider> layers, DiskRuntime runtime) {
        this.stores = stores;
        this.layers = layers;
        this.threads = runtime.storeThreads();
    }

    /** Returns the kinds of storage. */
    public Offers<BackstoreProvider> stores() {
        return stores;
    }

    /** Returns the kinds of layers. */
    public Offers<LayerProvider> layers() {
        return layers;
    }

    StoreThreads threads() {
        return threads;
    }

    /** Finds who makes what a configuration names. */
    public Parts find(BackstoreConfig config) throws MissingPartException {
        Offer<BackstoreProvider> store = stores.find(config.type());
        if (store == null) {
            throw MissingPartException.store(config.type());
        }
        List<Offer<LayerProvider>> wrappers = new ArrayList<>();
        for (LayerConfig layer : config.layers()) {
            Offer<LayerProvider> wrapper = layers.find(layer.type());
            if (wrapper == null) {
                throw MissingPartException.layer(layer.type());
            }
            wrappers.add(wrapper);
        }
        return new Parts(store, wrappers);
    }

    /** Returns those who are not there any more. */
    public List<Offer<?>> gone(Parts parts) {
        List<Offer<?>> gone = new ArrayList<>();
        if (stores.find(parts.store().type()) != parts.store()) {
            gone.add(parts.store());
        }
        for (Offer<LayerProvider> layer : parts.layers()) {
            if (layers.find(layer.type()) != layer) {
                gone.add(layer);
            }
        }
        return gone;
    }

    /**
     * Opens a store with its layers.
     *
     * @param opening who opens it, and is told what it raises
     * @return nothing is left open if it fails
     */
    CompletableFuture<ContainedStore> open(BackstoreConfig config, Opening opening) {
        return open(config, opening, false);
    }

    /**
     * As the other one.
     *
     * @param doubtful see {@link BackstoreContext#isDoubtful}
     */
    CompletableFuture<ContainedStore> open(BackstoreConfig config, Opening opening, boolean doubtful) {
        BackstoreProvider provider = opening.parts().store().provider();
        EventRelay relay = new EventRelay(opening.events());
        CompletableFuture<ContainedStore> opened = opening.await(
                null,
                () -> call(
                        new StoreContext(threads, config.name(), config.options(), relay, doubtful),
                        relay,
                        null,
                        context -> provider.open(config, context)));
        return stack(opened, 0, config, opening);
    }

    /**
     * Puts layers on a store that is open, and stays open for whoever has it too.
     *
     * @param base the store with the first of the layers; taken over
     * @param from which layer comes next
     * @param opening who opens them, and is told what they raise
     * @return nothing but what others have is left open if it fails
     */
    CompletableFuture<ContainedStore> stack(ContainedStore base, int from, BackstoreConfig config, Opening opening) {
        base.raiseTo(opening.events());
        return stack(CompletableFuture.completedFuture(base), from, config, opening);
    }

    private CompletableFuture<ContainedStore> stack(
            CompletableFuture<ContainedStore> base, int from, BackstoreConfig config, Opening opening) {
        List<Offer<LayerProvider>> wrappers = opening.parts().layers();
        CompletableFuture<ContainedStore> opened = base;
        for (int i = from; i < wrappers.size(); i++) {
            LayerProvider provider = wrappers.get(i).provider();
            LayerConfig layer = config.layers().get(i);
            opened = opened.thenCompose(below -> wrap(below, provider, layer, config.name(), opening));
        }
        return opened;
    }

    /** What lies below a layer that is given up is closed, though its bundle may still be at work: it can change nothing there. */
    private CompletableFuture<ContainedStore> wrap(
            ContainedStore below, LayerProvider provider, LayerConfig layer, String name, Opening opening) {
        EventRelay relay = new EventRelay(opening.events());
        return opening.await(
                        below,
                        () -> call(
                                new StoreContext(threads, name, layer.options(), relay),
                                relay,
                                below,
                                context -> provider.open(below, layer, context)))
                .exceptionallyCompose(failure -> below.close()
                        .handle((closed, another) -> failure)
                        .thenCompose(CompletableFuture::failedFuture));
    }

    /** What a bundle is asked for. */
    @FunctionalInterface
    private interface Call {
        CompletionStage<Backstore> open(StoreContext context) throws Exception;
    }

    private static CompletableFuture<ContainedStore> call(
            StoreContext context, EventRelay relay, ContainedStore below, Call call) {
        return Plugin.call(context.executor(), () -> call.open(context))
                .thenApply(store -> new ContainedStore(store, below, context, relay))
                .whenComplete((store, failure) -> closeAfter(failure, context));
    }

    private static void closeAfter(Throwable failure, StoreContext context) {
        if (failure != null) {
            context.close();
        }
    }
}
