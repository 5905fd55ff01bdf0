package io.sluice.scsi;

import java.util.Objects;

/** An I_T nexus: an initiator port that is logged in to a target port (SAM-5 4.5). Made by {@link ScsiTarget#open}. */
public final class Nexus {

    private final InitiatorPort initiatorPort;
    private final TargetPort targetPort;

    Nexus(InitiatorPort initiatorPort, TargetPort targetPort) {
        this.initiatorPort = Objects.requireNonNull(initiatorPort);
        this.targetPort = Objects.requireNonNull(targetPort);
    }

    /** Returns the initiator's side. */
    public InitiatorPort initiatorPort() {
        return initiatorPort;
    }

    /** Returns the target's side. */
    public TargetPort targetPort() {
        return targetPort;
    }

    @Override
    public String toString() {
        return initiatorPort + " → " + targetPort;
    }
}
