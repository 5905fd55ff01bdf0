package io.sluice.scsi.internal.unit;

import io.sluice.config.AccessState;
import io.sluice.scsi.Nexus;

/** What a logical unit sees of a target that it is mapped into. */
public interface TargetDevice {

    /** Returns the LUNs that are mapped now, ascending. */
    int[] luns();

    /** Returns what is mapped to a LUN, or null. */
    LunMapping mapping(int lun);

    /** Clears REPORTED LUNS DATA HAS CHANGED for a nexus on every unit of the target: it has been told. */
    void reported(Nexus nexus);

    /** Returns the asymmetric access state of the target's one port group. */
    AccessState accessState();

    /** Changes the access state on behalf of a nexus, and tells the others (SPC-5 5.16.2.6). */
    void setAccessState(AccessState state, Nexus by);

    /** Returns how the access state came to be: STATUS CODE of SPC-5 6.36. */
    int accessStatusCode();
}
