package io.sluice.access;

import io.sluice.config.GrantConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What discovery shows to one caller: the portals of targets that he may use there, or may after he has proven who he is. Each
 * initiator of the configuration is compared with him once at the most, however many targets and portals he asks about. For one
 * thread.
 */
public final class Discovery {

    private final Caller caller;
    private final Map<String, TargetConfig> targets;
    private final Map<String, List<Host>> hosts;
    private final Predicate<Host> is;

    /** What is known of initiators, and by their names of those and of groups that something is granted to. */
    private final Map<Host, Boolean> compared = new HashMap<>();

    private final Map<String, Boolean> known = new HashMap<>();

    /**
     * @param caller who asks
     * @param targets those that there are, by their names
     * @param hosts all initiators, and the members of each group, by the names that a grant has
     * @param is whether the caller may be an initiator
     */
    Discovery(Caller caller, Map<String, TargetConfig> targets, Map<String, List<Host>> hosts, Predicate<Host> is) {
        this.caller = caller;
        this.targets = targets;
        this.hosts = hosts;
        this.is = is;
    }

    /**
     * Returns where he is shown a target.
     *
     * @param target iSCSI name in normal form, whether there is such a target or not
     * @param ways portals, perhaps others than the one that he has come through
     */
    public List<PortalConfig> shown(String target, Collection<PortalConfig> ways) {
        TargetConfig config = targets.get(target);
        if (config == null || !config.grants().isEmpty() && !granted(config)) {
            return List.of();
        }
        return ways.stream()
                .filter(way -> config.reachedThrough(way.group()))
                .filter(way -> !config.grants().isEmpty() || open(way))
                .toList();
    }

    private boolean open(PortalConfig way) {
        return way.openToAll()
                || way.loopback()
                || way.wildcard() && caller.local().isLoopbackAddress();
    }

    private boolean granted(TargetConfig target) {
        for (GrantConfig grant : target.grants()) {
            if (known.computeIfAbsent(grant.initiator(), this::isOneOf)) {
                return true;
            }
        }
        return false;
    }

    private boolean isOneOf(String name) {
        return hosts.get(name).stream().anyMatch(host -> compared.computeIfAbsent(host, is::test));
    }
}
