package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Reject (RFC 7143 11.17).
 *
 * @param reason why
 * @param data header of the PDU that is rejected
 */
public record RejectPdu(RejectReason reason, ByteBuf data) implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.REJECT;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setByte(2, reason.code());
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, BasicHeader.NO_TAG);
    }
}
