package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Logout Response (RFC 7143 11.15).
 *
 * @param initiatorTaskTag tag of the request
 * @param response 0 closed, 1 no such connection, 2 recovery not supported, 3 cleanup failed
 * @param timeToWait seconds before a new login
 * @param timeToRetain seconds that tasks are kept
 */
public record LogoutResponsePdu(int initiatorTaskTag, int response, int timeToWait, int timeToRetain)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.LOGOUT_RESPONSE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setByte(2, response);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setShort(40, timeToWait);
        header.setShort(42, timeToRetain);
    }
}
