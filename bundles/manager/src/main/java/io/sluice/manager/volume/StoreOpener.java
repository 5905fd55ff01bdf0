package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import io.sluice.volume.StoreContext;
import io.sluice.volume.StoreThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

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
     * @param events told what the store raises
     * @return nothing is left open if it fails
     */
    CompletableFuture<ContainedStore> open(BackstoreConfig config, Parts parts, Consumer<BackstoreEvent> events) {
        EventRelay relay = new EventRelay(events);
        StoreContext context = new StoreContext(threads, config.name(), config.options(), relay);
        CompletableFuture<ContainedStore> opened = Plugin.call(
                        context.executor(), () -> parts.store().provider().open(config, context))
                .thenApply(store -> new ContainedStore(store, null, context, relay));
        opened.whenComplete((store, failure) -> closeAfter(failure, context));
        return stack(opened, 0, config, parts, events);
    }

    /**
     * Puts layers on a store that is open, and stays open for whoever has it too.
     *
     * @param base the store with the first of the layers; taken over
     * @param from which layer comes next
     * @return nothing but what others have is left open if it fails
     */
    CompletableFuture<ContainedStore> stack(
            ContainedStore base, int from, BackstoreConfig config, Parts parts, Consumer<BackstoreEvent> events) {
        base.raiseTo(events);
        return stack(CompletableFuture.completedFuture(base), from, config, parts, events);
    }

    private CompletableFuture<ContainedStore> stack(
            CompletableFuture<ContainedStore> base,
            int from,
            BackstoreConfig config,
            Parts parts,
            Consumer<BackstoreEvent> events) {
        CompletableFuture<ContainedStore> opened = base;
        for (int i = from; i < parts.layers().size(); i++) {
            LayerProvider provider = parts.layers().get(i).provider();
            LayerConfig layer = config.layers().get(i);
            opened = opened.thenCompose(below -> wrap(below, provider, layer, config.name(), events));
        }
        return opened;
    }

    private CompletableFuture<ContainedStore> wrap(
            ContainedStore below,
            LayerProvider provider,
            LayerConfig layer,
            String name,
            Consumer<BackstoreEvent> events) {
        EventRelay relay = new EventRelay(events);
        StoreContext context = new StoreContext(threads, name, layer.options(), relay);
        CompletableFuture<ContainedStore> wrapped = Plugin.call(
                        context.executor(), () -> provider.open(below, layer, context))
                .thenApply(store -> new ContainedStore(store, below, context, relay));
        return wrapped.whenComplete((store, failure) -> closeAfter(failure, context))
                .exceptionallyCompose(failure -> below.close()
                        .handle((closed, another) -> failure)
                        .thenCompose(CompletableFuture::failedFuture));
    }

    private static void closeAfter(Throwable failure, StoreContext context) {
        if (failure != null) {
            context.close();
        }
    }
}
