package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Text Request (RFC 7143 11.10). */
public record TextRequestPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int CONTINUE = 0x40;

    /** Returns the C bit: more text follows. */
    public boolean isContinued() {
        return (header[1] & CONTINUE) != 0;
    }
}
