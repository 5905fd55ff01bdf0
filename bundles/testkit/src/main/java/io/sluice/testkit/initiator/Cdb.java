package io.sluice.testkit.initiator;

import java.nio.ByteBuffer;

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

    private static byte[] tenBytes(int opcode, long lba, int blocks) {
        return ByteBuffer.allocate(10)
                .put((byte) opcode)
                .putInt(2, (int) lba)
                .putShort(7, (short) blocks)
                .array();
    }
}
