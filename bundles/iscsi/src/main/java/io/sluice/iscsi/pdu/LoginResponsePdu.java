package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Login Response (RFC 7143 11.13). Version-max and Version-active are 0, the only version there is.
 *
 * @param flags T and C bits, current and next stage
 * @param isid the initiator session identifier, returned
 * @param tsih the session handle, in the last response
 * @param initiatorTaskTag tag of the request
 * @param statusClass 0 for success
 * @param statusDetail detail of the class
 * @param data text
 */
public record LoginResponsePdu(
        int flags, long isid, int tsih, int initiatorTaskTag, int statusClass, int statusDetail, ByteBuf data)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.LOGIN_RESPONSE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, flags);
        header.setLong(8, isid << 16 | tsih);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setByte(36, statusClass);
        header.setByte(37, statusDetail);
    }

    /** A response with an error has no numbering of its own (RFC 7143 11.13.4). */
    @Override
    public StatusNumber statusNumber() {
        return statusClass == 0 ? StatusNumber.ADVANCES : StatusNumber.NONE;
    }
}
