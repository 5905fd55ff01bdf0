package io.sluice.manager;

import io.sluice.management.BackstoreStatus;
import io.sluice.management.GatewayStatus;
import io.sluice.management.MoveStatus;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.manager.volume.Disk;
import io.sluice.metrics.CommandKind;
import io.sluice.metrics.InitiatorStatistics;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Metric;
import io.sluice.metrics.MetricSink;
import io.sluice.metrics.MetricSource;
import io.sluice.metrics.Statistics;
import io.sluice.scsi.SenseKey;
import io.sluice.scsi.Status;
import io.sluice.volume.VolumeStatistics;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is measured of the gateway but for its transport. Puts together what is known already. */
public final class Measurements implements MetricSource {

    private static final double NANOS = 1e9;

    private static final Map<String, Long> SENSE_KEYS = none(names(Arrays.stream(SenseKey.values())));

    /** With that of commands which had none. */
    private static final Map<String, Long> STATUSES = none(Stream.concat(
            names(EnumSet.complementOf(EnumSet.of(Status.GOOD, Status.CHECK_CONDITION)).stream()),
            Stream.of("aborted")));

    private final GatewayManager manager;

    /** @param manager the gateway */
    public Measurements(GatewayManager manager) {
        this.manager = manager;
    }

    @Override
    public void collect(MetricSink sink) {
        gateway(sink);
        List<SessionStatus> sessions = manager.sessions();
        sink.value(Metric.SESSIONS, sessions.size());
        for (TargetStatus target : manager.targets()) {
            sink.value(
                    Metric.TARGET_SESSIONS,
                    target.sessions(),
                    target.config().name().value());
        }
        Statistics statistics = manager.statistics();
        statistics.luns().forEach(lun -> lun(sink, lun));
        statistics.initiators().forEach(initiator -> initiator(sink, initiator));
        manager.backstores().forEach(backstore -> backstore(sink, backstore));
        manager.moves().forEach(move -> move(sink, move));
    }

    private void gateway(MetricSink sink) {
        GatewayStatus status = manager.status();
        sink.value(Metric.GATEWAY_INFO, 1, status.version());
        sink.value(Metric.GATEWAY_UPTIME, status.uptime().toNanos() / NANOS);
        sink.value(Metric.GATEWAY_PROBLEMS, status.problems().size());
        sink.value(Metric.TARGETS, status.targets());
    }

    /**
     * What there was none of is told too, because a rate over what begins with its first command, or error, would miss that. The
     * histograms, which are six sevenths of it all, begin when a host has said anything: a thousand units that nobody uses would
     * have 12 MB of zeros.
     */
    private static void lun(MetricSink sink, LunStatistics of) {
        String lun = Integer.toString(of.lun());
        boolean inUse = of.commands().values().stream()
                .anyMatch(commands -> commands.durations().count() > 0);
        for (CommandKind kind : CommandKind.values()) {
            if (inUse) {
                sink.histogram(
                        Metric.LUN_OPERATION_DURATION,
                        of.of(kind).durations(),
                        of.target(),
                        lun,
                        of.backstore(),
                        kind.label());
            }
            if (kind.movesBlocks()) {
                sink.value(Metric.LUN_BYTES, of.of(kind).bytes(), of.target(), lun, of.backstore(), kind.label());
            }
        }
        sink.value(Metric.LUN_QUEUE_DEPTH, of.underWay(), of.target(), lun, of.backstore());
        with(SENSE_KEYS, of.senseKeys())
                .forEach((key, count) -> sink.value(Metric.LUN_ERRORS, count, of.target(), lun, of.backstore(), key));
        with(STATUSES, of.statuses())
                .forEach((status, count) ->
                        sink.value(Metric.LUN_STATUSES, count, of.target(), lun, of.backstore(), status));
    }

    private static Map<String, Long> with(Map<String, Long> none, Map<String, Long> some) {
        Map<String, Long> all = new TreeMap<>(none);
        all.putAll(some);
        return all;
    }

    private static Stream<String> names(Stream<? extends Enum<?>> values) {
        return values.map(value -> value.name().toLowerCase(Locale.ROOT));
    }

    private static Map<String, Long> none(Stream<String> names) {
        return names.collect(Collectors.toMap(name -> name, name -> 0L));
    }

    private static void initiator(MetricSink sink, InitiatorStatistics of) {
        for (CommandKind kind : CommandKind.values()) {
            sink.value(
                    Metric.INITIATOR_OPERATIONS,
                    of.operations().getOrDefault(kind, 0L),
                    of.initiator(),
                    of.target(),
                    kind.label());
            if (kind.movesBlocks()) {
                sink.value(
                        Metric.INITIATOR_BYTES,
                        of.bytes().getOrDefault(kind, 0L),
                        of.initiator(),
                        of.target(),
                        kind.label());
            }
        }
    }

    private void backstore(MetricSink sink, BackstoreStatus status) {
        String name = status.config().name();
        for (BackstoreStatus.State state : BackstoreStatus.State.values()) {
            sink.value(Metric.BACKSTORE_STATE, state == status.state() ? 1 : 0, name, state.label());
        }
        sink.value(Metric.BACKSTORE_SIZE, status.config().sizeBytes(), name);
        status.space().usedBytes().ifPresent(bytes -> sink.value(Metric.BACKSTORE_USED, bytes, name));
        status.space().freeBytes().ifPresent(bytes -> sink.value(Metric.BACKSTORE_FREE, bytes, name));
        sink.value(Metric.BACKSTORE_RUNNING, status.operations().running(), name);
        sink.value(Metric.BACKSTORE_HELD, status.operations().held(), name);
        sink.value(Metric.BACKSTORE_OVERDUE, status.operations().overdue(), name);
        sink.value(Metric.BACKSTORE_FAILURES, status.traffic().errors(), name);
        Disk disk = manager.disk(name);
        if (disk != null) {
            VolumeStatistics volume = disk.logicalUnit().volume().statistics();
            sink.value(Metric.BACKSTORE_HOLD, volume.waitedNanos() / NANOS, name);
            sink.value(Metric.BACKSTORE_FENCED, volume.fencedNanos() / NANOS, name);
        }
    }

    private static void move(MetricSink sink, MoveStatus move) {
        if (!move.state().over()) {
            sink.value(
                    Metric.MOVE_PROGRESS,
                    move.progress(),
                    move.name(),
                    move.state().label());
            sink.value(Metric.MOVE_REMAINING, move.dirtyBytes(), move.name());
        }
    }
}
