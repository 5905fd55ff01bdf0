package io.sluice.testkit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Offers backstores of the type {@code socket}: the blocks of a {@link BlockServer}, one store for each server. */
public final class SocketBackstoreProvider implements BackstoreProvider {

    private static final String PORT = "port";

    @Override
    public String type() {
        return "socket";
    }

    @Override
    public String description() {
        return "blocks behind a socket of this machine, for tests";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(new BackstoreOption(PORT, true, "where the server is"));
    }

    private static int port(BackstoreConfig config) throws ConfigException {
        try {
            return Integer.parseInt(config.options().getOrDefault(PORT, ""));
        } catch (NumberFormatException refused) {
            throw new ConfigException("a socket backstore needs a port: add -o port=NUMBER", refused);
        }
    }

    private static BlockGeometry geometry(BackstoreConfig config) {
        return new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        CompletableFuture<BackstoreConfig> created = new CompletableFuture<>();
        try {
            int port = port(config);
            if (config.sizeBytes() == 0) {
                throw new ConfigException("a socket backstore needs a size: add --size, such as --size 20M");
            }
            SocketBackstore.connect(port, geometry(config), context)
                    .thenCompose(store -> store.size().thenCompose(sized -> store.close()))
                    .whenComplete((done, failure) -> {
                        if (failure == null) {
                            created.complete(config);
                        } else {
                            created.completeExceptionally(new ConfigException(failure.getMessage(), failure));
                        }
                    });
        } catch (ConfigException refused) {
            created.completeExceptionally(refused);
        }
        return created;
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        CompletableFuture<Backstore> opened = new CompletableFuture<>();
        try {
            SocketBackstore.connect(port(config), geometry(config), context).whenComplete((store, failure) -> {
                if (failure == null) {
                    opened.complete(store);
                } else {
                    opened.completeExceptionally(failure);
                }
            });
        } catch (ConfigException refused) {
            opened.completeExceptionally(new BackstoreException(Fault.NOT_READY, refused.getMessage(), refused));
        }
        return opened;
    }
}
