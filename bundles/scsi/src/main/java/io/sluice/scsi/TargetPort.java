package io.sluice.scsi;

import java.util.Objects;

/**
 * A SCSI target port: for iSCSI a target portal group of a target (RFC 7143 4.4.3). Its name makes it the port that it is: two
 * values with the same name and tag are equal whatever their numbers, so what was kept for a port is still its own when it has
 * another number.
 *
 * @param iscsiName node name of the target
 * @param groupTag target portal group tag, 1 to 65,535
 * @param number 1 to 65,535 and of no other port of the gateway: the relative target port identifier, and the target port
 *     group that the port is alone in
 */
public record TargetPort(String iscsiName, int groupTag, int number) {

    public TargetPort {
        Objects.requireNonNull(iscsiName);
        if (groupTag < 1 || groupTag > 0xFFFF) {
            throw new IllegalArgumentException("target portal group tag " + groupTag);
        }
        if (number < 1 || number > 0xFFFF) {
            throw new IllegalArgumentException("target port number " + number);
        }
    }

    /** Returns the SCSI port name, {@code NAME,t,0xTPGT}. */
    public String scsiName() {
        return String.format("%s,t,0x%04x", iscsiName, groupTag);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TargetPort port && iscsiName.equals(port.iscsiName) && groupTag == port.groupTag;
    }

    @Override
    public int hashCode() {
        return Objects.hash(iscsiName, groupTag);
    }

    @Override
    public String toString() {
        return scsiName();
    }
}
