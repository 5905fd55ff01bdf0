package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.TargetPort;
import java.util.List;

/** What a logical unit sees of a target that it is mapped into. */
public interface TargetDevice {

    /** Returns the LUNs that are mapped now, ascending. */
    int[] luns();

    /** Returns what is mapped to a LUN, or null. */
    LunMapping mapping(int lun);

    /** Clears REPORTED LUNS DATA HAS CHANGED for a nexus on every unit of the target: it has been told. */
    void reported(Nexus nexus);

    /** Returns the target port groups of the target. */
    List<PortGroup> groups();

    /** Returns the group of a port that a nexus was opened through, or null if the port has gone since. */
    PortGroup group(TargetPort port);

    /** Changes an access state on behalf of a nexus, and tells the others (SPC-5 5.16.2.6). */
    void setAccessState(PortGroup group, AccessState state, Nexus by);
}
