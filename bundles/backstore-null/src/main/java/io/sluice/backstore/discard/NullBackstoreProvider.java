package io.sluice.backstore.discard;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code null}: for measuring the stack, not for keeping anything. */
@Component
public final class NullBackstoreProvider implements BackstoreProvider {

    @Override
    public String type() {
        return "null";
    }

    @Override
    public String description() {
        return "reads zeros and drops writes; for measuring, keeps nothing";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of();
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        if (config.sizeBytes() == 0) {
            return CompletableFuture.failedFuture(
                    new ConfigException("a null backstore needs a size: add --size, such as --size 1T"));
        }
        return CompletableFuture.completedFuture(config);
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        return CompletableFuture.completedFuture(new NullBackstore(new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize())));
    }
}
