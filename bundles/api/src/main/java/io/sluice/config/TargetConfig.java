package io.sluice.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A target: a name that initiators log in to, and its logical units.
 *
 * @param name its iSCSI name
 * @param enabled whether logins are accepted
 * @param accessState asymmetric access state of its port group (ALUA)
 * @param luns its mappings, in LUN order, no LUN twice
 */
public record TargetConfig(IscsiName name, boolean enabled, AccessState accessState, List<LunConfig> luns) {

    public TargetConfig {
        Objects.requireNonNull(name);
        accessState = accessState == null ? AccessState.ACTIVE_OPTIMIZED : accessState;
        List<LunConfig> sorted = new ArrayList<>(luns == null ? List.of() : luns);
        sorted.sort(Comparator.comparingInt(LunConfig::lun));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).lun() == sorted.get(i - 1).lun()) {
                throw new IllegalArgumentException(
                        "target " + name + " has LUN " + sorted.get(i).lun() + " twice");
            }
        }
        luns = List.copyOf(sorted);
    }

    /** Returns the mapping at a LUN. */
    public Optional<LunConfig> lun(int number) {
        return luns.stream().filter(lun -> lun.lun() == number).findFirst();
    }

    /** Returns the smallest LUN that is not in use. */
    public int nextFreeLun() {
        int next = 0;
        for (LunConfig lun : luns) {
            if (lun.lun() != next) {
                break;
            }
            next++;
        }
        return next;
    }

    /** Returns a copy with other mappings. */
    public TargetConfig withLuns(List<LunConfig> newLuns) {
        return new TargetConfig(name, enabled, accessState, newLuns);
    }

    /** Returns a copy that is enabled or not. */
    public TargetConfig withEnabled(boolean newEnabled) {
        return new TargetConfig(name, newEnabled, accessState, luns);
    }

    /** Returns a copy with another access state. */
    public TargetConfig withAccessState(AccessState newState) {
        return new TargetConfig(name, enabled, newState, luns);
    }
}
