package io.sluice.manager;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Transport;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what runs agree with the configuration. What is equal before and after is left alone, its sessions included. First
 * everything new is made, which may fail and is then undone; only then what is gone is taken away, which cannot fail.
 *
 * <p>Guarded by its owner.
 */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private static final String NO_TRANSPORT = "the iscsi bundle is not active: nobody can log in";

    private final UnitSettings settings;
    private final BackstoreRegistry registry;
    private final TargetPublisher publisher;
    private final PortalConfig defaultPortal;
    private final Map<String, Unit> units = new TreeMap<>();
    private final Map<IscsiName, Published> targets = new LinkedHashMap<>();
    private final Map<PortalConfig, String> portalProblems = new TreeMap<>();
    private Transport transport;

    private record Published(ScsiTarget target, Runnable withdraw) {}

    /** @param defaultPortal where to listen as long as the configuration names no portal */
    Reconciler(
            BackstoreRegistry registry, TargetPublisher publisher, PortalConfig defaultPortal, UnitSettings settings) {
        this.settings = settings;
        this.registry = registry;
        this.publisher = publisher;
        this.defaultPortal = defaultPortal;
    }

    /** Returns the portals that a configuration means. */
    List<PortalConfig> portals(GatewayConfig config) {
        return config.portals().isEmpty() ? List.of(defaultPortal) : config.portals();
    }

    /** Makes everything of a configuration; what cannot be had now is a problem, not a failure. */
    void start(GatewayConfig config) {
        for (BackstoreConfig backstore : config.backstores()) {
            Unit unit = new Unit(backstore, settings);
            units.put(backstore.name(), unit);
            openIfPossible(unit);
        }
        for (TargetConfig target : config.targets()) {
            publish(target);
        }
        listenAll(portals(config));
    }

    private void openIfPossible(Unit unit) {
        BackstoreProvider provider = registry.find(unit.config().type());
        if (provider == null || unit.store() != null) {
            return;
        }
        try {
            unit.open(provider);
            LOG.info("backstore={} online", unit.config().name());
        } catch (BackstoreException failed) {
            LOG.error("backstore={} offline: {}", unit.config().name(), failed.getMessage());
        }
    }

    private void listenAll(List<PortalConfig> portals) {
        for (PortalConfig portal : portals) {
            try {
                listen(portal);
            } catch (ConfigException failed) {
                portalProblems.put(portal, failed.getMessage());
                LOG.error("{}", failed.getMessage());
            }
        }
    }

    private void listen(PortalConfig portal) throws ConfigException {
        if (transport != null) {
            transport.listen(portal);
        }
        portalProblems.remove(portal);
    }

    /**
     * Makes what {@code after} has and {@code before} has not.
     *
     * @return takes it all back, if a later step fails
     * @throws ConfigException if something cannot be had; nothing is left of it
     */
    Runnable add(GatewayConfig before, GatewayConfig after) throws ConfigException {
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            addUnits(before, after, undo);
            addTargets(before, after, undo);
            for (PortalConfig portal : portals(after)) {
                if (!portals(before).contains(portal)) {
                    listen(portal);
                    undo.push(() -> unlisten(portal));
                }
            }
        } catch (ConfigException | RuntimeException failed) {
            undo.forEach(Runnable::run);
            throw failed;
        }
        return () -> undo.forEach(Runnable::run);
    }

    private void addUnits(GatewayConfig before, GatewayConfig after, Deque<Runnable> undo) throws ConfigException {
        for (BackstoreConfig backstore : after.backstores()) {
            Optional<BackstoreConfig> old = before.backstore(backstore.name());
            if (old.isPresent()) {
                Unit unit = units.get(backstore.name());
                unit.update(backstore);
                undo.push(() -> unit.update(old.get()));
                continue;
            }
            Unit unit = new Unit(backstore, settings);
            try {
                unit.open(registry.require(backstore.type()));
            } catch (BackstoreException failed) {
                throw new ConfigException(failed.getMessage(), failed);
            }
            units.put(backstore.name(), unit);
            undo.push(() -> {
                units.remove(backstore.name());
                unit.close("removed");
            });
        }
    }

    private void addTargets(GatewayConfig before, GatewayConfig after, Deque<Runnable> undo) {
        for (TargetConfig target : after.targets()) {
            Optional<TargetConfig> old = before.target(target.name());
            if (old.isEmpty()) {
                publish(target);
                undo.push(() -> withdraw(target.name()));
                continue;
            }
            ScsiTarget scsiTarget = targets.get(target.name()).target();
            for (LunConfig lun : target.luns()) {
                if (!old.get().luns().contains(lun)) {
                    map(scsiTarget, lun);
                    undo.push(() -> unmap(scsiTarget, lun));
                }
            }
        }
    }

    private void publish(TargetConfig target) {
        ScsiTarget scsiTarget = new ScsiTarget(target.name().value());
        scsiTarget.setEnabled(target.enabled());
        scsiTarget.setAccessState(target.accessState());
        target.luns().forEach(lun -> map(scsiTarget, lun));
        targets.put(target.name(), new Published(scsiTarget, publisher.publish(scsiTarget)));
    }

    private void withdraw(IscsiName name) {
        Published going = targets.remove(name);
        going.target().retire();
        going.withdraw().run();
        if (transport != null) {
            transport.closeSessions(name.value());
        }
    }

    private void map(ScsiTarget target, LunConfig lun) {
        target.map(lun.lun(), units.get(lun.backstore()).logicalUnit(), lun.readOnly());
    }

    private static void unmap(ScsiTarget target, LunConfig lun) {
        Drain.await(target.unmap(lun.lun()), "target=" + target.name() + " lun=" + lun.lun());
    }

    private void unlisten(PortalConfig portal) {
        portalProblems.remove(portal);
        if (transport != null) {
            transport.unlisten(portal);
        }
    }

    /** Takes away what {@code before} has and {@code after} has not; the configuration is saved already. */
    void remove(GatewayConfig before, GatewayConfig after) {
        for (PortalConfig portal : portals(before)) {
            if (!portals(after).contains(portal)) {
                unlisten(portal);
            }
        }
        for (TargetConfig target : before.targets()) {
            Optional<TargetConfig> now = after.target(target.name());
            if (now.isEmpty()) {
                withdraw(target.name());
            } else {
                change(target, now.get());
            }
        }
        for (BackstoreConfig backstore : before.backstores()) {
            if (after.backstore(backstore.name()).isEmpty()) {
                Unit removed = units.remove(backstore.name());
                removed.close("removed");
                removed.forget();
            }
        }
    }

    /** Sets an access state anew, whatever initiators have made of it. */
    void applyAccessState(TargetConfig target) {
        targets.get(target.name()).target().setAccessState(target.accessState());
    }

    private void change(TargetConfig before, TargetConfig after) {
        ScsiTarget scsiTarget = targets.get(after.name()).target();
        scsiTarget.setEnabled(after.enabled());
        if (before.enabled() && !after.enabled() && transport != null) {
            transport.closeSessions(after.name().value());
        }
        for (LunConfig lun : before.luns()) {
            if (!after.luns().contains(lun)) {
                unmap(scsiTarget, lun);
            }
        }
    }

    /** A provider has come: units that waited for it heal. */
    void providerCame() {
        units.values().forEach(this::openIfPossible);
    }

    /** A provider goes: its units stay and are not ready. */
    void providerGoes(String type) {
        for (Unit unit : units.values()) {
            if (unit.config().type().equals(type)) {
                unit.close("the bundle for type " + type + " is not installed");
                LOG.warn(
                        "backstore={} offline: its bundle went away",
                        unit.config().name());
            }
        }
    }

    /** A transport has come, or the one there was goes (null). */
    void useTransport(Transport newTransport, GatewayConfig config) {
        transport = newTransport;
        portalProblems.clear();
        if (newTransport != null) {
            listenAll(portals(config));
        }
    }

    Transport transport() {
        return transport;
    }

    Unit unit(String name) {
        return units.get(name);
    }

    /** Returns why a portal does not listen, or an empty text. */
    String problem(PortalConfig portal) {
        return transport == null ? NO_TRANSPORT : portalProblems.getOrDefault(portal, "");
    }

    /** Returns what does not work now, one line each. */
    List<String> problems() {
        List<String> problems = new ArrayList<>(portalProblems.values());
        if (transport == null) {
            problems.add(NO_TRANSPORT);
        }
        units.values().stream()
                .filter(unit -> !unit.problem().isEmpty())
                .map(unit -> "backstore " + unit.config().name() + ": " + unit.problem())
                .forEach(problems::add);
        return problems;
    }

    /** Ends everything: targets first, so that nobody writes when stores are closed. */
    void stop() {
        List.copyOf(targets.keySet()).forEach(this::withdraw);
        units.values().forEach(unit -> unit.close("the gateway is stopping"));
        units.clear();
    }
}
