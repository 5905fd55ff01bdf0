package io.sluice.metrics;

import java.util.Map;

/**
 * What has come through a LUN since it was mapped.
 *
 * @param target name of its target
 * @param lun its number there
 * @param backstore what is mapped
 * @param underWay commands that have come and have not been answered
 * @param commands the commands of each kind
 * @param senseKeys commands that ended with CHECK CONDITION, by the name of the sense key (SPC-5 4.4.6) in lower case
 * @param statuses commands that ended with another status than that and GOOD, by its name in lower case; {@code aborted} are those
 *     that had none because somebody has ended them
 */
public record LunStatistics(
        String target,
        int lun,
        String backstore,
        int underWay,
        Map<CommandKind, CommandStatistics> commands,
        Map<String, Long> senseKeys,
        Map<String, Long> statuses) {

    /** Takes copies. */
    public LunStatistics {
        commands = Map.copyOf(commands);
        senseKeys = Map.copyOf(senseKeys);
        statuses = Map.copyOf(statuses);
    }

    /** Returns the commands of a kind. */
    public CommandStatistics of(CommandKind kind) {
        return commands.getOrDefault(kind, CommandStatistics.NONE);
    }
}
