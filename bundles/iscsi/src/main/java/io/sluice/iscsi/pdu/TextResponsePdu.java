package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Text Response (RFC 7143 11.11).
 *
 * @param isFinal whether the exchange ends here
 * @param continued whether the text goes on in the next response
 * @param lun LUN field of the request
 * @param initiatorTaskTag tag of the request
 * @param targetTransferTag tag that the next request has to bring, or {@link BasicHeader#NO_TAG}
 * @param data text
 */
public record TextResponsePdu(
        boolean isFinal, boolean continued, long lun, int initiatorTaskTag, int targetTransferTag, ByteBuf data)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.TEXT_RESPONSE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, (isFinal ? BasicHeader.FINAL : 0) | (continued ? 0x40 : 0));
        header.setLong(BasicHeader.LUN, lun);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setInt(BasicHeader.TARGET_TRANSFER_TAG, targetTransferTag);
    }
}
