package io.sluice.iscsi.login;

import io.sluice.scsi.target.ScsiTarget;

/** Finds the target that an initiator names. */
@FunctionalInterface
public interface TargetDirectory {

    /** Returns the target of a normalised iSCSI name, or null. */
    ScsiTarget find(String name);
}
