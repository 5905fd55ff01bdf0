package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Capability;
import io.sluice.config.GatewayConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.GatewayStatus;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts status records together. */
final class GatewayInfo {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayInfo.class);

    private final String version;
    private final long startedNanos = System.nanoTime();

    GatewayInfo(String version) {
        this.version = version;
    }

    GatewayStatus status(int portals, GatewayConfig config, int sessions, List<String> problems) {
        return new GatewayStatus(
                version,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                portals,
                config.targets().size(),
                config.backstores().size(),
                sessions,
                problems);
    }

    BackstoreStatus status(Unit unit, GatewayConfig config) {
        return new BackstoreStatus(
                unit.config(),
                unit.store() != null,
                unit.problem(),
                allocated(unit),
                Configs.mappings(config, unit.config().name()));
    }

    private static OptionalLong allocated(Unit unit) {
        Backstore store = unit.store();
        if (store == null || !store.capabilities().contains(Capability.ALLOCATION)) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(store.allocatedBytes());
        } catch (BackstoreException failed) {
            LOG.warn("backstore={} {}", unit.config().name(), failed.getMessage());
            return OptionalLong.empty();
        }
    }
}
