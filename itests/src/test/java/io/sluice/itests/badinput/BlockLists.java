package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Lists of blocks, and data for them, that are wrong: UNMAP, WRITE SAME, COMPARE AND WRITE (SBC-3 5.3, 5.28, 5.44). */
final class BlockLists {

    private static final int PARAMETER_LIST_LENGTH_ERROR = 0x051A00;
    private static final int LBA_OUT_OF_RANGE = 0x052100;
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x052600;
    private static final int INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT = 0x050E03;
    private static final int MISCOMPARE = 0x0E1D00;

    private static final int UNMAP_HEADER = 8;
    private static final int UNMAP_DESCRIPTOR = 16;

    private BlockLists() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        96,
                        "UNMAP lists that lie, repeat themselves, or are too long: all or nothing (SBC-3 5.28)",
                        BlockLists::unmapLists),
                new BadInput(
                        97,
                        "WRITE SAME of no block, too many, with ANCHOR, with other data than a block (SBC-3 5.44)",
                        BlockLists::writeSame),
                new BadInput(
                        98,
                        "COMPARE AND WRITE of no block, with too much or too little data, or a miscompare (SBC-3 5.3)",
                        BlockLists::compareAndWrite));
    }

    /** Returns an UNMAP parameter list: LBA and number of blocks of each descriptor. */
    static byte[] unmap(long... ranges) {
        int descriptors = ranges.length / 2 * UNMAP_DESCRIPTOR;
        ByteBuffer list = ByteBuffer.allocate(UNMAP_HEADER + descriptors);
        list.putShort((short) (UNMAP_HEADER - 2 + descriptors))
                .putShort((short) descriptors)
                .putInt(0);
        for (int i = 0; i < ranges.length; i += 2) {
            list.putLong(ranges[i]).putInt((int) ranges[i + 1]).putInt(0);
        }
        return list.array();
    }

    private static ScsiResult unmap(TestInitiator initiator, byte[] list) throws IOException {
        return unmap(initiator, 0, list.length, list);
    }

    private static ScsiResult unmap(TestInitiator initiator, int flags, int length, byte[] list) throws IOException {
        byte[] cdb = Cdb.ten(0x42, flags, 0, length);
        return initiator.execute(0, cdb, list.length == 0 ? null : list, 0);
    }

    private static void unmapLists(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            unmap(initiator, new byte[0]).expectGood();
            unmap(initiator, unmap()).expectGood();
            unmap(initiator, Arrays.copyOf(unmap(), 7)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
            unmap(initiator, 0, 24, Arrays.copyOf(unmap(10, 1), 20)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
            unmap(initiator, 1, 24, unmap(10, 1)).expectSense(INVALID_FIELD_IN_CDB);
            tooMuch(initiator);
            unmap(initiator, unmap(10, 1, World.BLOCKS, 1, 12, 1)).expectSense(LBA_OUT_OF_RANGE);
            unmap(initiator, unmap(10, 1, 12, 1, -1, 0)).expectSense(LBA_OUT_OF_RANGE);
            medium.expectKnown();
            // What is not wholly there counts as not there (SBC-3 5.28.2).
            byte[] lies = unmap(20, 2);
            lies[2] = 0x40;
            unmap(initiator, lies).expectGood();
            byte[] incomplete = Arrays.copyOf(unmap(30, 1, 40, 1), UNMAP_HEADER + 24);
            incomplete[3] = 24;
            unmap(initiator, incomplete).expectGood();
            unmap(initiator, unmap(100, 10, 105, 10, 100, 1)).expectGood();
            Expect.serves(initiator);
        }
        medium.changed(20, 2, 0);
        medium.changed(30, 1, 0);
        medium.changed(100, 15, 0);
        medium.expectKnown();
    }

    /** 4,095 descriptors are what the length of the list has room for; the Block Limits page allows 256, and 2^20 blocks. */
    private static void tooMuch(TestInitiator initiator) throws IOException {
        long[] many = new long[2 * 4095];
        Arrays.fill(many, 1);
        unmap(initiator, unmap(many)).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        long[] large = new long[2 * 33];
        for (int i = 0; i < large.length; i += 2) {
            large[i + 1] = World.BLOCKS;
        }
        unmap(initiator, unmap(large)).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
    }

    private static void writeSame(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        byte[] block = medium.block(300, 1);
        try (TestInitiator initiator = world.login()) {
            initiator.execute(0, Cdb.sixteen(0x93, 0, 8, 0), block, 0).expectSense(INVALID_FIELD_IN_CDB);
            initiator.execute(0, Cdb.ten(0x41, 0, 8, 0), block, 0).expectSense(INVALID_FIELD_IN_CDB);
            initiator.execute(0, Cdb.sixteen(0x93, 1, 8, 0), null, 0).expectSense(INVALID_FIELD_IN_CDB);
            for (int flags : new int[] {0x18, 0x10, 0x20, 0x40, 0x80, 0xE0, 0x02, 0x04}) {
                initiator.execute(0, Cdb.sixteen(0x93, flags, 8, 1), block, 0).expectSense(INVALID_FIELD_IN_CDB);
            }
            initiator.execute(0, Cdb.ten(0x41, 1, 8, 1), null, 0).expectSense(INVALID_FIELD_IN_CDB);
            for (int length : new int[] {511, 513, 1024, 8 * 512}) {
                initiator
                        .execute(0, Cdb.sixteen(0x93, 0, 8, 8), new byte[length], 0)
                        .expectSense(INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
            }
            initiator
                    .execute(0, Cdb.sixteen(0x93, 0, 8, 8), null, 0)
                    .expectSense(INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
            initiator
                    .execute(0, Cdb.sixteen(0x93, 0, 1, World.BLOCKS), block, 0)
                    .expectSense(LBA_OUT_OF_RANGE);
            medium.expectKnown();
            initiator.execute(0, Cdb.sixteen(0x93, 1, 50, 3), null, 0).expectGood();
            initiator.execute(0, Cdb.sixteen(0x93, 9, 60, 3), null, 0).expectGood();
            initiator.execute(0, Cdb.sixteen(0x93, 8, 70, 2), block, 0).expectGood();
            Expect.serves(initiator);
        }
        medium.changed(50, 3, 0);
        medium.changed(60, 3, 0);
        medium.changed(70, block);
        medium.changed(71, block);
        medium.expectKnown();
        tooManyBlocks(world);
    }

    /** The Block Limits page allows 16 MiB, which a larger disk has to show. */
    private static void tooManyBlocks(World world) throws IOException {
        int most = (16 << 20) / World.BLOCK;
        try (Disk disk = new Disk(world, "wide", "file wide --path wide.img --size 32M");
                TestInitiator initiator = disk.login()) {
            byte[] block = new byte[World.BLOCK];
            Arrays.fill(block, (byte) 7);
            initiator.execute(0, Cdb.sixteen(0x93, 0, 0, most + 1), block, 0).expectSense(INVALID_FIELD_IN_CDB);
            initiator.execute(0, Cdb.sixteen(0x93, 1, 0, most + 1), null, 0).expectSense(INVALID_FIELD_IN_CDB);
            initiator.execute(0, Cdb.ten(0x41, 0, 0, most + 1), block, 0).expectSense(INVALID_FIELD_IN_CDB);
            // VERIFY compares all of it with one block of zeros.
            initiator
                    .execute(0, Cdb.sixteen(0x8F, 6, 0, 16_384), new byte[World.BLOCK], 0)
                    .expectGood();
            initiator.execute(0, Cdb.sixteen(0x93, 0, 0, most), block, 0).expectGood();
        }
    }

    private static void compareAndWrite(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            initiator.execute(0, Cdb.sixteen(0x89, 0, 8, 0), null, 0).expectGood();
            initiator
                    .execute(0, Cdb.sixteen(0x89, 0, 8, 0x100), new byte[512], 0)
                    .expectSense(INVALID_FIELD_IN_CDB);
            initiator
                    .execute(0, Cdb.sixteen(0x89, 0, 8, 0x0001_0001), new byte[1024], 0)
                    .expectSense(INVALID_FIELD_IN_CDB);
            for (int flags : new int[] {0x20, 0x40, 0x80, 0x02, 0x01}) {
                initiator
                        .execute(0, Cdb.sixteen(0x89, flags, 8, 1), new byte[1024], 0)
                        .expectSense(INVALID_FIELD_IN_CDB);
            }
            byte[] both = Arrays.copyOf(medium.block(8, 2), 4 * 512);
            for (int length : new int[] {512, 1024, 1536, 2047, 2049, 4096}) {
                initiator
                        .execute(0, Cdb.sixteen(0x89, 0, 8, 2), Arrays.copyOf(both, length), 0)
                        .expectSense(INVALID_FIELD_IN_CDB);
            }
            both[700] ^= 1;
            ScsiResult miscompare = initiator.execute(0, Cdb.sixteen(0x89, 0, 8, 2), both, 0);
            miscompare.expectSense(MISCOMPARE);
            if (ByteBuffer.wrap(miscompare.sense()).getInt(3) != 700) {
                throw new AssertionError("the offset of the miscompare: " + miscompare);
            }
            medium.expectKnown();
            both[700] ^= 1;
            initiator.execute(0, Cdb.sixteen(0x89, 0, 8, 2), both, 0).expectGood();
            Expect.serves(initiator);
        }
        medium.changed(8, 2, 0);
        medium.expectKnown();
    }
}
