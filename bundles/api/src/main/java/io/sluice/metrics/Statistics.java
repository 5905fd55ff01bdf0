package io.sluice.metrics;

import java.util.List;

/**
 * What hosts have done.
 *
 * @param luns through each LUN, by target and number
 * @param initiators each host at each target
 */
public record Statistics(List<LunStatistics> luns, List<InitiatorStatistics> initiators) {

    /** Nothing was done. */
    public static final Statistics NONE = new Statistics(List.of(), List.of());

    /** Takes copies. */
    public Statistics {
        luns = List.copyOf(luns);
        initiators = List.copyOf(initiators);
    }
}
