package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * Ready To Transfer (RFC 7143 11.8).
 *
 * @param lun LUN field of the command
 * @param initiatorTaskTag tag of the command
 * @param targetTransferTag tag that the Data-Out PDUs have to bring
 * @param r2tSn number of this R2T within the command
 * @param bufferOffset where the wanted data begins
 * @param desiredLength bytes wanted
 */
public record R2tPdu(
        long lun, int initiatorTaskTag, int targetTransferTag, int r2tSn, int bufferOffset, int desiredLength)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.R2T;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL);
        header.setLong(BasicHeader.LUN, lun);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setInt(BasicHeader.TARGET_TRANSFER_TAG, targetTransferTag);
        header.setInt(36, r2tSn);
        header.setInt(40, bufferOffset);
        header.setInt(44, desiredLength);
    }

    @Override
    public StatusNumber statusNumber() {
        return StatusNumber.SHOWS;
    }
}
