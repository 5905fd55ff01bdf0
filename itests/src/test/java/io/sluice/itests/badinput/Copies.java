package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.CopyList;
import io.sluice.testkit.initiator.TestInitiator;
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
            hidden = CopyList.target(beside, 0);
        }
        try (TestInitiator initiator = world.login()) {
            byte[] from = CopyList.target(initiator, 0);
            byte[] to = CopyList.target(initiator, 1);
            List<byte[]> both = List.of(from, to);
            List<byte[]> segment = List.of(CopyList.segment(0, 1, 10, 100, 8));
            numbers(initiator, both, segment);
            for (byte[] unknown : List.of(hidden, changed(to, 12, 0x55), changed(to, 23, to[23] + 1))) {
                CopyList.copy(initiator, CopyList.list(List.of(from, unknown), segment))
                        .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
                CopyList.copy(initiator, CopyList.list(List.of(unknown, to), segment))
                        .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
            }
            CopyList.copy(initiator, CopyList.list(List.of(from, changed(to, 0, 0xE0)), segment))
                    .expectSense(UNSUPPORTED_TARGET_DESCRIPTOR_TYPE_CODE);
            for (int length : new int[] {0, 21, 255}) {
                CopyList.copy(initiator, CopyList.list(List.of(from, changed(to, 7, length)), segment))
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
            CopyList.copy(initiator, CopyList.list(both, List.of(CopyList.segment(0, 0, 200, 204, 16))))
                    .expectGood();
            Expect.serves(initiator);
        }
        source.changed(204, source.block(200, 16));
        source.expectKnown();
        destination.expectKnown();
    }

    private static void numbers(TestInitiator initiator, List<byte[]> both, List<byte[]> segment) throws IOException {
        byte[] right = CopyList.list(both, segment);
        for (int targetsLength : new int[] {65_535, 65_504, both.size() * 32 + 32, 1024}) {
            byte[] list = ByteBuffer.wrap(right.clone())
                    .putShort(2, (short) targetsLength)
                    .array();
            CopyList.copy(initiator, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        for (int segmentsLength : new int[] {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, 29, 1 << 20}) {
            byte[] list =
                    ByteBuffer.wrap(right.clone()).putInt(8, segmentsLength).array();
            CopyList.copy(initiator, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        for (int length : new int[] {1, 15, 15 + 16 * 32 + 64 * 28 + 514, 1 << 20}) {
            CopyList.copy(initiator, Arrays.copyOf(right, length)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        initiator.execute(0, Cdb.sixteen(0x83, 0, 0, -1), right, 0).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        initiator
                .execute(0, Cdb.sixteen(0x83, 0, 0, right.length), Arrays.copyOf(right, right.length - 1), 0)
                .expectSense(PARAMETER_LIST_LENGTH_ERROR);
        CopyList.copy(initiator, CopyList.list(Collections.nCopies(17, both.get(0)), segment))
                .expectSense(TOO_MANY_TARGET_DESCRIPTORS);
        CopyList.copy(initiator, CopyList.list(both, Collections.nCopies(65, segment.get(0))))
                .expectSense(TOO_MANY_SEGMENT_DESCRIPTORS);
        byte[] oddTargets = ByteBuffer.wrap(right.clone())
                .putShort(2, (short) 33)
                .putInt(8, 0)
                .array();
        CopyList.copy(initiator, oddTargets).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] inline = ByteBuffer.wrap(Arrays.copyOf(right, right.length + 16))
                .putInt(12, 16)
                .array();
        CopyList.copy(initiator, inline).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] longInline = ByteBuffer.wrap(right.clone()).putInt(12, -1).array();
        CopyList.copy(initiator, longInline).expectSense(PARAMETER_LIST_LENGTH_ERROR);
    }

    private static void segments(TestInitiator initiator, List<byte[]> both) throws IOException {
        byte[] right = CopyList.segment(0, 1, 10, 100, 8);
        for (int index : new int[] {2, 16, 0x7FFF, 0xFFFF}) {
            CopyList.copy(initiator, CopyList.list(both, List.of(right, CopyList.segment(index, 1, 0, 0, 1))))
                    .expectSense(UNREACHABLE_COPY_TARGET);
            CopyList.copy(initiator, CopyList.list(both, List.of(right, CopyList.segment(0, index, 0, 0, 1))))
                    .expectSense(UNREACHABLE_COPY_TARGET);
        }
        for (int type : new int[] {0x00, 0x0B, 0x0C, 0xBE, 0xFF}) {
            CopyList.copy(initiator, CopyList.list(both, List.of(right, changed(right, 0, type))))
                    .expectSense(UNSUPPORTED_SEGMENT_DESCRIPTOR_TYPE_CODE);
        }
        for (int length : new int[] {0, 0x17, 0x19, 0xFF}) {
            CopyList.copy(initiator, CopyList.list(both, List.of(right, changed(right, 3, length))))
                    .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        }
        for (long lba : new long[] {World.BLOCKS - 7, World.BLOCKS, 1L << 55, Long.MAX_VALUE, Long.MIN_VALUE, -1}) {
            CopyList.copy(initiator, CopyList.list(both, List.of(right, CopyList.segment(0, 1, lba, 0, 8))))
                    .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
            CopyList.copy(initiator, CopyList.list(both, List.of(right, CopyList.segment(0, 1, 0, lba, 8))))
                    .expectSense(COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
        byte[] partial = Arrays.copyOf(CopyList.list(both, List.of(right)), 16 + 64 + 28 + 20);
        CopyList.copy(
                        initiator,
                        ByteBuffer.wrap(partial)
                                .put(108, right, 0, 20)
                                .putInt(8, 48)
                                .array())
                .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
    }

    private static byte[] changed(byte[] bytes, int offset, int value) {
        return ByteBuffer.wrap(bytes.clone()).put(offset, (byte) value).array();
    }
}
