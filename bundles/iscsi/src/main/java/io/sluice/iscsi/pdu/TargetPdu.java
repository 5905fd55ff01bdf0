package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.FileRegion;

/**
 * A PDU for an initiator. Numbering (StatSN, ExpCmdSN, MaxCmdSN) and lengths are filled in by {@link PduWriter}; a record
 * writes only what is its own.
 */
public sealed interface TargetPdu
        permits NopInPdu,
                ScsiResponsePdu,
                TaskManagementResponsePdu,
                LoginResponsePdu,
                TextResponsePdu,
                DataInPdu,
                LogoutResponsePdu,
                R2tPdu,
                AsyncMessagePdu,
                RejectPdu {

    /** What a PDU has to do with StatSN (RFC 7143 4.2.2.2). */
    enum StatusNumber {
        /** It carries a status: it has the next number and advances it. */
        ADVANCES,
        /** It shows the next number. */
        SHOWS,
        /** The field is reserved. */
        NONE
    }

    /** Returns the opcode. */
    Opcode opcode();

    /** Writes the fields of this PDU into a header of 48 zeros; byte 0 and the numbering are not its own. */
    void encode(ByteBuf header);

    /** Returns the data segment; the writer takes it over. */
    default ByteBuf data() {
        return Unpooled.EMPTY_BUFFER;
    }

    /** Returns a part of a file that is the data segment in place of {@link #data}, or null; the writer takes it over. */
    default FileRegion file() {
        return null;
    }

    /** Returns what it has to do with StatSN. */
    default StatusNumber statusNumber() {
        return StatusNumber.ADVANCES;
    }
}
