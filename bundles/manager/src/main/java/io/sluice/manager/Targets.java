package io.sluice.manager;

import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.Transport;
import io.sluice.metrics.Statistics;
import io.sluice.scsi.target.InitiatorLimits;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The targets that run. Nothing here waits: what has to end is returned as a stage that ends in bounded time. */
final class Targets {

    private final TargetPublisher publisher;
    private final Function<String, LogicalUnit> units;
    private final InitiatorLimits limits;
    private final Supplier<Transport> transport;
    private final Drains drains;
    private final Patience patience;
    private final Map<IscsiName, Published> targets = new ConcurrentSkipListMap<>();

    private record Published(ScsiTarget target, Runnable withdraw) {}

    /**
     * @param units the logical units by the names of their backstores
     * @param limits how fast initiators may use them
     * @param transport the present transport, or null
     */
    Targets(
            TargetPublisher publisher,
            Function<String, LogicalUnit> units,
            InitiatorLimits limits,
            Supplier<Transport> transport,
            Drains drains,
            Patience patience) {
        this.publisher = publisher;
        this.units = units;
        this.limits = limits;
        this.transport = transport;
        this.drains = drains;
        this.patience = patience;
    }

    void publish(TargetConfig config, List<ScsiTarget.Port> ports) {
        ScsiTarget target = new ScsiTarget(config.name().value(), limits);
        target.setEnabled(config.enabled());
        target.setPorts(ports);
        map(target, config.luns());
        targets.put(config.name(), new Published(target, publisher.publish(target)));
    }

    /** Makes what a changed target has and did not have: all at once, because each change concerns every session. */
    void map(TargetConfig config, List<LunConfig> luns) {
        map(targets.get(config.name()).target(), luns);
    }

    private void map(ScsiTarget target, List<LunConfig> luns) {
        target.map(luns.stream()
                .map(lun -> new ScsiTarget.Mapping(lun.lun(), units.apply(lun.backstore()), lun.readOnly()))
                .toList());
    }

    /** Takes mappings away, all at once; completes when no command that came through them runs. */
    CompletableFuture<Void> unmap(TargetConfig config, List<LunConfig> gone) {
        ScsiTarget target = targets.get(config.name()).target();
        List<Integer> luns = gone.stream().map(LunConfig::lun).toList();
        return Drains.within(
                target.unmap(luns),
                patience.drain(),
                "commands of target=" + target.name() + " lun="
                        + luns.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }

    /** Sets ports anew, with their access states, whatever initiators have made of them. */
    void setPorts(IscsiName name, List<ScsiTarget.Port> ports) {
        targets.get(name).target().setPorts(ports);
    }

    /** Lets nobody log in any more, or everybody; sessions that there are go on. */
    void setEnabled(TargetConfig config) {
        targets.get(config.name()).target().setEnabled(config.enabled());
    }

    /** Returns what hosts have done, by target. */
    List<Statistics> statistics() {
        return targets.values().stream()
                .map(published -> published.target().statistics())
                .toList();
    }

    /** Takes a target away; completes when its sessions have ended. */
    CompletableFuture<Void> withdraw(IscsiName name) {
        Published going = targets.remove(name);
        going.target().retire();
        going.withdraw().run();
        return closeSessions(name, Transport.Cause.TARGET_DELETED);
    }

    /** Ends the sessions of a target. */
    CompletableFuture<Void> closeSessions(IscsiName name, Transport.Cause cause) {
        Transport present = transport.get();
        return present == null
                ? CompletableFuture.completedFuture(null)
                : Drains.within(
                        drains.run(() -> present.closeSessions(name.value(), cause)),
                        patience.drain(),
                        "sessions of target=" + name);
    }

    /** Who may use what has changed; completes when who has lost something has lost it. */
    CompletableFuture<Void> accessChanged() {
        Transport present = transport.get();
        return present == null
                ? CompletableFuture.completedFuture(null)
                : Drains.within(drains.run(present::accessChanged), patience.drain(), "sessions that lose access");
    }

    /**
     * Ends the sessions of all targets, and lets nobody log in. Initiators may come back: the targets are not said to be gone.
     */
    CompletableFuture<Void> endSessions() {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        targets.values().forEach(published -> published.target().setEnabled(false));
        targets.keySet().forEach(name -> ends.add(closeSessions(name, Transport.Cause.GATEWAY_STOPS)));
        return Drains.all(ends);
    }

    /** Takes all targets away, whose sessions have ended. */
    void withdrawAll() {
        targets.values().forEach(published -> published.withdraw().run());
        targets.clear();
    }
}
