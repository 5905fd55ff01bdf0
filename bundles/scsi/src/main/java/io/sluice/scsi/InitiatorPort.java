package io.sluice.scsi;

import java.util.Objects;

/**
 * A SCSI initiator port as an iSCSI session defines it (RFC 7143 4.4.3 and 4.4.4): the node name and the ISID. Two
 * sessions with the same name and ISID are the same port, before and after a reconnect.
 *
 * @param iscsiName node name of the initiator
 * @param isid initiator session identifier, 48 bits
 */
public record InitiatorPort(String iscsiName, long isid) {

    public InitiatorPort {
        Objects.requireNonNull(iscsiName);
    }

    /** Returns the SCSI port name, {@code NAME,i,0xISID} (RFC 7143 4.4.3; the TransportID of SPC-5 7.6.4.6). */
    public String scsiName() {
        return String.format("%s,i,0x%012x", iscsiName, isid);
    }

    @Override
    public String toString() {
        return scsiName();
    }
}
