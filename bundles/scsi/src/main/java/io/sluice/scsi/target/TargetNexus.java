package io.sluice.scsi.target;

import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import java.util.Objects;

/** A nexus as its target keeps it. */
final class TargetNexus extends Nexus {

    private volatile NexusRights rights;

    TargetNexus(InitiatorPort initiatorPort, TargetPort targetPort, NexusRights rights) {
        super(initiatorPort, targetPort);
        this.rights = Objects.requireNonNull(rights);
    }

    @Override
    public NexusRights rights() {
        return rights;
    }

    void setRights(NexusRights changed) {
        rights = Objects.requireNonNull(changed);
    }
}
