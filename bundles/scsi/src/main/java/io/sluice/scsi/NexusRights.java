package io.sluice.scsi;

import java.util.Map;
import java.util.Objects;

/**
 * What an I_T nexus may do at its target. An immutable value; who changes it gives the nexus another one.
 *
 * @param luns the LUNs that it sees and what each of them is; null for all LUNs of the target with their own numbers
 * @param readOnly whether it may write nowhere
 * @param manage whether it may do what hits others: TARGET RESET and SET TARGET PORT GROUPS
 * @param principal who is behind it: a name that it has proven, else where it comes from. Nexuses of the same initiator name
 *     and principal are of one host, and may copy to each other's units.
 * @param initiator name of the initiator of the configuration that it is, whose limit it shares; empty if it is none
 */
public record NexusRights(
        Map<Integer, View> luns, boolean readOnly, boolean manage, String principal, String initiator) {

    /** Everything. */
    public static final NexusRights ALL = new NexusRights(null, false, true, "");

    public NexusRights {
        luns = luns == null ? null : Map.copyOf(luns);
        Objects.requireNonNull(principal);
        Objects.requireNonNull(initiator);
        if (luns != null) {
            luns.forEach((lun, view) -> require(lun, view.of()));
        }
    }

    /** Makes the rights of who is no initiator of the configuration. */
    public NexusRights(Map<Integer, View> luns, boolean readOnly, boolean manage, String principal) {
        this(luns, readOnly, manage, principal, "");
    }

    private static void require(int lun, int of) {
        if (lun < 0 || lun > Lun.MAX || of < 0 || of > Lun.MAX) {
            throw new IllegalArgumentException("LUN " + lun + " of LUN " + of);
        }
    }

    /**
     * A LUN as a nexus sees it.
     *
     * @param of LUN of the target
     * @param readOnly whether writes through it are refused
     */
    public record View(int of, boolean readOnly) {}
}
