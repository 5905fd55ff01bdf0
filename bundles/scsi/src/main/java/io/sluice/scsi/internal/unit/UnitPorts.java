package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.TargetPort;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** The targets that a unit is mapped into, and so all ports that it can be reached through. Thread-safe. */
public final class UnitPorts {

    private final UnitAccess access;

    /** A target is here once for each of its LUNs. */
    private final CopyOnWriteArrayList<TargetDevice> targets = new CopyOnWriteArrayList<>();

    /** @param access what other gateways have to do with it */
    UnitPorts(UnitAccess access) {
        this.access = access;
    }

    /** The unit has been mapped to a LUN of a target. */
    public void add(TargetDevice target) {
        targets.add(target);
    }

    /** The unit is at one LUN of a target less. */
    public void remove(TargetDevice target) {
        targets.remove(target);
    }

    /** Returns the target port groups of all targets, and those of other gateways, as initiators see them, by their numbers. */
    public List<PortGroup> groups() {
        return Stream.concat(own().map(access::seen), access.others().stream())
                .sorted(Comparator.comparingInt(group -> group.port().number()))
                .toList();
    }

    private Stream<PortGroup> own() {
        return targets.stream().distinct().flatMap(target -> target.groups().stream());
    }

    /** Returns the target port groups of this gateway. */
    public List<PortGroup> ownGroups() {
        return own().toList();
    }

    /** Returns the group of this gateway that has a number, or null. */
    public PortGroup findOwn(int number) {
        return own().filter(group -> group.port().number() == number)
                .findFirst()
                .orElse(null);
    }

    /** Returns the group, and port, of a number, or null. */
    public PortGroup find(int number) {
        for (PortGroup group : groups()) {
            if (group.port().number() == number) {
                return group;
            }
        }
        return null;
    }

    /** Returns the number that a port has now, or 0 if the unit is not reached through it. */
    public int numberOf(TargetPort port) {
        for (PortGroup group : groups()) {
            if (group.port().equals(port)) {
                return group.port().number();
            }
        }
        return 0;
    }

    /** Changes the access state of a group on behalf of a nexus that has asked this unit. */
    public void setAccessState(PortGroup group, AccessState state, Nexus by, BlockDevice through) {
        for (TargetDevice target : targets) {
            if (target.groups().contains(group)) {
                target.setAccessState(group, state, by, through);
                return;
            }
        }
    }
}
