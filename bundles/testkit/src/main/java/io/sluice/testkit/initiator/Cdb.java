package io.sluice.testkit.initiator;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/** Command descriptor blocks that tests need often (SPC-5 6, SBC-4 5). */
public final class Cdb {

    private Cdb() {}

    public static byte[] testUnitReady() {
        return new byte[6];
    }

    public static byte[] inquiry(int allocationLength) {
        return ByteBuffer.allocate(6)
                .put((byte) 0x12)
                .putShort(3, (short) allocationLength)
                .array();
    }

    public static byte[] read10(long lba, int blocks) {
        return tenBytes(0x28, lba, blocks);
    }

    public static byte[] write10(long lba, int blocks) {
        return tenBytes(0x2A, lba, blocks);
    }

    public static byte[] read16(long lba, int blocks) {
        return ByteBuffer.allocate(16)
                .put((byte) 0x88)
                .putLong(2, lba)
                .putInt(10, blocks)
                .array();
    }

    public static byte[] synchronizeCache10() {
        return tenBytes(0x35, 0, 0);
    }

    /** Returns a CDB from hexadecimal digits with blanks between the bytes. */
    public static byte[] hex(String digits) {
        return HexFormat.ofDelimiter(" ").parseHex(digits);
    }

    /** Returns a CDB of 10 bytes in the form of READ(10); the second byte has flags or a service action. */
    public static byte[] ten(int opcode, int flags, long lba, int blocks) {
        byte[] cdb = tenBytes(opcode, lba, blocks);
        cdb[1] = (byte) flags;
        return cdb;
    }

    /** Returns a CDB of 12 bytes in the form of READ(12). */
    public static byte[] twelve(int opcode, int flags, long lba, int blocks) {
        return ByteBuffer.allocate(12)
                .put((byte) opcode)
                .put((byte) flags)
                .putInt((int) lba)
                .putInt(blocks)
                .array();
    }

    /** Returns a CDB of 16 bytes in the form of READ(16). */
    public static byte[] sixteen(int opcode, int flags, long lba, int blocks) {
        return ByteBuffer.allocate(16)
                .put((byte) opcode)
                .put((byte) flags)
                .putLong(lba)
                .putInt(blocks)
                .array();
    }

    private static byte[] tenBytes(int opcode, long lba, int blocks) {
        return ByteBuffer.allocate(10)
                .put((byte) opcode)
                .putInt(2, (int) lba)
                .putShort(7, (short) blocks)
                .array();
    }
}
