package io.sluice.backstore.memory;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.util.List;
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code memory}: fast, and empty again after a restart. */
@Component
public final class MemoryBackstoreProvider implements BackstoreProvider {

    /** More than a process has memory, and few enough chunks to keep a list of. */
    static final long MAXIMUM_BYTES = 1L << 40;

    static final String TOO_LARGE = "a memory backstore has at most 1T: ask for less";

    private final MemoryBudget budget;

    /** For OSGi. */
    public MemoryBackstoreProvider() {
        this(MemoryBudget.ofProcess());
    }

    MemoryBackstoreProvider(MemoryBudget budget) {
        this.budget = budget;
    }

    @Override
    public String type() {
        return "memory";
    }

    @Override
    public String description() {
        return "blocks in memory, lost with the process; takes memory as it is written";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of();
    }

    @Override
    public BackstoreConfig create(BackstoreConfig config) throws ConfigException {
        if (config.sizeBytes() == 0) {
            throw new ConfigException("a memory backstore needs a size: add --size, such as --size 1G");
        }
        if (config.sizeBytes() > MAXIMUM_BYTES) {
            throw new ConfigException(TOO_LARGE);
        }
        return config;
    }

    @Override
    public Backstore open(BackstoreConfig config) throws BackstoreException {
        if (config.sizeBytes() > MAXIMUM_BYTES) {
            throw new BackstoreException(Fault.NOT_READY, TOO_LARGE);
        }
        BlockGeometry geometry = new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
        return new MemoryBackstore(geometry, budget);
    }
}
