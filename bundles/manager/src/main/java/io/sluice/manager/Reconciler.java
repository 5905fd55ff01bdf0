package io.sluice.manager;

import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.LunConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.UnitIdentity;
import io.sluice.management.Transport;
import io.sluice.manager.volume.Disk;
import io.sluice.manager.volume.DiskRuntime;
import io.sluice.manager.volume.GivenStore;
import io.sluice.manager.volume.Offer;
import io.sluice.manager.volume.StoreOpener;
import io.sluice.scsi.target.ScsiTarget;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes what runs agree with the configuration. What is equal before and after is left alone, its sessions included. First
 * everything new is made, which may fail and is then undone; only then what is gone is taken away, which cannot fail.
 *
 * <p>Changed by the thread of the manager alone; any thread may look.
 */
final class Reconciler {

    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);

    private final StoreOpener opener;
    private final DiskRuntime runtime;
    private final PortalConfig defaultPortal;
    private final Patience patience;
    private final Portals portals;
    private final Targets targets;
    private final Map<String, Disk> disks = new ConcurrentSkipListMap<>();

    /** @param defaultPortal where to listen as long as the configuration names no portal */
    Reconciler(
            StoreOpener opener,
            DiskRuntime runtime,
            PortalConfig defaultPortal,
            Patience patience,
            Portals portals,
            TargetPublisher publisher,
            Drains drains) {
        this.opener = opener;
        this.runtime = runtime;
        this.defaultPortal = defaultPortal;
        this.patience = patience;
        this.portals = portals;
        this.targets = new Targets(
                publisher,
                name -> disks.get(name).logicalUnit(),
                runtime.initiatorLimits(),
                portals::transport,
                drains,
                patience);
    }

    /** Returns the portals that a configuration means. */
    List<PortalConfig> portals(GatewayConfig config) {
        return config.portals().isEmpty() ? List.of(defaultPortal) : config.portals();
    }

    /**
     * Makes everything of a configuration; what cannot be had now is a problem, not a failure.
     *
     * @param made told of each disk before it is opened
     */
    void start(GatewayConfig config, Consumer<Disk> made) {
        for (BackstoreConfig backstore : config.backstores()) {
            Disk disk = new Disk(backstore, opener, runtime);
            disks.put(backstore.name(), disk);
            made.accept(disk);
            disk.open();
        }
        config.targets().forEach(target -> targets.publish(target, ports(config, target)));
    }

    /**
     * Makes what {@code after} has and {@code before} has not.
     *
     * @param made the disks that are new
     * @return takes it all back, if a later step fails
     * @throws ConfigException if something cannot be had; nothing is left of it
     */
    Runnable add(GatewayConfig before, GatewayConfig after, List<Disk> made) throws ConfigException {
        Deque<Runnable> undo = new ArrayDeque<>();
        try {
            made.forEach(disk -> addDisk(disk, undo));
            for (TargetConfig target : after.targets()) {
                addTarget(before.target(target.name()), target, ports(after, target), undo);
            }
            addPortals(portals(before), portals(after), undo);
        } catch (ConfigException | RuntimeException failed) {
            undo.forEach(Runnable::run);
            throw failed;
        }
        return () -> undo.forEach(Runnable::run);
    }

    private void addDisk(Disk disk, Deque<Runnable> undo) {
        String name = disk.config().name();
        Disk old = disks.put(name, disk);
        undo.push(() -> {
            if (old == null) {
                disks.remove(name);
            } else {
                disks.put(name, old);
            }
        });
    }

    /** One address may be part of another: what goes and is on the same port makes room first. */
    private void addPortals(List<PortalConfig> before, List<PortalConfig> after, Deque<Runnable> undo)
            throws ConfigException {
        for (PortalConfig portal : after) {
            if (before.contains(portal)) {
                continue;
            }
            Optional<PortalConfig> same =
                    before.stream().filter(portal::sameAddress).findFirst();
            if (same.isPresent()) {
                portals.change(same.get(), portal);
                undo.push(() -> portals.changeBack(same.get(), portal));
                continue;
            }
            for (PortalConfig going : before) {
                if (going.port() == portal.port() && after.stream().noneMatch(going::sameAddress)) {
                    portals.unlisten(going);
                    undo.push(() -> portals.listenAgain(going));
                }
            }
            portals.listen(portal);
            undo.push(() -> portals.unlisten(portal));
        }
    }

    private List<ScsiTarget.Port> ports(GatewayConfig config, TargetConfig target) {
        return TargetPorts.reached(target, TargetPorts.groups(portals(config)));
    }

    /** Sets the ports of a target anew, with their access states, whatever initiators have made of them. */
    void setPorts(GatewayConfig config, TargetConfig target) {
        targets.setPorts(target.name(), ports(config, target));
    }

    private void addTarget(
            Optional<TargetConfig> old, TargetConfig target, List<ScsiTarget.Port> ports, Deque<Runnable> undo) {
        if (old.isEmpty()) {
            targets.publish(target, ports);
            undo.push(() -> targets.withdraw(target.name()));
            return;
        }
        Set<Integer> had = old.get().luns().stream().map(LunConfig::lun).collect(Collectors.toSet());
        List<LunConfig> added =
                target.luns().stream().filter(lun -> !had.contains(lun.lun())).toList();
        if (!added.isEmpty()) {
            targets.map(target, added);
            undo.push(() -> targets.unmap(target, added));
        }
    }

    /**
     * Takes away what {@code before} has and {@code after} has not; the configuration is saved already.
     *
     * @return completes when everything that used it has ended, or after a while
     */
    CompletableFuture<Void> remove(GatewayConfig before, GatewayConfig after) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (PortalConfig portal : portals(before)) {
            if (portals(after).stream().noneMatch(portal::sameAddress)) {
                portals.unlisten(portal);
            }
        }
        for (TargetConfig target : before.targets()) {
            Optional<TargetConfig> now = after.target(target.name());
            if (now.isEmpty()) {
                ends.add(targets.withdraw(target.name()));
            } else {
                if (!ports(before, target).equals(ports(after, now.get()))) {
                    setPorts(after, now.get());
                }
                if (!now.get().equals(target)) {
                    change(target, now.get(), ends);
                }
            }
        }
        for (BackstoreConfig backstore : before.backstores()) {
            Optional<BackstoreConfig> now = after.backstore(backstore.name());
            if (now.isEmpty()) {
                ends.add(delete(disks.remove(backstore.name()), after));
            } else if (!now.get().equals(disks.get(backstore.name()).config())) {
                disks.get(backstore.name()).update(now.get());
            }
        }
        return Drains.all(ends);
    }

    private void change(TargetConfig before, TargetConfig after, List<CompletableFuture<Void>> ends) {
        targets.setEnabled(after);
        if (before.enabled() && !after.enabled()) {
            ends.add(targets.closeSessions(after.name(), Transport.Cause.TARGET_DISABLED));
        }
        Set<LunConfig> had = Set.copyOf(before.luns());
        Set<Integer> numbers = had.stream().map(LunConfig::lun).collect(Collectors.toSet());
        Set<LunConfig> has = Set.copyOf(after.luns());
        List<LunConfig> gone =
                before.luns().stream().filter(lun -> !has.contains(lun)).toList();
        if (!gone.isEmpty()) {
            ends.add(targets.unmap(after, gone));
            targets.map(
                    after,
                    after.luns().stream()
                            .filter(lun -> numbers.contains(lun.lun()) && !had.contains(lun))
                            .toList());
        }
    }

    /** What a unit keeps beyond the process goes with it, unless the disk goes on under another name. */
    private CompletableFuture<Void> delete(Disk disk, GatewayConfig after) {
        UnitIdentity identity = disk.config().identity();
        boolean goesOn = after.backstores().stream()
                .anyMatch(other -> other.identity().naa().equals(identity.naa()));
        CompletionStage<Void> forgotten = disk.leave("it is deleted").whenComplete((closed, failure) -> {
            if (!goesOn) {
                disk.forget();
            }
        });
        return Drains.within(
                forgotten, patience.drain(), "backstore=" + disk.config().name());
    }

    /**
     * Closes a disk that nobody can reach, so that another can be made of its storage; it stays where it is until then.
     *
     * @return completes when it is closed, or after a while
     */
    CompletableFuture<Void> close(String name) {
        return Drains.within(disks.get(name).close("it is being made anew"), patience.drain(), "backstore=" + name);
    }

    /**
     * A disk has become another backstore: it takes the place of that one, and a new disk its own.
     *
     * @param name the new name of the disk
     * @param served the disk
     * @param former the configuration of the new disk; it waits for the store that the other still has, if there is one
     */
    Disk exchange(String name, Disk served, BackstoreConfig former, GivenStore expected) {
        Disk made = new Disk(former, opener, runtime);
        made.suspectAs(served);
        if (expected != null) {
            made.expect(expected);
        }
        disks.put(former.name(), made);
        disks.put(name, served);
        if (expected == null) {
            made.open();
        }
        return made;
    }

    /** Puts a disk that was closed back as it was. */
    void restore(BackstoreConfig config) {
        Disk disk = new Disk(config, opener, runtime);
        disks.put(config.name(), disk);
        disk.open();
    }

    Targets targets() {
        return targets;
    }

    /** Returns a disk, or null. */
    Disk disk(String name) {
        return disks.get(name);
    }

    /** A bundle has come: disks that waited for it heal. */
    void offered() {
        disks.values().forEach(Disk::open);
    }

    /** A bundle goes: its disks stay, and wait for another one. Returns when nothing of it is in use, or after a while. */
    void withdrawn(Offer<?> offer) {
        Collection<CompletableFuture<Void>> ends = disks.values().stream()
                .map(disk -> Drains.within(
                        disk.withdrawn(offer),
                        patience.withdrawal(),
                        "backstore=" + disk.config().name()))
                .toList();
        offered();
        await(Drains.all(ends), patience.withdrawal().plusSeconds(1));
    }

    /**
     * Ends everything in bounded time. Portals first, so that nobody comes while targets go and is told that they do not
     * exist; then sessions, which may come back to the next gateway; stores at last, so that nobody writes when they are closed.
     */
    void stop() {
        long until = System.nanoTime() + patience.stop().toNanos();
        portals.unlistenAll();
        await(targets.endSessions(), patience.stop().dividedBy(2));
        targets.withdrawAll();
        List<CompletableFuture<Void>> closes = new ArrayList<>();
        disks.forEach((name, disk) ->
                closes.add(Drains.within(disk.close("the gateway is stopping"), patience.stop(), "backstore=" + name)));
        await(Drains.all(closes), Duration.ofNanos(until - System.nanoTime()));
        disks.clear();
    }

    private static void await(CompletableFuture<Void> ends, Duration limit) {
        try {
            ends.get(Math.max(0, limit.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException stuck) {
            LOG.error("not everything has ended, and it is not awaited any more");
        } catch (InterruptedException interrupted) {
            LOG.error("what has to end is not awaited any more: interrupted");
            Thread.currentThread().interrupt();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException("a drain does not fail", impossible);
        }
    }
}
