package io.sluice.shell;

import io.sluice.metrics.CommandKind;
import io.sluice.metrics.CommandStatistics;
import io.sluice.metrics.LunStatistics;
import io.sluice.metrics.Statistics;
import io.sluice.shell.output.Item;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What was done through a LUN in a while.
 *
 * @param lun the later look at it
 * @param commands what has come since the earlier one, by kind
 * @param seconds the time between the two
 */
record LunRates(LunStatistics lun, Map<CommandKind, CommandStatistics> commands, double seconds) {

    private static final int KIBIBYTE = 1024;
    private static final double NANOS = 1e9;
    private static final double MILLIS = 1e3;
    private static final double MOST = 0.99;

    private record Place(String target, int lun) {}

    /** Compares two looks; a LUN that was not there at the first has done what it has done since then. */
    static List<LunRates> between(Statistics before, Statistics after, double seconds) {
        Map<Place, LunStatistics> earlier = new HashMap<>();
        before.luns().forEach(lun -> earlier.put(new Place(lun.target(), lun.lun()), lun));
        return after.luns().stream()
                .map(lun -> of(earlier.get(new Place(lun.target(), lun.lun())), lun, seconds))
                .toList();
    }

    private static LunRates of(LunStatistics before, LunStatistics after, double seconds) {
        Map<CommandKind, CommandStatistics> since = new HashMap<>();
        for (CommandKind kind : CommandKind.values()) {
            CommandStatistics earlier = before == null ? CommandStatistics.NONE : before.of(kind);
            since.put(kind, after.of(kind).since(earlier));
        }
        return new LunRates(after, since, seconds);
    }

    /** Shows it as {@code iostat -x} does. */
    void show(Item row) {
        CommandStatistics reads = commands.get(CommandKind.READ);
        CommandStatistics writes = commands.get(CommandKind.WRITE);
        CommandStatistics all = commands.values().stream().reduce(CommandStatistics.NONE, CommandStatistics::plus);
        row.put("target", "Target", lun.target())
                .put("lun", "LUN", lun.lun(), lun.lun() + ": " + lun.backstore())
                .json("backstore", lun.backstore());
        number(row, "readsPerSecond", "r/s", reads.durations().count() / seconds, 1);
        number(row, "writesPerSecond", "w/s", writes.durations().count() / seconds, 1);
        number(row, "readBytesPerSecond", "rkB/s", reads.bytes() / seconds, KIBIBYTE);
        number(row, "writtenBytesPerSecond", "wkB/s", writes.bytes() / seconds, KIBIBYTE);
        number(row, "readMillis", "r_await", reads.durations().meanSeconds() * MILLIS, 1);
        number(row, "writeMillis", "w_await", writes.durations().meanSeconds() * MILLIS, 1);
        number(row, "queueLength", "aqu-sz", all.durations().nanos() / NANOS / seconds, 1);
        number(row, "slowestPartMillis", "p99", all.durations().quantileSeconds(MOST) * MILLIS, 1);
        row.json("commandsPerSecond", all.durations().count() / seconds).json("underWay", lun.underWay());
    }

    private static void number(Item row, String key, String label, double value, int unit) {
        row.put(key, label, value, String.format(Locale.ROOT, "%.2f", value / unit));
    }
}
