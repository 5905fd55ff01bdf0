package io.sluice.scsi.internal.format;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads and writes big-endian fields of CDBs and parameter data. */
public final class Bytes {

    private Bytes() {}

    /** Returns the unsigned byte at an offset. */
    public static int u8(byte[] bytes, int offset) {
        return bytes[offset] & 0xFF;
    }

    /** Returns the unsigned 16-bit field at an offset. */
    public static int u16(byte[] bytes, int offset) {
        return u8(bytes, offset) << 8 | u8(bytes, offset + 1);
    }

    /** Returns the unsigned 24-bit field at an offset. */
    public static int u24(byte[] bytes, int offset) {
        return u16(bytes, offset) << 8 | u8(bytes, offset + 2);
    }

    /** Returns the unsigned 32-bit field at an offset. */
    public static long u32(byte[] bytes, int offset) {
        return (long) u16(bytes, offset) << 16 | u16(bytes, offset + 2);
    }

    /** Returns the 64-bit field at an offset; from 2^63 on it is negative. */
    public static long s64(byte[] bytes, int offset) {
        return u32(bytes, offset) << 32 | u32(bytes, offset + 4);
    }

    /** Writes a 16-bit field. */
    public static void put16(byte[] bytes, int offset, int value) {
        bytes[offset] = (byte) (value >>> 8);
        bytes[offset + 1] = (byte) value;
    }

    /** Writes a 32-bit field. */
    public static void put32(byte[] bytes, int offset, long value) {
        put16(bytes, offset, (int) (value >>> 16));
        put16(bytes, offset + 2, (int) value);
    }

    /** Writes a 64-bit field. */
    public static void put64(byte[] bytes, int offset, long value) {
        put32(bytes, offset, value >>> 32);
        put32(bytes, offset + 4, value);
    }

    /** Writes text in ASCII, left-aligned and padded with spaces or cut to the field (SPC-5 4.3.1). */
    public static void putAscii(byte[] bytes, int offset, int length, String text) {
        byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
        int used = Math.min(length, ascii.length);
        System.arraycopy(ascii, 0, bytes, offset, used);
        Arrays.fill(bytes, offset + used, offset + length, (byte) ' ');
    }
}
