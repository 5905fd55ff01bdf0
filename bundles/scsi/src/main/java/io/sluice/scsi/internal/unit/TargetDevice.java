package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;
import java.util.List;

/** What a logical unit sees of a target that it is mapped into. */
public interface TargetDevice {

    /** Returns the target port groups. */
    List<PortGroup> groups();

    /** Changes the access state of one of the groups on behalf of a nexus, and tells the others (SPC-5 5.16.2.6). */
    void setAccessState(PortGroup group, AccessState state, Nexus by);
}
