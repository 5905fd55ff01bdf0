package io.sluice.scsi.internal;

import io.sluice.scsi.Nexus;

/** The LUNs of a target, as REPORT LUNS needs them (SPC-5 6.32). */
public interface LunInventory {

    /** Returns the numbers that are mapped now, ascending. */
    int[] luns();

    /** Clears REPORTED LUNS DATA HAS CHANGED for a nexus on every unit of the target: it has been told. */
    void reported(Nexus nexus);
}
