package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/**
 * SCSI Response (RFC 7143 11.4): a command that the target has completed.
 *
 * @param initiatorTaskTag tag of the command
 * @param status SCSI status
 * @param expDataSn number of Data-In and R2T PDUs that the command had
 * @param residual what was not transferred, or should have been beyond the end
 * @param data sense data behind its length, or empty
 */
public record ScsiResponsePdu(int initiatorTaskTag, int status, int expDataSn, Residual residual, ByteBuf data)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.SCSI_RESPONSE;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, BasicHeader.FINAL | residual.flags());
        header.setByte(3, status);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setInt(36, expDataSn);
        header.setInt(44, residual.count());
    }
}
