package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;

/**
 * SCSI Data-In (RFC 7143 11.7).
 *
 * @param flags F, residual and S bits
 * @param status SCSI status, with the S bit
 * @param initiatorTaskTag tag of the command
 * @param dataSn number of this PDU within the command
 * @param bufferOffset where the data belongs
 * @param residualCount residual count, with the S bit
 * @param data the data; empty if it is in a file
 * @param file the data, if it is in a file, or null
 */
public record DataInPdu(
        int flags,
        int status,
        int initiatorTaskTag,
        int dataSn,
        int bufferOffset,
        int residualCount,
        ByteBuf data,
        FileRegion file)
        implements TargetPdu {

    @Override
    public Opcode opcode() {
        return Opcode.DATA_IN;
    }

    @Override
    public void encode(ByteBuf header) {
        header.setByte(1, flags);
        header.setByte(3, status);
        header.setInt(BasicHeader.INITIATOR_TASK_TAG, initiatorTaskTag);
        header.setInt(BasicHeader.TARGET_TRANSFER_TAG, BasicHeader.NO_TAG);
        header.setInt(36, dataSn);
        header.setInt(40, bufferOffset);
        header.setInt(44, residualCount);
    }

    /** The last PDU of a sequence. */
    public static final int FINAL = BasicHeader.FINAL;
    /** The PDU carries the status of the command. */
    public static final int STATUS = 0x01;

    @Override
    public StatusNumber statusNumber() {
        return (flags & STATUS) != 0 ? StatusNumber.ADVANCES : StatusNumber.NONE;
    }
}
