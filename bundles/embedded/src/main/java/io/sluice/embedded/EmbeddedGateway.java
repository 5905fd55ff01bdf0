package io.sluice.embedded;

import io.sluice.access.AccessRules;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.LayerProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.portal.IscsiServer;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.Gateway;
import io.sluice.management.PortalStatus;
import io.sluice.manager.GatewayManager;
import io.sluice.manager.GatewaySettings;
import io.sluice.manager.Patience;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.volume.VolumeSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A gateway inside of a Java program: what OSGi puts together elsewhere, put together by hand. Thread-safe.
 *
 * <pre>{@code
 * try (EmbeddedGateway gateway = EmbeddedGateway.builder().portal("127.0.0.1:3260").start()) {
 *     gateway.serve("iqn.2026-11.com.example:disk", new BlockGeometry(2048, 512), MyBackstore::new);
 *     ...
 * }
 * }</pre>
 */
public final class EmbeddedGateway implements AutoCloseable {

    private static final long START_SECONDS = 30;

    private final GatewayFolder folder;
    private final IscsiServer server;
    private final GatewayManager manager;
    private final ServedStores stores = new ServedStores();

    /** Nobody, until the manager is there. */
    private volatile GatewayManager whoMayEnter;

    /** What a gateway is started with. */
    public static final class Builder {

        private PortalConfig portal = new PortalConfig("127.0.0.1", PortalConfig.DEFAULT_PORT);
        private Path folder;
        private VolumeSettings volumes = VolumeSettings.DEFAULTS;
        private final List<BackstoreProvider> providers = new ArrayList<>();
        private final List<LayerProvider> layers = new ArrayList<>();

        private Builder() {}

        /**
         * Sets where to listen as long as the configuration names no portal; 127.0.0.1:3260 otherwise.
         *
         * @throws IllegalArgumentException if it is not an address, with a colon and a port or without
         */
        public Builder portal(String address) {
            portal = PortalConfig.parse(address);
            return this;
        }

        /**
         * Sets where the configuration is kept, and what of disks outlives the process, such as reservations. Without it, they
         * are gone when the gateway is closed. One gateway has a folder at a time.
         */
        public Builder folder(Path path) {
            folder = path;
            return this;
        }

        /** Sets how long commands wait for stores. */
        public Builder volumes(VolumeSettings settings) {
            volumes = settings;
            return this;
        }

        /** Adds a kind of storage, for disks that are made through {@link EmbeddedGateway#management}. */
        public Builder provider(BackstoreProvider provider) {
            providers.add(provider);
            return this;
        }

        /** Adds a kind of layer. */
        public Builder layer(LayerProvider layer) {
            layers.add(layer);
            return this;
        }

        /**
         * Starts the gateway; returns when it listens.
         *
         * @throws ConfigException if it cannot; then nothing of it is left
         */
        public EmbeddedGateway start() throws ConfigException {
            EmbeddedGateway gateway = new EmbeddedGateway(this);
            try {
                gateway.begin(this);
                return gateway;
            } catch (ConfigException | RuntimeException | Error failed) {
                gateway.close();
                throw failed;
            }
        }
    }

    private EmbeddedGateway(Builder builder) throws ConfigException {
        try {
            folder = GatewayFolder.of(builder.folder);
        } catch (IOException failed) {
            throw new ConfigException("the gateway has no folder: " + failed, failed);
        }
        server = new IscsiServer(ServerSettings.DEFAULTS, this::rules);
        manager = new GatewayManager(
                new GatewaySettings(
                        folder.path().resolve("gateway.json"),
                        folder.path().resolve("state"),
                        builder.portal,
                        0,
                        builder.volumes,
                        Patience.DEFAULTS,
                        List.of()),
                this::publish,
                "embedded");
        whoMayEnter = manager;
    }

    private AccessRules rules() {
        GatewayManager present = whoMayEnter;
        return present == null ? AccessRules.NOBODY : present.rules();
    }

    private Runnable publish(ScsiTarget target) {
        server.addTarget(target);
        return () -> server.removeTarget(target);
    }

    private void begin(Builder builder) throws ConfigException {
        await(manager.addProvider(stores));
        for (BackstoreProvider provider : builder.providers) {
            await(manager.addProvider(provider));
        }
        builder.layers.forEach(manager::addLayer);
        await(manager.setTransport(server));
        for (PortalStatus portal : manager.portals()) {
            if (!portal.listening()) {
                throw new ConfigException(portal.problem());
            }
        }
        List<String> problems = manager.status().problems();
        if (manager.portals().isEmpty() && !problems.isEmpty()) {
            throw new ConfigException(problems.get(0));
        }
    }

    private static void await(CompletionStage<Void> step) throws ConfigException {
        try {
            step.toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException slow) {
            throw new ConfigException("the gateway did not start within " + START_SECONDS + " s", slow);
        } catch (ExecutionException failed) {
            throw new ConfigException("the gateway cannot be started: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ConfigException("interrupted while the gateway was started", interrupted);
        }
    }

    /** Begins a gateway. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Serves a store of this program as LUN 0 of a target. A target that the folder of the gateway knows from an earlier run
     * keeps its identity, and gets its store back.
     *
     * @param target iSCSI name, such as {@code iqn.2026-11.com.example:disk}
     * @param geometry size of the disk
     * @param store opens the store
     * @throws ConfigException if it cannot be served
     */
    public synchronized void serve(String target, BlockGeometry geometry, StoreFactory store) throws ConfigException {
        IscsiName name = new IscsiName(target);
        Optional<BackstoreConfig> known = disk(name);
        if (known.isPresent()) {
            resume(name, known.get(), geometry, store);
            return;
        }
        String backstore = freeName();
        stores.put(backstore, store);
        manager.createTarget(name, request(backstore, geometry));
    }

    /** Returns what is LUN 0 of a target. */
    private Optional<BackstoreConfig> disk(IscsiName target) {
        GatewayConfig config = manager.config();
        return config.targets().stream()
                .filter(one -> one.name().equals(target))
                .flatMap(one -> one.luns().stream())
                .filter(lun -> lun.lun() == 0)
                .flatMap(lun ->
                        config.backstores().stream().filter(disk -> disk.name().equals(lun.backstore())))
                .findFirst();
    }

    private String freeName() {
        Set<String> taken = manager.config().backstores().stream()
                .map(BackstoreConfig::name)
                .collect(Collectors.toSet());
        return IntStream.range(0, taken.size() + 1)
                .mapToObj(number -> "disk" + number)
                .filter(name -> !taken.contains(name))
                .findFirst()
                .orElseThrow();
    }

    private void resume(IscsiName target, BackstoreConfig known, BlockGeometry geometry, StoreFactory store)
            throws ConfigException {
        if (!known.type().equals(ServedStores.TYPE) || stores.has(known.name())) {
            throw new ConfigException("target " + target + " is served already: choose another name");
        }
        if (known.sizeBytes() != geometry.sizeBytes() || known.blockSize() != geometry.blockSize()) {
            throw new ConfigException("the disk of target " + target + " has " + known.sizeBytes()
                    + " bytes in blocks of " + known.blockSize() + ": serve one like that, or delete the target");
        }
        stores.put(known.name(), store);
        try {
            manager.reopenBackstore(known.name(), false);
        } catch (ConfigException failed) {
            // Unless it goes on by itself it is not served, and the program may serve it by another factory.
            if (failed.kind() != ConfigException.Kind.GOES_ON) {
                stores.remove(known.name(), store);
            }
            throw failed;
        }
    }

    private static BackstoreRequest request(String name, BlockGeometry geometry) {
        return new BackstoreRequest(
                name,
                ServedStores.TYPE,
                geometry.sizeBytes(),
                geometry.blockSize(),
                geometry.physicalBlockSize(),
                false,
                false,
                false,
                false,
                0,
                Map.of());
    }

    /** Returns all that can be managed: targets, disks, access, sessions. */
    public Gateway management() {
        return manager;
    }

    /** Asks initiators to log out, flushes and closes all stores, and ends all threads. Takes some seconds at most. */
    @Override
    public void close() {
        // What is under way needs its store until it has ended.
        server.close();
        manager.close();
        folder.close();
    }
}
