package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Login Request (RFC 7143 11.12). */
public record LoginRequestPdu(byte[] header, byte[] additional, ByteBuf data) implements InitiatorPdu {

    private static final int CONTINUE = 0x40;
    private static final int VERSION_MIN = 3;
    private static final int ISID = 8;
    private static final int TSIH = 14;
    private static final int CID = 20;

    /** Returns the T bit: the initiator is ready to go to the next stage. */
    public boolean transits() {
        return isFinal();
    }

    /** Returns the C bit: more text follows. */
    public boolean isContinued() {
        return (header[1] & CONTINUE) != 0;
    }

    /** Returns the current stage. */
    public int currentStage() {
        return header[1] >> 2 & 0x03;
    }

    /** Returns the next stage, which counts only with the T bit. */
    public int nextStage() {
        return header[1] & 0x03;
    }

    /** Returns the lowest version that the initiator speaks. */
    public int versionMin() {
        return header[VERSION_MIN] & 0xFF;
    }

    /** Returns the 48 bits of the initiator session identifier. */
    public long isid() {
        return BasicHeader.s64(header, ISID) >>> 16;
    }

    /** Returns the target session identifying handle: 0 for a new session. */
    public int tsih() {
        return BasicHeader.u16(header, TSIH);
    }

    /** Returns the connection identifier. */
    public int connectionId() {
        return BasicHeader.u16(header, CID);
    }
}
