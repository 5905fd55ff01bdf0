package io.sluice.testkit.initiator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Parameter lists of EXTENDED COPY(LID1) (SPC-4 6.4). */
public final class CopyList {

    private static final int BLOCK_BYTES = 512;

    private CopyList() {}

    /** Has the copy manager of LUN 0 carry a list out. */
    public static ScsiResult copy(TestInitiator initiator, byte[] list) throws IOException {
        return initiator.execute(0, Cdb.sixteen(0x83, 0, 0, list.length), list, 0);
    }

    /** Returns a parameter list. */
    public static byte[] list(List<byte[]> targets, List<byte[]> segments) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(ByteBuffer.allocate(16)
                .putShort(2, (short) (32 * targets.size()))
                .putInt(8, 28 * segments.size())
                .array());
        targets.forEach(list::writeBytes);
        segments.forEach(list::writeBytes);
        return list.toByteArray();
    }

    /** Returns a segment descriptor: blocks from the unit of one target descriptor to that of another, by their places in the list. */
    public static byte[] segment(int from, int to, long fromLba, long toLba, int blocks) {
        return ByteBuffer.allocate(28)
                .put((byte) 0x02)
                .putShort(2, (short) 24)
                .putShort(4, (short) from)
                .putShort(6, (short) to)
                .putShort(10, (short) blocks)
                .putLong(12, fromLba)
                .putLong(20, toLba)
                .array();
    }

    /** Returns a descriptor that names a unit with blocks of 512 bytes by its NAA designator of 16 bytes. */
    public static byte[] target(TestInitiator initiator, int lun) throws IOException {
        byte[] page = initiator
                .execute((long) lun << 48, Cdb.hex("12 01 83 10 00 00"), null, 4096)
                .data();
        for (int offset = 4; offset < page.length; offset += 4 + page[offset + 3]) {
            if ((page[offset + 1] & 0x3F) == 0x03) {
                byte[] descriptor = new byte[32];
                descriptor[0] = (byte) 0xE4;
                System.arraycopy(page, offset, descriptor, 4, 20);
                ByteBuffer.wrap(descriptor).putInt(28, BLOCK_BYTES);
                return descriptor;
            }
        }
        throw new AssertionError("no NAA designator");
    }
}
