package io.sluice.iscsi.pdu;

/** Layout of the basic header segment that all PDUs share (RFC 7143 11.2.1), and reading of its big-endian fields. */
public final class BasicHeader {

    /** Length in bytes. */
    public static final int LENGTH = 48;
    /** The reserved tag that stands for no task (RFC 7143 11.2.1.8). */
    public static final int NO_TAG = 0xFFFF_FFFF;

    static final int IMMEDIATE = 0x40;
    static final int FINAL = 0x80;
    static final int TOTAL_AHS_LENGTH = 4;
    static final int DATA_SEGMENT_LENGTH = 5;
    static final int LUN = 8;
    static final int INITIATOR_TASK_TAG = 16;
    static final int TARGET_TRANSFER_TAG = 20;
    static final int CMD_SN = 24;
    static final int STAT_SN = 24;
    static final int EXP_STAT_SN = 28;
    static final int EXP_CMD_SN = 28;
    static final int MAX_CMD_SN = 32;

    private BasicHeader() {}

    /** Returns the unsigned 16-bit field at an offset. */
    public static int u16(byte[] header, int offset) {
        return (header[offset] & 0xFF) << 8 | header[offset + 1] & 0xFF;
    }

    /** Returns the unsigned 24-bit field at an offset. */
    public static int u24(byte[] header, int offset) {
        return u16(header, offset) << 8 | header[offset + 2] & 0xFF;
    }

    /** Returns the 32-bit field at an offset. */
    public static int s32(byte[] header, int offset) {
        return u16(header, offset) << 16 | u16(header, offset + 2);
    }

    /** Returns the 64-bit field at an offset. */
    public static long s64(byte[] header, int offset) {
        return (long) s32(header, offset) << 32 | s32(header, offset + 4) & 0xFFFF_FFFFL;
    }
}
