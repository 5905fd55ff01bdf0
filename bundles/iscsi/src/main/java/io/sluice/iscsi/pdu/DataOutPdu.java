package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** SCSI Data-Out (RFC 7143 11.7). */
public record DataOutPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int DATA_SN = 36;
    private static final int BUFFER_OFFSET = 40;

    /** Returns DataSN. */
    public int dataSn() {
        return BasicHeader.s32(header, DATA_SN);
    }

    /** Returns the Buffer Offset as an unsigned number. */
    public long bufferOffset() {
        return BasicHeader.s32(header, BUFFER_OFFSET) & 0xFFFF_FFFFL;
    }
}
