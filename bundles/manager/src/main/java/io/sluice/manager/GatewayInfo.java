package io.sluice.manager;

import io.sluice.config.GatewayConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.GatewayStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.management.Transport;
import io.sluice.manager.volume.Disk;
import io.sluice.metrics.Statistics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts status records together, from what is known: nobody is asked, and nothing waits. */
final class GatewayInfo {

    private final String version;
    private final long startedNanos = System.nanoTime();

    GatewayInfo(String version) {
        this.version = version;
    }

    /** @param problems what is wrong with other things than backstores */
    GatewayStatus status(
            GatewayConfig config,
            Optional<Transport> transport,
            Collection<String> problems,
            List<BackstoreStatus> backstores) {
        List<String> all = new ArrayList<>(problems);
        backstores.stream()
                .filter(status -> !status.problem().isEmpty())
                .map(status -> "backstore " + status.config().name() + ": " + status.problem())
                .forEach(all::add);
        return new GatewayStatus(
                version,
                Duration.ofNanos(System.nanoTime() - startedNanos),
                transport.map(present -> present.listening().size()).orElse(0),
                config.targets().size(),
                config.backstores().size(),
                count(backstores, BackstoreStatus.State.AWAY),
                count(backstores, BackstoreStatus.State.FENCED),
                transport.map(present -> present.sessions().size()).orElse(0),
                transport.map(Transport::status),
                all);
    }

    /** Returns what hosts have done, by target. */
    static Statistics statistics(Reconciler reconciler) {
        List<Statistics> targets = reconciler.targets().statistics();
        return new Statistics(
                targets.stream().flatMap(target -> target.luns().stream()).toList(),
                targets.stream().flatMap(target -> target.initiators().stream()).toList());
    }

    private static int count(List<BackstoreStatus> backstores, BackstoreStatus.State state) {
        return (int)
                backstores.stream().filter(status -> status.state() == state).count();
    }

    static Stream<Disk> disks(GatewayConfig config, Reconciler reconciler) {
        return config.backstores().stream()
                .map(backstore -> reconciler.disk(backstore.name()))
                .filter(Objects::nonNull);
    }

    static List<BackstoreStatus> backstores(GatewayConfig config, Reconciler reconciler) {
        Map<String, List<String>> mappings = Configs.mappings(config);
        return disks(config, reconciler)
                .map(disk -> disk.status(mappings.getOrDefault(disk.config().name(), List.of())))
                .sorted(Comparator.comparing(status -> status.config().name()))
                .toList();
    }

    static List<TargetStatus> targets(GatewayConfig config, List<SessionStatus> sessions) {
        Map<String, Long> users = TargetUsers.counts(sessions);
        return config.targets().stream()
                .sorted(Comparator.comparing(TargetConfig::name))
                .map(target -> new TargetStatus(
                        target, users.getOrDefault(target.name().value(), 0L).intValue()))
                .toList();
    }
}
