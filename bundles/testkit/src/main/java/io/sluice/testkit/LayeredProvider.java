package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.LayerConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Stores of another provider with a layer on each: so the contract test of backends tries a layer too. */
public final class LayeredProvider implements BackstoreProvider {

    private final BackstoreProvider stores;
    private final LayerProvider layers;
    private final Function<BackstoreConfig, Map<String, String>> options;

    /** @param options returns the settings with which a store gets its layer, each time that it is opened */
    public LayeredProvider(
            BackstoreProvider stores, LayerProvider layers, Function<BackstoreConfig, Map<String, String>> options) {
        this.stores = stores;
        this.layers = layers;
        this.options = options;
    }

    @Override
    public String type() {
        return stores.type();
    }

    @Override
    public String description() {
        return layers.description();
    }

    @Override
    public List<BackstoreOption> options() {
        return stores.options();
    }

    @Override
    public boolean keepsData() {
        return stores.keepsData();
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return stores.create(config, context);
    }

    @Override
    public CompletionStage<Void> undoCreate(BackstoreConfig config, BackstoreContext context) {
        return stores.undoCreate(config, context);
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return stores.open(config, context)
                .thenCompose(
                        store -> layers.open(store, new LayerConfig(layers.type(), options.apply(config)), context));
    }
}
