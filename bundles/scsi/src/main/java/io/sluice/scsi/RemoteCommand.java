package io.sluice.scsi;

import java.util.Objects;

/**
 * A command that came through a gateway that stands by, and is performed by the one that serves the medium: what it takes to
 * perform it for the same I_T nexus. The arrays are not to be changed.
 *
 * @param initiator the initiator port
 * @param target the target port of the gateway that it came through
 * @param cdb at least 16 bytes, zeros behind a shorter one
 * @param parameters the parameter list; empty if there is none, or if it is not as long as the CDB says
 */
public record RemoteCommand(InitiatorPort initiator, TargetPort target, byte[] cdb, byte[] parameters) {

    /** What a parameter list has at most: that of PERSISTENT RESERVE OUT (SPC-5 6.14.2) is the longest one. */
    public static final int MOST_PARAMETER_BYTES = 8192;

    public RemoteCommand {
        Objects.requireNonNull(initiator);
        Objects.requireNonNull(target);
    }

    /**
     * What it has ended with.
     *
     * @param status the status
     * @param sense sense data in wire form with CHECK CONDITION, else an empty array; not to be changed
     */
    public record Answer(Status status, byte[] sense) {
        public Answer {
            Objects.requireNonNull(status);
            Objects.requireNonNull(sense);
        }
    }
}
