package io.sluice.manager.volume;

import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.volume.VolumeRuntime;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens to what open stores of a disk say of themselves. Never on a thread of the store, which may hold locks. */
final class StoreWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);

    private final Supplier<String> name;
    private final VolumeRuntime runtime;
    private final Consumer<Opening> lost;

    /** @param lost told when a store cannot go on */
    StoreWatch(Supplier<String> name, VolumeRuntime runtime, Consumer<Opening> lost) {
        this.name = name;
        this.runtime = runtime;
        this.lost = lost;
    }

    /** Listens to a store, and hears what it has said already. */
    void begin(Opening opened) {
        opened.events().listen(event -> runtime.execute(() -> raised(opened, event)));
    }

    private void raised(Opening by, BackstoreEvent event) {
        ContainedStore store = by.store();
        switch (event) {
            case HEALTH_CHANGED -> store.refreshHealth(store.executor(), this::logHealth);
            case CAPACITY_CHANGED ->
                LOG.info("backstore={} its storage has another size: backstore:resize uses it", name.get());
            case LOST -> {
                by.lose();
                store.healthNow(store.executor()).thenAccept(health -> lost.accept(by));
            }
        }
    }

    private void logHealth(BackstoreHealth health) {
        if (health.equals(BackstoreHealth.HEALTHY)) {
            LOG.info("backstore={} is well again", name.get());
        } else {
            LOG.warn("backstore={} {}: {}", name.get(), health.state(), health.reason());
        }
    }
}
