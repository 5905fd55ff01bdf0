package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.scsi.LogicalUnit;
import io.sluice.scsi.UnitOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configured backstore with its logical unit, which stays when the storage goes and heals when it is back. */
final class Unit {

    private static final Logger LOG = LoggerFactory.getLogger(Unit.class);

    private final LogicalUnit logicalUnit;
    private BackstoreConfig config;
    private Backstore store;
    private String problem;

    Unit(BackstoreConfig config) {
        this.config = config;
        this.problem = "the bundle for type " + config.type() + " is not installed";
        this.logicalUnit = new LogicalUnit(
                config.name(),
                config.identity(),
                new BlockGeometry(
                        config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize()),
                new UnitOptions(config.thin(), config.readOnly(), config.removable()));
    }

    LogicalUnit logicalUnit() {
        return logicalUnit;
    }

    BackstoreConfig config() {
        return config;
    }

    void update(BackstoreConfig changed) {
        config = changed;
    }

    Backstore store() {
        return store;
    }

    /** Returns why the storage is not there, or an empty text. */
    String problem() {
        return store == null ? problem : "";
    }

    /** @throws BackstoreException if it cannot be opened; the unit then stays not ready and says why */
    void open(BackstoreProvider provider) throws BackstoreException {
        try {
            Backstore opened = provider.open(config);
            try {
                logicalUnit.attach(opened);
            } catch (RuntimeException misfit) {
                opened.close();
                throw misfit;
            }
            store = opened;
        } catch (BackstoreException failed) {
            problem = failed.getMessage();
            throw failed;
        } catch (RuntimeException bug) {
            LOG.error("backstore={} cannot be opened", config.name(), bug);
            problem = String.valueOf(bug.getMessage());
            throw new BackstoreException(Fault.NOT_READY, problem, bug);
        }
    }

    /** Lets running commands end, then flushes and closes the storage. */
    void close(String reason) {
        if (store == null) {
            return;
        }
        Backstore closing = store;
        store = null;
        problem = reason;
        Drain.await(logicalUnit.detach(), "backstore=" + config.name());
        try {
            closing.close();
        } catch (BackstoreException failed) {
            LOG.error("backstore={} {}", config.name(), failed.getMessage(), failed);
        }
    }
}
