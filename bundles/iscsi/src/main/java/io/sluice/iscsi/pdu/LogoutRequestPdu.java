package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Logout Request (RFC 7143 11.14). */
public record LogoutRequestPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int REASON = 0x7F;
    private static final int CID = 20;

    /** Returns the Reason Code: 0 closes the session, 1 the connection, 2 removes it for recovery. */
    public int reason() {
        return header[1] & REASON;
    }

    /** Returns the connection that is meant. */
    public int connectionId() {
        return BasicHeader.u16(header, CID);
    }
}
