package io.sluice.rest.action;

import static io.sluice.rest.shape.Field.number;
import static io.sluice.rest.shape.Field.numbers;
import static io.sluice.rest.shape.Field.objects;
import static io.sluice.rest.shape.Field.text;

import io.sluice.metrics.CommandKind;
import io.sluice.metrics.CommandStatistics;
import io.sluice.metrics.DurationHistogram;
import io.sluice.metrics.InitiatorStatistics;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
import io.sluice.rest.shape.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What hosts have done, as it is answered: counters, of which whoever asks again knows the difference. */
final class StatisticsViews {

    private static final long NANOS_OF_A_MICRO = 1_000;
    private static final double MICROS = 1e6;

    private static final Shape COUNT = Shape.of("StatisticsCount", text("name"), number("commands"));

    private static final Shape LUN = Shape.of(
            "LunStatistics",
            text("target"),
            number("lun"),
            text("backstore"),
            number("underWay"),
            objects(
                    "operations",
                    Shape.of(
                            "LunOperationStatistics",
                            text("operation"),
                            number("commands"),
                            number("bytes"),
                            number("micros"),
                            numbers("buckets"))),
            objects("senseKeys", COUNT),
            objects("statuses", COUNT));

    private static final Shape INITIATOR = Shape.of(
            "InitiatorStatistics",
            text("initiator"),
            text("target"),
            objects(
                    "operations",
                    Shape.of("InitiatorOperationStatistics", text("operation"), number("commands"), number("bytes"))));

    static final Shape STATISTICS =
            Shape.of("Statistics", numbers("bucketMicros"), objects("luns", LUN), objects("initiators", INITIATOR));

    private StatisticsViews() {}

    static Map<String, Object> statistics(Statistics statistics) {
        return Map.of(
                "bucketMicros",
                        Arrays.stream(DurationHistogram.boundsSeconds())
                                .mapToObj(seconds -> Math.round(seconds * MICROS))
                                .toList(),
                "luns", statistics.luns().stream().map(StatisticsViews::lun).toList(),
                "initiators",
                        statistics.initiators().stream()
                                .map(StatisticsViews::initiator)
                                .toList());
    }

    private static Map<String, Object> lun(LunStatistics lun) {
        return Map.of(
                "target", lun.target(),
                "lun", lun.lun(),
                "backstore", lun.backstore(),
                "underWay", lun.underWay(),
                "operations", kinds().map(kind -> operation(kind, lun.of(kind))).toList(),
                "senseKeys", counts(lun.senseKeys()),
                "statuses", counts(lun.statuses()));
    }

    private static Stream<CommandKind> kinds() {
        return Arrays.stream(CommandKind.values());
    }

    private static Map<String, Object> operation(CommandKind kind, CommandStatistics of) {
        return Map.of(
                "operation", kind.label(),
                "commands", of.durations().count(),
                "bytes", of.bytes(),
                "micros", of.durations().nanos() / NANOS_OF_A_MICRO,
                "buckets", of.durations().counts());
    }

    private static Map<String, Object> initiator(InitiatorStatistics of) {
        return Map.of(
                "initiator",
                of.initiator(),
                "target",
                of.target(),
                "operations",
                kinds().map(kind -> Map.<String, Object>of(
                                "operation", kind.label(),
                                "commands", of.operations().getOrDefault(kind, 0L),
                                "bytes", of.bytes().getOrDefault(kind, 0L)))
                        .toList());
    }

    private static List<Map<String, Object>> counts(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Map.<String, Object>of("name", entry.getKey(), "commands", entry.getValue()))
                .toList();
    }
}
