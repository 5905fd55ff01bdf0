package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.target.LogicalUnit;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A configured backstore with its logical unit, which stays when the storage goes and heals when it is back. */
final class Unit {

    private static final Logger LOG = LoggerFactory.getLogger(Unit.class);

    private final UnitStateFiles stateFiles;
    private final LogicalUnit logicalUnit;
    private BackstoreConfig config;
    private Backstore store;
    private String problem;

    /** What could not be read of the state that outlives the process; the unit is not served then. */
    private final IOException unreadable;

    Unit(BackstoreConfig config, UnitSettings settings) {
        this.config = config;
        this.problem = "the bundle for type " + config.type() + " is not installed";
        this.stateFiles =
                new UnitStateFiles(settings.stateFolder(), config.identity().naa());
        UnitState state = UnitState.NEW;
        IOException failed = null;
        try {
            state = stateFiles.load();
        } catch (IOException invalid) {
            failed = invalid;
        }
        this.unreadable = failed;
        this.logicalUnit = new LogicalUnit(
                config.name(),
                config.identity(),
                new BlockGeometry(
                        config.sizeBytes() / config.blockSize(), config.blockSize(), config.physicalBlockSize()),
                new UnitOptions(
                        config.thin(),
                        config.readOnly(),
                        config.removable(),
                        config.thin() && config.unmap(),
                        config.thresholdPercent(),
                        settings.erasureBytesPerSecond()),
                failed == null ? stateFiles : UnitStateStore.NONE,
                state,
                settings.copyDomain());
    }

    /** Removes the state that outlives the process: the unit is gone for good. */
    void forget() {
        try {
            stateFiles.delete();
        } catch (IOException failed) {
            LOG.warn("backstore={} its state is left behind: {}", config.name(), failed.getMessage());
        }
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
        if (unreadable != null) {
            problem = unreadable.getMessage();
            throw new BackstoreException(Fault.NOT_READY, problem, unreadable);
        }
        try {
            Backstore opened = provider.open(config);
            try {
                logicalUnit.attach(opened);
            } catch (BackstoreException | RuntimeException misfit) {
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
