package io.sluice.config;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A target: a name that initiators log in to, its logical units, and who may use them.
 *
 * @param name its iSCSI name
 * @param enabled whether logins are accepted
 * @param accessState asymmetric access state (ALUA) of its ports, but for those that have one of their own
 * @param luns its mappings, in LUN order, no LUN twice
 * @param grants who may use it, each initiator and group once; empty for everybody who comes by a way that is open to all
 * @param portalGroups tags of the portal groups through which it is reached, ascending; empty for all
 * @param ports its ports, one for each portal group through which it has been reached so far, by group
 * @param redirect where initiators are sent, or null
 */
public record TargetConfig(
        IscsiName name,
        boolean enabled,
        AccessState accessState,
        List<LunConfig> luns,
        List<GrantConfig> grants,
        List<Integer> portalGroups,
        List<TargetPortConfig> ports,
        RedirectConfig redirect) {

    public TargetConfig {
        Objects.requireNonNull(name);
        accessState = accessState == null ? AccessState.ACTIVE_OPTIMIZED : accessState;
        luns = sorted(luns, Comparator.comparingInt(LunConfig::lun));
        requireDistinct(name, "LUN", luns, LunConfig::lun);
        grants = List.copyOf(Objects.requireNonNullElse(grants, List.of()));
        requireDistinct(name, "a grant for", grants, GrantConfig::initiator);
        portalGroups = sorted(portalGroups, Comparator.naturalOrder());
        portalGroups.forEach(PortalConfig::requireGroup);
        requireDistinct(name, "the portal group", portalGroups, group -> group);
        ports = sorted(ports, Comparator.comparingInt(TargetPortConfig::group));
        requireDistinct(name, "a port of group", ports, TargetPortConfig::group);
    }

    /** Makes a target that nothing more is said of. */
    public TargetConfig(IscsiName name, boolean enabled, AccessState accessState, List<LunConfig> luns) {
        this(name, enabled, accessState, luns, List.of(), List.of(), List.of(), null);
    }

    private static <T> List<T> sorted(List<T> items, Comparator<T> order) {
        return items == null ? List.of() : items.stream().sorted(order).toList();
    }

    private static <T> void requireDistinct(IscsiName target, String kind, List<T> items, Function<T, ?> key) {
        Set<Object> seen = new HashSet<>();
        for (T item : items) {
            if (!seen.add(key.apply(item))) {
                throw new IllegalArgumentException(
                        "target " + target + " has " + kind + " " + key.apply(item) + " twice");
            }
        }
    }

    /** Returns the mapping at a LUN. */
    public Optional<LunConfig> lun(int number) {
        return luns.stream().filter(lun -> lun.lun() == number).findFirst();
    }

    /** Returns what is granted to an initiator or a group under its own name. */
    public Optional<GrantConfig> grant(String initiator) {
        return grants.stream()
                .filter(grant -> grant.initiator().equals(initiator))
                .findFirst();
    }

    /** Returns whether it is reached through the portals of a group. */
    public boolean reachedThrough(int group) {
        return portalGroups.isEmpty() || portalGroups.contains(group);
    }

    /** Returns the asymmetric access state of a port. */
    public AccessState accessState(TargetPortConfig port) {
        return port.accessState() == null ? accessState : port.accessState();
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
        return new TargetConfig(name, enabled, accessState, newLuns, grants, portalGroups, ports, redirect);
    }

    /** Returns a copy that is enabled or not. */
    public TargetConfig withEnabled(boolean newEnabled) {
        return new TargetConfig(name, newEnabled, accessState, luns, grants, portalGroups, ports, redirect);
    }

    /** Returns a copy with another access state, in which all its ports are. */
    public TargetConfig withAccessState(AccessState newState) {
        List<TargetPortConfig> without = ports.stream()
                .map(port -> new TargetPortConfig(port.group(), port.number(), null))
                .toList();
        return new TargetConfig(name, enabled, newState, luns, grants, portalGroups, without, redirect);
    }

    /** Returns a copy that is granted to others. */
    public TargetConfig withGrants(List<GrantConfig> newGrants) {
        return new TargetConfig(name, enabled, accessState, luns, newGrants, portalGroups, ports, redirect);
    }

    /** Returns a copy that is reached through other portal groups. */
    public TargetConfig withPortalGroups(List<Integer> newGroups) {
        return new TargetConfig(name, enabled, accessState, luns, grants, newGroups, ports, redirect);
    }

    /** Returns a copy with other ports. */
    public TargetConfig withPorts(List<TargetPortConfig> newPorts) {
        return new TargetConfig(name, enabled, accessState, luns, grants, portalGroups, newPorts, redirect);
    }

    /** Returns a copy that sends initiators elsewhere, or no more (null). */
    public TargetConfig withRedirect(RedirectConfig newRedirect) {
        return new TargetConfig(name, enabled, accessState, luns, grants, portalGroups, ports, newRedirect);
    }
}
