package io.sluice.manager;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.config.AccessState;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreTypeStatus;
import io.sluice.management.Gateway;
import io.sluice.management.GatewayStatus;
import io.sluice.management.PortalStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.Transport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway: one configuration, what runs by it, and every change to both. Plain Java; thread-safe. */
public final class GatewayManager implements Gateway, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayManager.class);

    private final BackstoreRegistry registry = new BackstoreRegistry();
    private final Reconciler reconciler;
    private final ConfigFile file;
    private final GatewayInfo info;
    private GatewayConfig config = GatewayConfig.EMPTY;

    /** Why the configuration could not be read; nothing is served and nothing may be changed until that is mended. */
    private ConfigException broken;

    /**
     * Where a gateway has its things.
     *
     * @param configFile the JSON document
     * @param stateFolder where the state of units is kept that outlives the process, such as persistent reservations
     * @param defaultPortal where to listen as long as the configuration names no portal
     * @param erasureBytesPerSecond how fast FORMAT UNIT and SANITIZE may overwrite; 0 for no limit
     */
    public record Settings(Path configFile, Path stateFolder, PortalConfig defaultPortal, long erasureBytesPerSecond) {}

    /**
     * Reads the configuration and serves it as far as what it needs is there; the rest follows when it comes.
     *
     * @param settings where things are
     * @param publisher makes targets known
     * @param version product version, for people
     */
    public GatewayManager(Settings settings, TargetPublisher publisher, String version) {
        this.file = new ConfigFile(settings.configFile());
        UnitSettings units = new UnitSettings(settings.stateFolder(), settings.erasureBytesPerSecond());
        this.reconciler = new Reconciler(registry, publisher, settings.defaultPortal(), units);
        this.info = new GatewayInfo(version);
        try {
            config = file.load();
            reconciler.start(config);
        } catch (ConfigException invalid) {
            broken = invalid;
            LOG.error("nothing is served: {}", invalid.getMessage(), invalid);
        }
    }

    /** A backend bundle has come. */
    public synchronized void addProvider(BackstoreProvider provider) {
        if (registry.add(provider)) {
            reconciler.providerCame();
        } else {
            LOG.error("a second provider of type {} is ignored", provider.type());
        }
    }

    /** A backend bundle goes: its units stay, not ready, until it is back. */
    public synchronized void removeProvider(BackstoreProvider provider) {
        if (registry.remove(provider)) {
            reconciler.providerGoes(provider.type());
        }
    }

    /** The transport has come. */
    public synchronized void setTransport(Transport transport) {
        if (broken == null) {
            reconciler.useTransport(transport, config);
        }
    }

    /** The transport goes. */
    public synchronized void unsetTransport(Transport transport) {
        if (reconciler.transport() == transport) {
            reconciler.useTransport(null, config);
        }
    }

    /** Makes a configuration from the present one. */
    @FunctionalInterface
    private interface Change {
        GatewayConfig apply(GatewayConfig before) throws ConfigException;
    }

    /** Makes a change in what runs and on disk: in both or in neither. */
    private void change(Change change) throws ConfigException {
        requireUsable();
        GatewayConfig before = config;
        GatewayConfig after;
        try {
            after = change.apply(before);
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
        Runnable undo = reconciler.add(before, after);
        try {
            file.save(after);
        } catch (ConfigException failed) {
            undo.run();
            throw failed;
        }
        config = after;
        reconciler.remove(before, after);
    }

    private void requireUsable() throws ConfigException {
        if (broken != null) {
            throw new ConfigException(broken.getMessage(), broken);
        }
    }

    @Override
    public synchronized GatewayStatus status() {
        List<String> problems = new ArrayList<>();
        if (broken != null) {
            problems.add(broken.getMessage());
        } else {
            problems.addAll(reconciler.problems());
        }
        int portals = reconciler.transport() == null
                ? 0
                : reconciler.transport().listening().size();
        return info.status(portals, config, sessions().size(), problems);
    }

    @Override
    public synchronized GatewayConfig config() {
        return config;
    }

    @Override
    public synchronized List<BackstoreTypeStatus> backstoreTypes() {
        return registry.all().stream()
                .map(provider -> new BackstoreTypeStatus(provider.type(), provider.description(), provider.options()))
                .toList();
    }

    @Override
    public synchronized List<BackstoreStatus> backstores() {
        return config.backstores().stream()
                .map(backstore -> info.status(reconciler.unit(backstore.name()), config))
                .sorted(Comparator.comparing(status -> status.config().name()))
                .toList();
    }

    @Override
    public synchronized BackstoreConfig createBackstore(BackstoreRequest request) throws ConfigException {
        return create(request, (before, backstore) -> Configs.with(before, backstore));
    }

    /** Makes a configuration that has a new backstore in it. */
    @FunctionalInterface
    private interface Placement {
        GatewayConfig apply(GatewayConfig before, BackstoreConfig backstore) throws ConfigException;
    }

    private BackstoreConfig create(BackstoreRequest request, Placement placement) throws ConfigException {
        requireUsable();
        BackstoreProvider provider = registry.require(request);
        if (config.backstore(request.name()).isPresent()) {
            throw new ConfigException("there is a backstore " + request.name() + " already: choose another name");
        }
        BackstoreConfig asked;
        try {
            asked = Configs.of(request, UnitIdentity.random());
            // Refuses bad names and LUNs before anything is made on disk.
            placement.apply(config, asked.withSizeBytes(asked.blockSize()));
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        }
        BackstoreConfig created = provider.create(asked);
        try {
            change(before -> placement.apply(before, created));
            return created;
        } catch (ConfigException | RuntimeException failed) {
            provider.undoCreate(created);
            throw failed;
        }
    }

    @Override
    public synchronized void resizeBackstore(String name, long sizeBytes) throws ConfigException {
        requireUsable();
        BackstoreConfig old = Configs.requireBackstore(config, name);
        Unit unit = reconciler.unit(name);
        Backstore store = unit.store();
        if (store == null) {
            throw new ConfigException("backstore " + name + " is offline: " + unit.problem());
        }
        if (!store.capabilities().contains(Capability.RESIZE)) {
            throw new ConfigException("backstore " + name + " cannot be resized");
        }
        if (sizeBytes < old.sizeBytes()) {
            throw new ConfigException(
                    "backstore " + name + " cannot be made smaller than its " + old.sizeBytes() + " bytes");
        }
        try {
            BackstoreConfig changed = old.withSizeBytes(sizeBytes);
            new BlockGeometry(sizeBytes / old.blockSize(), old.blockSize(), old.physicalBlockSize());
            store.resize(sizeBytes / old.blockSize());
            // Only growth gets here, and a larger store behind a smaller configuration does no harm.
            change(before -> Configs.replace(before, changed));
            unit.logicalUnit().capacityChanged();
        } catch (IllegalArgumentException refused) {
            throw new ConfigException(refused.getMessage(), refused);
        } catch (BackstoreException failed) {
            throw new ConfigException(failed.getMessage(), failed);
        }
    }

    @Override
    public synchronized void deleteBackstore(String name) throws ConfigException {
        change(before -> {
            Configs.requireBackstore(before, name);
            List<String> mappings = Configs.mappings(before, name);
            if (!mappings.isEmpty()) {
                throw new ConfigException(
                        "backstore " + name + " is in use as " + String.join(", ", mappings) + ": unmap it first");
            }
            return Configs.without(before, name);
        });
    }

    @Override
    public synchronized List<TargetStatus> targets() {
        List<SessionStatus> sessions = sessions();
        return config.targets().stream()
                .sorted(Comparator.comparing(TargetConfig::name))
                .map(target -> new TargetStatus(target, (int) sessions.stream()
                        .filter(session -> session.target().equals(target.name().value()))
                        .count()))
                .toList();
    }

    @Override
    public synchronized void createTarget(IscsiName name, List<String> backstores) throws ConfigException {
        change(before -> {
            List<LunConfig> luns = new ArrayList<>();
            for (String backstore : backstores) {
                Configs.requireBackstore(before, backstore);
                luns.add(new LunConfig(luns.size(), backstore, false));
            }
            return Configs.with(before, new TargetConfig(name, true, AccessState.ACTIVE_OPTIMIZED, luns));
        });
    }

    @Override
    public synchronized BackstoreConfig createTarget(IscsiName name, BackstoreRequest request) throws ConfigException {
        return create(
                request,
                (before, backstore) -> Configs.with(
                        Configs.with(before, backstore),
                        new TargetConfig(
                                name,
                                true,
                                AccessState.ACTIVE_OPTIMIZED,
                                List.of(new LunConfig(0, backstore.name(), false)))));
    }

    @Override
    public synchronized void setTargetEnabled(IscsiName name, boolean enabled) throws ConfigException {
        change(before ->
                Configs.replace(before, Configs.requireTarget(before, name).withEnabled(enabled)));
    }

    @Override
    public synchronized void setTargetAccessState(IscsiName name, AccessState state) throws ConfigException {
        change(before ->
                Configs.replace(before, Configs.requireTarget(before, name).withAccessState(state)));
        reconciler.applyAccessState(Configs.requireTarget(config, name));
    }

    @Override
    public synchronized void deleteTarget(IscsiName name, boolean force) throws ConfigException {
        long users = sessions().stream()
                .filter(session -> session.target().equals(name.value()))
                .count();
        if (users > 0 && !force) {
            throw new ConfigException("target " + name + " has " + users
                    + " session(s): let the initiators log out first, or use --force");
        }
        change(before -> Configs.without(before, Configs.requireTarget(before, name)));
    }

    @Override
    public synchronized void mapLun(IscsiName target, LunConfig lun) throws ConfigException {
        change(before -> {
            Configs.requireBackstore(before, lun.backstore());
            TargetConfig old = Configs.requireTarget(before, target);
            if (old.lun(lun.lun()).isPresent()) {
                throw new ConfigException("LUN " + lun.lun() + " of target " + target + " is in use by backstore "
                        + old.lun(lun.lun()).get().backstore() + ": choose another, such as " + old.nextFreeLun());
            }
            List<LunConfig> luns = new ArrayList<>(old.luns());
            luns.add(lun);
            return Configs.replace(before, old.withLuns(luns));
        });
    }

    @Override
    public synchronized void unmapLun(IscsiName target, int lun) throws ConfigException {
        change(before -> {
            TargetConfig old = Configs.requireTarget(before, target);
            LunConfig mapping = old.lun(lun)
                    .orElseThrow(() -> new ConfigException(
                            "target " + target + " has no LUN " + lun + ": lun:list shows those that there are"));
            return Configs.replace(
                    before,
                    old.withLuns(old.luns().stream()
                            .filter(other -> !other.equals(mapping))
                            .toList()));
        });
    }

    @Override
    public synchronized List<PortalStatus> portals() {
        if (broken != null) {
            return List.of();
        }
        List<PortalConfig> listening = reconciler.transport() == null
                ? List.of()
                : reconciler.transport().listening();
        return reconciler.portals(config).stream()
                .sorted()
                .map(portal -> new PortalStatus(
                        portal,
                        listening.contains(portal),
                        listening.contains(portal) ? "" : reconciler.problem(portal)))
                .toList();
    }

    @Override
    public synchronized void createPortal(PortalConfig portal) throws ConfigException {
        change(before -> {
            List<PortalConfig> portals = new ArrayList<>(reconciler.portals(before));
            if (portals.contains(portal)) {
                throw new ConfigException(
                        "there is a portal " + portal + " already: portal:list shows whether it listens");
            }
            portals.add(portal);
            return Configs.withPortals(before, portals);
        });
    }

    @Override
    public synchronized void deletePortal(PortalConfig portal) throws ConfigException {
        change(before -> {
            List<PortalConfig> portals = new ArrayList<>(reconciler.portals(before));
            if (!portals.remove(portal)) {
                throw new ConfigException("there is no portal " + portal + ": portal:list shows those that there are");
            }
            if (portals.isEmpty()) {
                throw new ConfigException("portal " + portal + " is the only one: create another first");
            }
            return Configs.withPortals(before, portals);
        });
    }

    @Override
    public synchronized List<SessionStatus> sessions() {
        return reconciler.transport() == null
                ? List.of()
                : reconciler.transport().sessions();
    }

    @Override
    public void closeSession(int id) throws ConfigException {
        Transport transport;
        synchronized (this) {
            transport = reconciler.transport();
        }
        if (transport == null || !transport.closeSession(id)) {
            throw new ConfigException("there is no session " + id + ": session:list shows those that there are");
        }
    }

    /** Ends everything, with data flushed. The configuration stays. */
    @Override
    public synchronized void close() {
        reconciler.stop();
    }
}
