package io.sluice.embedded;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The stores of a program, as a kind of storage: each is opened by the factory that the program has given for its name. */
final class ServedStores implements BackstoreProvider {

    static final String TYPE = "embedded";

    private final Map<String, StoreFactory> factories = new ConcurrentHashMap<>();

    /** Has a store opened by a factory from now on. */
    void put(String name, StoreFactory factory) {
        factories.put(name, factory);
    }

    /** Has it not opened by that factory any more. */
    void remove(String name, StoreFactory factory) {
        factories.remove(name, factory);
    }

    boolean has(String name) {
        return factories.containsKey(name);
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public String description() {
        return "a store of the program that the gateway is part of";
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
        StoreFactory factory = factories.get(config.name());
        if (factory == null) {
            return CompletableFuture.failedFuture(new BackstoreException(
                    Fault.NOT_READY, "the program has not served " + config.name() + " since it was started"));
        }
        BlockGeometry geometry = new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
        return context.call(() -> factory.open(geometry, context));
    }
}
