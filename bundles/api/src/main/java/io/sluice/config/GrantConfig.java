package io.sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What some initiators may do with a target.
 *
 * @param initiator name of an initiator or of a group
 * @param luns the units that they see, in LUN order; empty for all of the target, under their own numbers
 * @param readOnly whether they may only read
 * @param manage whether they may do what hits others: reset the target, and change its access states
 */
public record GrantConfig(String initiator, List<LunView> luns, boolean readOnly, boolean manage) {

    public GrantConfig {
        EntryName.require("initiator", initiator);
        List<LunView> sorted = new ArrayList<>(luns == null ? List.of() : luns);
        sorted.sort(Comparator.comparingInt(LunView::lun));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).lun() == sorted.get(i - 1).lun()) {
                throw new IllegalArgumentException(
                        initiator + " would see LUN " + sorted.get(i).lun() + " twice");
            }
        }
        luns = List.copyOf(sorted);
    }
}
