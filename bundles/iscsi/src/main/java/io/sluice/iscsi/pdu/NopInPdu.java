package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * NOP-In (RFC 7143 11.19): the answer to a ping, or a ping of ours.
 *
 * @param lun LUN field of the ping
 * @param initiatorTaskTag tag of the ping, or {@link BasicHeader#NO_TAG} for a ping of ours
 * @param targetTransferTag tag of our ping if an answer is wanted, else {@link BasicHeader#NO_TAG}
 * @param data ping data
 */
public record NopInPdu(long lun, int initiatorTaskTag, int targetTransferTag, ByteBuf data) implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.NOP_IN;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setLong(BasicHeader.LUN, lun);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setInt(BasicHeader.TARGET_TRANSFER_TAG, targetTransferTag);
    }

    /** A ping of ours does not use up a StatSN. */
    @Override
    public StatusNumber statusNumber() {
        return initiatorTaskTag == BasicHeader.NO_TAG ? StatusNumber.SHOWS : StatusNumber.ADVANCES;
    }
}
