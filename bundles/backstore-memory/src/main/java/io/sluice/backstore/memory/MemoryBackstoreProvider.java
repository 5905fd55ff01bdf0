package io.sluice.backstore.memory;

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
import org.osgi.service.component.annotations.Component;

/** Offers backstores of the type {@code memory}: fast, and empty again after a restart. */
@Component
public final class MemoryBackstoreProvider implements BackstoreProvider {

    /** More than a process has memory, and few enough chunks to keep a list of. */
    static final long MAXIMUM_BYTES = 1L << 40;

    /** The gateway looks for it; see {@link BackstoreProvider#keepsData}. */
    private static final String RESTART = "restart";

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
        return "blocks in memory, lost when its bundle or the gateway restarts";
    }

    @Override
    public List<BackstoreOption> options() {
        return List.of(new BackstoreOption(
                RESTART,
                false,
                "empty: begins empty by itself after a restart; otherwise it waits for backstore:reopen --empty"));
    }

    @Override
    public boolean keepsData() {
        return false;
    }

    @Override
    public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
        String refusal = refusal(config);
        return refusal == null
                ? CompletableFuture.completedFuture(config)
                : CompletableFuture.failedFuture(new ConfigException(refusal));
    }

    private String refusal(BackstoreConfig config) {
        long sizeBytes = config.sizeBytes();
        String restart = config.options().get(RESTART);
        if (restart != null && !restart.equals("empty")) {
            return "option restart is empty or left out, not '" + restart + "'";
        }
        if (sizeBytes == 0) {
            return "a memory backstore needs a size: add --size, such as --size 1G";
        }
        if (sizeBytes > MAXIMUM_BYTES) {
            return TOO_LARGE;
        }
        long needed = MemoryBackstore.budgetBytes(sizeBytes);
        return budget.has(needed) ? null : budget.refusal(needed);
    }

    @Override
    public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
        if (config.sizeBytes() > MAXIMUM_BYTES) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, TOO_LARGE));
        }
        BlockGeometry geometry = new BlockGeometry(
                config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize());
        long needed = MemoryBackstore.budgetBytes(geometry.sizeBytes());
        if (!budget.take(needed)) {
            return CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, budget.refusal(needed)));
        }
        return CompletableFuture.completedFuture(new MemoryBackstore(geometry, budget));
    }
}
