package io.sluice.scsi.internal.reservation;

import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.TargetPort;

/**
 * The registration of an I_T nexus (SPC-5 5.14.7). It belongs to the two ports, not to a session, and so survives logout.
 *
 * @param initiator the initiator port
 * @param target the target port, or null for all target ports (ALL_TG_PT)
 * @param key the reservation key
 */
public record Registration(InitiatorPort initiator, TargetPort target, long key) {

    boolean matches(Nexus nexus) {
        return initiator.equals(nexus.initiatorPort()) && (target == null || target.equals(nexus.targetPort()));
    }

    boolean isSameNexus(Registration other) {
        return initiator.equals(other.initiator)
                && (target == null ? other.target == null : target.equals(other.target));
    }

    /** Returns whether there is a nexus that both are the registration of. */
    boolean overlaps(Registration other) {
        return initiator.equals(other.initiator)
                && (target == null || other.target == null || target.equals(other.target));
    }

    Registration withKey(long newKey) {
        return new Registration(initiator, target, newKey);
    }
}
