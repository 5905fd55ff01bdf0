package io.sluice.scsi;

import java.util.Objects;

/**
 * A SCSI target port: for iSCSI a target portal group of a target (RFC 7143 4.4.3).
 *
 * @param iscsiName node name of the target
 * @param groupTag target portal group tag, 1 to 65,535; also the relative target port identifier
 */
public record TargetPort(String iscsiName, int groupTag) {

    public TargetPort {
        Objects.requireNonNull(iscsiName);
        if (groupTag < 1 || groupTag > 0xFFFF) {
            throw new IllegalArgumentException("target portal group tag " + groupTag);
        }
    }

    /** Returns the SCSI port name, {@code NAME,t,0xTPGT}. */
    public String scsiName() {
        return String.format("%s,t,0x%04x", iscsiName, groupTag);
    }

    @Override
    public String toString() {
        return scsiName();
    }
}
