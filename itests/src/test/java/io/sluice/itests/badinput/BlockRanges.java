package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Blocks that are not there, and more of them than one command may have (SBC-3 4.4, 5; 6.5.3 for the limits). */
final class BlockRanges {

    private static final int LBA_OUT_OF_RANGE = 0x052100;
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x052600;
    private static final int INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT = 0x050E03;

    private BlockRanges() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        94,
                        "LBAs beyond the end, and near 2^55, 2^63, 2^64: 05/21/00, no block changes (SBC-3 4.4)",
                        BlockRanges::beyondTheEnd),
                new BadInput(
                        95,
                        "lengths of 2^31 and 2^32 bytes: 05/24/00, nothing is allocated for them (SBC-3 6.5.3)",
                        BlockRanges::hugeLengths),
                new BadInput(
                        106,
                        "blocks of 4096 bytes taken for 512: no block is half written (SBC-3 4.4, RFC 7143 11.4.5)",
                        BlockRanges::wrongBlockSize));
    }

    /**
     * A command that has LBA and length where READ(10), (12) or (16) have them.
     *
     * @param flags the second byte
     * @param dataBlocks blocks of Data-Out for each block that is addressed; 0 for none
     * @param one whether one block of Data-Out is for all
     */
    private record Addressed(int opcode, int flags, int dataBlocks, boolean one) {

        private byte[] cdb(long lba, int blocks) {
            return switch (opcode >> 5) {
                case 1, 2 -> Cdb.ten(opcode, flags, lba, blocks);
                case 5 -> Cdb.twelve(opcode, flags, lba, blocks);
                default -> Cdb.sixteen(opcode, flags, lba, blocks);
            };
        }

        private boolean narrow() {
            return opcode >> 5 != 4;
        }

        private boolean reads() {
            return (opcode & 0x1F) == 0x08;
        }

        private ScsiResult run(TestInitiator initiator, long lba, int blocks) throws IOException {
            int length = 512 * (one ? 1 : dataBlocks * blocks);
            byte[] data = dataBlocks == 0 || length == 0 ? null : new byte[length];
            return initiator.execute(0, cdb(lba, blocks), data, reads() ? 512L * blocks : 0);
        }
    }

    private static final List<Addressed> COMMANDS = List.of(
            new Addressed(0x28, 0, 0, false), // READ(10)
            new Addressed(0x2A, 0, 1, false), // WRITE(10)
            new Addressed(0x2E, 0, 1, false), // WRITE AND VERIFY(10)
            new Addressed(0x2F, 0, 0, false), // VERIFY(10)
            new Addressed(0x2F, 2, 1, false), // VERIFY(10) with BYTCHK
            new Addressed(0x34, 0, 0, false), // PRE-FETCH(10)
            new Addressed(0x35, 0, 0, false), // SYNCHRONIZE CACHE(10)
            new Addressed(0x41, 0, 1, true), // WRITE SAME(10)
            new Addressed(0x41, 8, 1, true), // WRITE SAME(10) with UNMAP
            new Addressed(0xA8, 0, 0, false), // READ(12)
            new Addressed(0xAA, 0, 1, false), // WRITE(12)
            new Addressed(0xAE, 0, 1, false), // WRITE AND VERIFY(12)
            new Addressed(0xAF, 2, 1, false), // VERIFY(12)
            new Addressed(0x88, 0, 0, false), // READ(16)
            new Addressed(0x89, 0, 2, false), // COMPARE AND WRITE
            new Addressed(0x8A, 0, 1, false), // WRITE(16)
            new Addressed(0x8B, 0, 1, false), // ORWRITE(16)
            new Addressed(0x8E, 0, 1, false), // WRITE AND VERIFY(16)
            new Addressed(0x8F, 0, 0, false), // VERIFY(16)
            new Addressed(0x8F, 2, 1, false), // VERIFY(16) with BYTCHK
            new Addressed(0x90, 0, 0, false), // PRE-FETCH(16)
            new Addressed(0x91, 0, 0, false), // SYNCHRONIZE CACHE(16)
            new Addressed(0x93, 0, 1, true), // WRITE SAME(16)
            new Addressed(0x93, 8, 1, true), // WRITE SAME(16) with UNMAP
            new Addressed(0x93, 1, 0, false), // WRITE SAME(16) with NDOB
            new Addressed(0x93, 9, 0, false), // WRITE SAME(16) with UNMAP and NDOB
            new Addressed(0x9C, 0, 1, false)); // WRITE ATOMIC(16)

    private record Range(long lba, int blocks) {}

    private static final List<Range> OUTSIDE = List.of(
            new Range(World.BLOCKS, 1),
            new Range(World.BLOCKS - 1, 2),
            new Range(World.BLOCKS - 100, 128),
            new Range(0xFFFF_FFFFL, 1),
            new Range(0xFFFF_FFFFL, 2),
            new Range(0xFFFF_FFFFL, 0),
            new Range(1L << 32, 1),
            new Range(1L << 55, 1),
            new Range((1L << 55) - 1, 2),
            new Range(1L << 63, 1),
            new Range(Long.MAX_VALUE, 1),
            new Range(Long.MAX_VALUE, 2),
            new Range(-1, 0),
            new Range(-1, 1),
            new Range(-1, 2),
            new Range(-8, 16));

    private static void beyondTheEnd(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            for (Range range : OUTSIDE) {
                boolean wide = range.lba() >>> 32 != 0;
                for (Addressed command : COMMANDS) {
                    if (!wide || !command.narrow()) {
                        ScsiResult result = command.run(initiator, range.lba(), range.blocks());
                        assertEquals(
                                String.format("%02xh %d at %xh", command.opcode(), range.blocks(), range.lba()),
                                LBA_OUT_OF_RANGE,
                                result.senseCode());
                    }
                }
                initiator
                        .execute(
                                0,
                                Cdb.hex("42 00 00 00 00 00 00 00 18 00"),
                                BlockLists.unmap(range.lba(), range.blocks()),
                                0)
                        .expectSense(LBA_OUT_OF_RANGE);
                if (range.lba() != World.BLOCKS - 1 && range.lba() != World.BLOCKS - 100) {
                    initiator
                            .execute(0, Cdb.sixteen(0x9E, 0x12, range.lba(), 24), null, 24)
                            .expectSense(LBA_OUT_OF_RANGE);
                }
            }
            initiator.execute(0, Cdb.hex("08 1f ff ff 01 00"), null, 512).expectSense(LBA_OUT_OF_RANGE);
            initiator
                    .execute(0, Cdb.hex("0a 00 7f ff 02 00"), new byte[1024], 0)
                    .expectSense(LBA_OUT_OF_RANGE);
            initiator
                    .execute(0, Cdb.hex("0a 00 7f 80 00 00"), new byte[256 * 512], 0)
                    .expectSense(LBA_OUT_OF_RANGE);
        }
        medium.expectKnown();
    }

    private static void hugeLengths(World world) throws IOException {
        try (Disk disk = new Disk(world, "huge", "null huge --size 16T")) {
            try (TestInitiator initiator = disk.login()) {
                for (int blocks : new int[] {0x40_0000, 0x40_0001, 0x80_0000, 0x80_0001, Integer.MAX_VALUE, -1}) {
                    for (int opcode : new int[] {0x88, 0x8A, 0x8B, 0x8E, 0x8F, 0x93, 0xA8, 0xAA, 0xAE, 0xAF}) {
                        refused(initiator, new Addressed(opcode, 0, 0, false), blocks);
                    }
                    refused(initiator, new Addressed(0x8F, 2, 0, false), blocks);
                    refused(initiator, new Addressed(0x93, 1, 0, false), blocks);
                    ScsiResult flush = new Addressed(0x91, 0, 0, false).run(initiator, 0, 1);
                    flush.expectGood();
                    initiator
                            .execute(
                                    0,
                                    Cdb.hex("42 00 00 00 00 00 00 00 18 00"),
                                    BlockLists.unmap(0, blocks & 0xFFFF_FFFFL),
                                    0)
                            .expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
                }
                refused(initiator, new Addressed(0x28, 0, 0, false), 0xFFFF);
                refused(initiator, new Addressed(0x2A, 0, 0, false), 0xFFFF);
                Expect.serves(initiator);
            }
        }
    }

    /** Runs a command that says that it brings, or takes, all of it. */
    private static void refused(TestInitiator initiator, Addressed command, int blocks) throws IOException {
        long length = Math.min(0xFFFF_FFFFL, (blocks & 0xFFFF_FFFFL) * 512);
        RawPdu request = initiator.command(
                0, command.cdb(0, blocks), command.reads() ? 0 : length, command.reads() ? length : 0);
        initiator.send(request);
        ScsiResult result = ScsiResult.of(initiator.receive());
        assertEquals(
                String.format("%02xh of %xh blocks", command.opcode(), blocks),
                INVALID_FIELD_IN_CDB,
                result.senseCode());
    }

    private static void wrongBlockSize(World world) throws IOException {
        int blocks = 256;
        try (Disk disk = new Disk(world, "fourk", "memory fourk --size 1M --block-size 4096")) {
            Medium medium = Medium.filled(world, disk.target(), 0, 4096, blocks);
            byte[] small = new byte[512];
            try (TestInitiator initiator = disk.login()) {
                ScsiResult read = initiator.execute(0, Cdb.read10(3, 1), null, 512);
                read.expectResidual(4096 - 512);
                assertArrayEquals(Arrays.copyOf(medium.block(3, 1), 512), read.data());
                initiator.execute(0, Cdb.read10(blocks, 8), null, 4096).expectSense(LBA_OUT_OF_RANGE);
                initiator
                        .execute(0, Cdb.write10(8L * blocks - 8, 8), new byte[4096], 0)
                        .expectSense(LBA_OUT_OF_RANGE);
                for (Map.Entry<Addressed, Integer> command : Map.of(
                                new Addressed(0x8B, 0, 1, false), INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT,
                                new Addressed(0x8E, 0, 1, false), INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT,
                                new Addressed(0x8F, 2, 1, false), INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT,
                                new Addressed(0x93, 0, 1, false), INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT,
                                new Addressed(0x9C, 0, 1, false), INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT,
                                new Addressed(0x89, 0, 2, false), INVALID_FIELD_IN_CDB)
                        .entrySet()) {
                    command.getKey().run(initiator, 5, 1).expectSense(command.getValue());
                }
                // The block is written as far as there is data, and stays as it was from there on; the residual count
                // says so.
                initiator.execute(0, Cdb.write10(7, 1), small, 0).expectResidual(4096 - 512);
                byte[] part = medium.block(7, 1);
                System.arraycopy(small, 0, part, 0, 512);
                medium.changed(7, part);
                initiator.execute(0, Cdb.write10(16, 8), new byte[4096], 0).expectResidual(7 * 4096);
                medium.changed(16, 1, 0);
                Expect.serves(initiator);
            }
            medium.expectKnown();
        }
    }
}
