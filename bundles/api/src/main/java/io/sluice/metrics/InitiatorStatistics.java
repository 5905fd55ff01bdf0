package io.sluice.metrics;

import java.util.Map;

/**
 * What an initiator has done at a target since that was made.
 *
 * @param initiator its name; {@link #OTHER} are all those that have come when a target knew many already
 * @param target name of the target
 * @param operations commands of each kind that were answered
 * @param bytes data that commands of each kind have moved
 */
public record InitiatorStatistics(
        String initiator, String target, Map<CommandKind, Long> operations, Map<CommandKind, Long> bytes) {

    /** Stands for those that are not counted one by one; no iSCSI name is like it. */
    public static final String OTHER = "other";

    /** Takes copies. */
    public InitiatorStatistics {
        operations = Map.copyOf(operations);
        bytes = Map.copyOf(bytes);
    }
}
