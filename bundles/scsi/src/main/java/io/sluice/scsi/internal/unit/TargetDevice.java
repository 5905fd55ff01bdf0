package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;
import java.util.List;

/** What a logical unit sees of a target that it is mapped into. */
public interface TargetDevice {

    /** Returns the target port groups. */
    List<PortGroup> groups();

    /**
     * Changes the access state of one of the groups, and tells who has not asked for it (SPC-5 5.16.2).
     *
     * @param by the nexus that has asked for it
     * @param through the unit that it has asked: at the others it is told too
     */
    void setAccessState(PortGroup group, AccessState state, Nexus by, BlockDevice through);
}
