package io.sluice.scsi;

import java.util.List;
import java.util.Objects;

/**
 * A unit attention (SAM-5 5.14) for nexuses of every gateway that has the unit: what they are told of reservations, mode pages and
 * the like.
 *
 * @param condition what they are told
 * @param whom who is told; null for all
 * @param except the I_T nexus whose command it was, which is not told; null for none
 */
public record SharedAttention(Sense condition, List<Ports> whom, Ports except) {

    /**
     * An I_T nexus by its ports.
     *
     * @param initiator the initiator port
     * @param target the target port, or null for all
     */
    public record Ports(InitiatorPort initiator, TargetPort target) {
        public Ports {
            Objects.requireNonNull(initiator);
        }

        /** Returns the ports of a nexus. */
        public static Ports of(Nexus nexus) {
            return new Ports(nexus.initiatorPort(), nexus.targetPort());
        }

        private boolean matches(Nexus nexus) {
            return initiator.equals(nexus.initiatorPort()) && (target == null || target.equals(nexus.targetPort()));
        }
    }

    public SharedAttention {
        Objects.requireNonNull(condition);
        whom = whom == null ? null : List.copyOf(whom);
    }

    /** For every nexus but one. */
    public static SharedAttention forOthers(Nexus except, Sense condition) {
        return new SharedAttention(condition, null, Ports.of(except));
    }

    /** Returns whether a nexus is told. */
    public boolean concerns(Nexus nexus) {
        return (except == null || !except.matches(nexus))
                && (whom == null || whom.stream().anyMatch(ports -> ports.matches(nexus)));
    }
}
