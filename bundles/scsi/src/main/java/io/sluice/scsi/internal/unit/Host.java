package io.sluice.scsi.internal.unit;

import io.sluice.scsi.Nexus;

/**
 * Who is behind nexuses, over all targets. Two nexuses are of the same host if they have the same initiator name, which
 * anybody can say, and the same principal, which not anybody can be.
 *
 * @param iscsiName node name of the initiator
 * @param principal see {@link io.sluice.scsi.NexusRights}
 */
public record Host(String iscsiName, String principal) {

    /** Returns who is behind a nexus. */
    public static Host of(Nexus nexus) {
        return new Host(nexus.initiatorPort().iscsiName(), nexus.rights().principal());
    }
}
