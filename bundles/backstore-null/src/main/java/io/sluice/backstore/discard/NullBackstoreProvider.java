package io.sluice.backstore.discard;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
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
    public BackstoreConfig create(BackstoreConfig config) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException("a null backstore needs a size: add --size, such as --size 1T");
        }
        return config;
    }

    @Override
    public Backstore open(BackstoreConfig config) {
        return new NullBackstore(new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize()));
    }
}
