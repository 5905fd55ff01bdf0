package io.sluice.itests.plugin;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.BackstoreConfig;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A kind of storage that somebody has got wrong: it can be made, and opening it does not go well. */
record StrangeProvider(String type, Supplier<CompletionStage<Backstore>> opening) implements BackstoreProvider {

    @Override
    public String description() {
        return "storage that somebody has got wrong";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of();
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        return CompletableFuture.completedFuture(config);
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return opening.get();
    }
}
