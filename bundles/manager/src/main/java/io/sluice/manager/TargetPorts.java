package io.sluice.manager;

import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.scsi.target.ScsiTarget;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Gives each target a port for each group of portals through which it is reached. */
final class TargetPorts {

    private static final int LAST = 0xFFFF;

    private TargetPorts() {}

    /**
     * Returns a configuration in which no port is missing. A port keeps its number, also while it is not reached; a new one gets
     * the number after the largest, so that a host does not take it for one that it has known.
     *
     * @param portals where the configuration listens
     * @param first the least number of a new port, so that two gateways can have numbers of their own
     */
    static GatewayConfig number(GatewayConfig config, Collection<PortalConfig> portals, int first) {
        Set<Integer> groups = groups(portals);
        TreeSet<Integer> used = config.targets().stream()
                .flatMap(target -> target.ports().stream())
                .map(TargetPortConfig::number)
                .collect(Collectors.toCollection(TreeSet::new));
        List<TargetConfig> targets = new ArrayList<>();
        boolean changed = false;
        for (TargetConfig target : config.targets()) {
            List<TargetPortConfig> ports = new ArrayList<>(target.ports());
            for (int group : groups) {
                if (target.reachedThrough(group) && ports.stream().noneMatch(port -> port.group() == group)) {
                    ports.add(new TargetPortConfig(group, next(used, first), null));
                    changed = true;
                }
            }
            targets.add(ports.size() == target.ports().size() ? target : target.withPorts(ports));
        }
        return changed ? config.withTargets(targets) : config;
    }

    /** Returns the tags of the groups that portals are in. */
    static Set<Integer> groups(Collection<PortalConfig> portals) {
        return portals.stream().map(PortalConfig::group).collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Returns the ports through which a target is reached now.
     *
     * @param groups groups that have portals
     */
    static List<ScsiTarget.Port> reached(TargetConfig target, Set<Integer> groups) {
        return target.ports().stream()
                .filter(port -> target.reachedThrough(port.group()) && groups.contains(port.group()))
                .map(port -> new ScsiTarget.Port(port.group(), port.number(), target.accessState(port)))
                .toList();
    }

    private static int next(TreeSet<Integer> used, int first) {
        int number = used.isEmpty() ? first : Math.max(first, used.last() + 1);
        if (number > LAST) {
            number = 1;
            while (used.contains(number)) {
                number++;
            }
        }
        used.add(number);
        return number;
    }
}
