package io.sluice.testkit.initiator;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** A PDU as bytes (RFC 7143 11.2): every field can be set to anything, right or wrong. */
public final class RawPdu {

    /** Length of the basic header segment, in bytes. */
    public static final int HEADER_BYTES = 48;

    /** The reserved value of task tags. */
    public static final int RESERVED_TAG = -1;

    public static final int NOP_OUT = 0x00;
    public static final int SCSI_COMMAND = 0x01;
    public static final int TASK_MANAGEMENT = 0x02;
    public static final int LOGIN = 0x03;
    public static final int TEXT = 0x04;
    public static final int DATA_OUT = 0x05;
    public static final int LOGOUT = 0x06;
    public static final int SNACK = 0x10;
    public static final int NOP_IN = 0x20;
    public static final int SCSI_RESPONSE = 0x21;
    public static final int TASK_MANAGEMENT_RESPONSE = 0x22;
    public static final int LOGIN_RESPONSE = 0x23;
    public static final int TEXT_RESPONSE = 0x24;
    public static final int DATA_IN = 0x25;
    public static final int LOGOUT_RESPONSE = 0x26;
    public static final int R2T = 0x31;
    public static final int ASYNC_MESSAGE = 0x32;
    public static final int REJECT = 0x3F;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    private byte[] additional = new byte[0];
    private byte[] data = new byte[0];
    private int declaredLength = -1;

    private RawPdu() {}

    /** Makes a PDU with nothing but an opcode. */
    public static RawPdu of(int opcode) {
        return new RawPdu().int8(0, opcode);
    }

    static RawPdu received(byte[] header, byte[] data) {
        RawPdu pdu = new RawPdu();
        pdu.header.put(0, header);
        pdu.data = data;
        return pdu;
    }

    /** Sets the I bit. */
    public RawPdu immediate() {
        return int8(0, int8(0) | 0x40);
    }

    /** Sets the byte after the opcode, which holds the flags. */
    public RawPdu flags(int flags) {
        return int8(1, flags);
    }

    public RawPdu int8(int offset, int value) {
        header.put(offset, (byte) value);
        return this;
    }

    public RawPdu int16(int offset, int value) {
        header.putShort(offset, (short) value);
        return this;
    }

    public RawPdu int32(int offset, int value) {
        header.putInt(offset, value);
        return this;
    }

    public RawPdu int64(int offset, long value) {
        header.putLong(offset, value);
        return this;
    }

    public RawPdu bytes(int offset, byte[] value) {
        header.put(offset, value);
        return this;
    }

    public RawPdu lun(long lun) {
        return int64(8, lun);
    }

    public RawPdu taskTag(int tag) {
        return int32(16, tag);
    }

    /** Sets the additional header segments; their length must be a multiple of four. */
    public RawPdu additional(byte[] segments) {
        additional = segments.clone();
        return int8(4, segments.length / 4);
    }

    /** Sets the data segment and its length. */
    public RawPdu data(byte[] segment) {
        data = segment.clone();
        return this;
    }

    /** Declares another length than the data has. */
    public RawPdu declaredLength(int length) {
        declaredLength = length;
        return this;
    }

    /** Returns whether a request has a CmdSN of its own: it is not immediate, and not of a kind without one (RFC 7143 4.2.2.1). */
    public boolean takesCmdSn() {
        boolean immediate = (int8(0) & 0x40) != 0;
        boolean numbered = opcode() < DATA_OUT || opcode() == LOGOUT;
        boolean tagged = opcode() != NOP_OUT || taskTag() != RESERVED_TAG;
        return numbered && tagged && !immediate;
    }

    /** Returns the opcode without the I bit. */
    public int opcode() {
        return int8(0) & 0x3F;
    }

    public int int8(int offset) {
        return header.get(offset) & 0xFF;
    }

    public int int16(int offset) {
        return header.getShort(offset) & 0xFFFF;
    }

    public int int32(int offset) {
        return header.getInt(offset);
    }

    public long int64(int offset) {
        return header.getLong(offset);
    }

    public int taskTag() {
        return int32(16);
    }

    public int statSn() {
        return int32(24);
    }

    /** Returns whether the F bit is set. */
    public boolean last() {
        return (int8(1) & 0x80) != 0;
    }

    public byte[] data() {
        return data.clone();
    }

    /** Returns basic and additional header, without digest. */
    byte[] headerBytes() {
        int length = declaredLength >= 0 ? declaredLength : data.length;
        header.putInt(4, header.getInt(4) & 0xFF00_0000 | length & 0x00FF_FFFF);
        return ByteBuffer.allocate(HEADER_BYTES + additional.length)
                .put(header.array())
                .put(additional)
                .array();
    }

    /** Returns the data segment with its padding, without digest. */
    byte[] paddedData() {
        return java.util.Arrays.copyOf(data, data.length + 3 & ~3);
    }

    /** Returns the wire form without digests. */
    public byte[] toBytes() {
        byte[] head = headerBytes();
        byte[] tail = paddedData();
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }

    @Override
    public String toString() {
        return HexFormat.ofDelimiter(" ").formatHex(header.array()) + " + " + data.length + " bytes";
    }
}
