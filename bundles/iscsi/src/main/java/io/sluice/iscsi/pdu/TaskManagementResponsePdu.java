package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Task Management Function Response (RFC 7143 11.6).
 *
 * @param initiatorTaskTag tag of the request
 * @param response response code
 */
public record TaskManagementResponsePdu(int initiatorTaskTag, int response) implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.TASK_MANAGEMENT_RESPONSE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setByte(2, response);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
    }
}
