package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Lists of EXTENDED COPY(LID1) that are wrong: nothing is copied (SPC-4 5.17.7, 6.4). */
final class Copies {

    private static final int PARAMETER_LIST_LENGTH_ERROR = 0x051A00;
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x052600;
    private static final int TOO_MANY_TARGET_DESCRIPTORS = 0x052606;
    private static final int UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE = 0x052607;
    private static final int TOO_MANY_SEGMENT_DESCRIPTORS = 0x052608;
    private static final int UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE = 0x052609;
    private static final int UNREACHABLE_COPY_TARGET = 0x0A0804;
    private static final int COPY_TARGET_DEVICE_NOT_REACHABLE = 0x0A0D02;

    private Copies() {}

    static void wrongLists(World world) throws IOException {
        Medium source = Medium.attacked(world);
        Medium destination = Medium.filled(world, World.TARGET, 1, World.BLOCK, World.BLOCKS);
        byte[] hidden;
        try (TestInitiator beside = Disk.ready(world.connect().login(World.BESIDE))) {
            hidden = target(beside, 0);
        }
        try (TestInitiator initiator = world.login()) {
            byte[] from = target(initiator, 0);
            byte[] to = target(initiator, 1);
            List<byte[]> both = List.of(from, to);
            List<byte[]> segment = List.of(segment(0, 1, 10, 100, 8));
            numbers(initiator, both, segment);
            for (byte[] unknown : List.of(hidden, changed(to, 12, 0x55), changed(to, 23, to[23] + 1))) {
                copy(initiator, list(List.of(from, unknown), segment)).expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
                copy(initiator, list(List.of(unknown, to), segment)).expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
            }
            copy(initiator, list(List.of(from, changed(to, 0, 0xE0)), segment))
                    .expectSense(UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE);
            for (int length : new int[] {0, 21, 255}) {
                copy(initiator, list(List.of(from, changed(to, 7, length)), segment))
                        .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
            }
            segments(initiator, both);
            for (int action : new int[] {1, 2, 0x1C}) {
                initiator
                        .execute(0, Cdb.sixteen(0x83, action, 0, 16), new byte[16], 0)
                        .expectSense(INVALID_FIELD_IN_CDB);
            }
            source.expectKnown();
            destination.expectKnown();
            // A short copy reads all before it writes, so ranges that overlap end as if they did not.
            copy(initiator, list(both, List.of(segment(0, 0, 200, 204, 16)))).expectGood();
            Expect.serves(initiator);
        }
        source.changed(204, source.block(200, 16));
        source.expectKnown();
        destination.expectKnown();
    }

    private static void numbers(TestInitiator initiator, List<byte[]> both, List<byte[]> segment) throws IOException {
        byte[] right = list(both, segment);
        for (int targetsLength : new int[] {65_535, 65_504, both.size() * 32 + 32, 1024}) {
            byte[] list = ByteBuffer.wrap(right.clone())
                    .putShort(2, (short) targetsLength)
                    .array();
            copy(initiator, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        for (int segmentsLength : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 29, 1 << 20}) {
            byte[] list =
                    ByteBuffer.wrap(right.clone()).putInt(8, segmentsLength).array();
            copy(initiator, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        for (int length : new int[] {1, 15, 15 + 16 * 32 + 64 * 28 + 514, 1 << 20}) {
            copy(initiator, Arrays.copyOf(right, length)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator.execute(0, Cdb.sixteen(0x83, 0, 0, -1), right, 0).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        initiator
                .execute(0, Cdb.sixteen(0x83, 0, 0, right.length), Arrays.copyOf(right, right.length - 1), 0)
                .expectSense(PARAMETER_LIST_LENGTH_ERROR);
        copy(initiator, list(Collections.nCopies(17, both.get(0)), segment)).expectSense(TOO_MANY_TARGET_DESCRIPTORS);
        copy(initiator, list(both, Collections.nCopies(65, segment.get(0)))).expectSense(TOO_MANY_SEGMENT_DESCRIPTORS);
        byte[] oddTargets = ByteBuffer.wrap(right.clone())
                .putShort(2, (short) 33)
                .putInt(8, 0)
                .array();
        copy(initiator, oddTargets).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] inline = ByteBuffer.wrap(Arrays.copyOf(right, right.length + 16))
                .putInt(12, 16)
                .array();
        copy(initiator, inline).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] longInline = ByteBuffer.wrap(right.clone()).putInt(12, -1).array();
        copy(initiator, longInline).expectSense(PARAMETER_LIST_LENGTH_ERROR);
    }

    private static void segments(TestInitiator initiator, List<byte[]> both) throws IOException {
        byte[] right = segment(0, 1, 10, 100, 8);
        for (int index : new int[] {2, 16, 0x7FFF, 0xFFFF}) {
            copy(initiator, list(both, List.of(right, segment(index, 1, 0, 0, 1))))
                    .expectSense(UNREACHABLE_COPY_TARGET);
            copy(initiator, list(both, List.of(right, segment(0, index, 0, 0, 1))))
                    .expectSense(UNREACHABLE_COPY_TARGET);
        }
        for (int type : new int[] {0x00, 0x0B, 0x0C, 0xBE, 0xFF}) {
            copy(initiator, list(both, List.of(right, changed(right, 0, type))))
                    .expectSense(UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
        }
        for (int length : new int[] {0, 0x17, 0x19, 0xFF}) {
            copy(initiator, list(both, List.of(right, changed(right, 3, length))))
                    .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        }
        for (long lba : new long[] {World.BLOCKS - 7, World.BLOCKS, 1L << 55, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            copy(initiator, list(both, List.of(right, segment(0, 1, lba, 0, 8))))
                    .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
            copy(initiator, list(both, List.of(right, segment(0, 1, 0, lba, 8))))
                    .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
        byte[] partial = Arrays.copyOf(list(both, List.of(right)), 16 + 64 + 28 + 20);
        copy(
                        initiator,
                        ByteBuffer.wrap(partial)
                                .put(108, right, 0, 20)
                                .putInt(8, 48)
                                .array())
                .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
    }

    private static ScsiResult copy(TestInitiator initiator, byte[] list) throws IOException {
        return initiator.execute(0, Cdb.sixteen(0x83, 0, 0, list.length), list, 0);
    }

    private static byte[] list(List<byte[]> targets, List<byte[]> segments) {
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        list.writeBytes(ByteBuffer.allocate(16)
                .putShort(2, (short) (32 * targets.size()))
                .putInt(8, 28 * segments.size())
                .array());
        targets.forEach(list::writeBytes);
        segments.forEach(list::writeBytes);
        return list.toByteArray();
    }

    private static byte[] segment(int from, int to, long fromLba, long toLba, int blocks) {
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

    private static byte[] changed(byte[] bytes, int offset, int value) {
        return ByteBuffer.wrap(bytes.clone()).put(offset, (byte) value).array();
    }

    /** Returns a descriptor that names a unit by its NAA designator. */
    private static byte[] target(TestInitiator initiator, int lun) throws IOException {
        byte[] page = initiator
                .execute((long) lun << 48, Cdb.hex("12 01 83 10 00 00"), null, 4096)
                .data();
        for (int offset = 4; offset < page.length; offset += 4 + page[offset + 3]) {
            if ((page[offset + 1] & 0x3F) == 0x03) {
                assertEquals("an NAA designator of 16 bytes", 16, page[offset + 3]);
                byte[] descriptor = new byte[32];
                descriptor[0] = (byte) 0xE4;
                System.arraycopy(page, offset, descriptor, 4, 20);
                ByteBuffer.wrap(descriptor).putInt(28, World.BLOCK);
                return descriptor;
            }
        }
        throw new AssertionError("no NAA designator");
    }
}
