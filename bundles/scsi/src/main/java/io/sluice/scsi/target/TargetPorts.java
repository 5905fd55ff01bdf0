package io.sluice.scsi.target;

import io.sluice.config.AccessState;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.internal.unit.PortGroup;
import java.util.ArrayList;
import java.util.List;

/** The ports of a target and their access states. Changes are made one at a time; looking is one volatile read. */
final class TargetPorts {

    /** Replaced as a whole when the ports change. */
    private volatile List<PortGroup> groups = List.of();

    List<PortGroup> groups() {
        return groups;
    }

    /** Sets the ports; returns whether anything is different. */
    boolean set(String target, List<ScsiTarget.Port> ports) {
        List<PortGroup> wanted = new ArrayList<>();
        boolean changed = ports.size() != groups.size();
        for (ScsiTarget.Port port : ports) {
            TargetPort named = new TargetPort(target, port.groupTag(), port.number());
            PortGroup group = find(named);
            if (group == null) {
                group = new PortGroup(named, port.accessState());
                changed = true;
            }
            changed |= group.change(port.accessState(), PortGroup.CHANGED_IMPLICITLY);
            wanted.add(group);
        }
        groups = List.copyOf(wanted);
        return changed;
    }

    /** Returns the group of a port, which is made if it is not there. */
    PortGroup require(TargetPort port) {
        PortGroup group = find(port);
        if (group == null) {
            group = new PortGroup(port, AccessState.ACTIVE_OPTIMIZED);
            List<PortGroup> more = new ArrayList<>(groups);
            more.add(group);
            groups = List.copyOf(more);
        }
        return group;
    }

    private PortGroup find(TargetPort port) {
        for (PortGroup group : groups) {
            if (group.port().equals(port) && group.port().number() == port.number()) {
                return group;
            }
        }
        return null;
    }
}
