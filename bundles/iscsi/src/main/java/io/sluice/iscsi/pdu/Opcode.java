package io.sluice.iscsi.pdu;

import io.netty.buffer.ByteBuf;

/** Operation codes of PDUs (RFC 7143 11.2.1.2): those that an initiator sends can be decoded. */
public enum Opcode {
    NOP_OUT(0x00, NopOutPdu::new),
    SCSI_COMMAND(0x01, ScsiCommandPdu::new),
    TASK_MANAGEMENT_REQUEST(0x02, TaskManagementRequestPdu::new),
    LOGIN_REQUEST(0x03, LoginRequestPdu::new),
    TEXT_REQUEST(0x04, TextRequestPdu::new),
    DATA_OUT(0x05, DataOutPdu::new),
    LOGOUT_REQUEST(0x06, LogoutRequestPdu::new),
    SNACK_REQUEST(0x10, SnackRequestPdu::new),
    NOP_IN(0x20, null),
    SCSI_RESPONSE(0x21, null),
    TASK_MANAGEMENT_RESPONSE(0x22, null),
    LOGIN_RESPONSE(0x23, null),
    TEXT_RESPONSE(0x24, null),
    DATA_IN(0x25, null),
    LOGOUT_RESPONSE(0x26, null),
    R2T(0x31, null),
    ASYNC_MESSAGE(0x32, null),
    REJECT(0x3F, null);

    private static final int CODES = 0x40;
    private static final Opcode[] BY_CODE = new Opcode[CODES];

    static {
        for (Opcode opcode : values()) {
            if (BY_CODE[opcode.code] != null) {
                throw new IllegalStateException("two opcodes " + opcode.code);
            }
            BY_CODE[opcode.code] = opcode;
        }
    }

    private final int code;
    private final Decoder decoder;

    @FunctionalInterface
    private interface Decoder {
        InitiatorPdu decode(byte[] header, byte[] additional, ByteBuf data);
    }

    Opcode(int code, Decoder decoder) {
        this.code = code;
        this.decoder = decoder;
    }

    /** Returns the six bits that go over the wire. */
    public int code() {
        return code;
    }

    /** Returns whether an initiator may send it. */
    public boolean fromInitiator() {
        return decoder != null;
    }

    /** Returns the opcode of the six bits, or null. */
    public static Opcode of(int code) {
        return BY_CODE[code & (CODES - 1)];
    }

    /** Makes a PDU; its data is taken over. For opcodes that an initiator sends. */
    public InitiatorPdu decode(byte[] header, byte[] additional, ByteBuf data) {
        return decoder.decode(header, additional, data);
    }
}
