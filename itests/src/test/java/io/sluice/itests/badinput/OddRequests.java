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

/** Requests whose fields contradict each other, or ask for what there is not (RFC 7143 11.3, 11.5, 11.16, 11.18). */
final class OddRequests {

    private static final int INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT = 0x050E03;
    private static final int UNEXPECTED_UNSOLICITED_DATA = 0x0B0C0C;
    private static final int LOGICAL_UNIT_NOT_SUPPORTED = 0x052500;
    private static final int SNACK_REJECT = 0x03;
    private static final int PROTOCOL_ERROR = 0x04;
    private static final int INVALID_PDU_FIELD = 0x09;
    private static final long MOST = 0xFFFF_FFFFL;

    private OddRequests() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        83,
                        "R, W, F and the expected length contradict the command or the data (RFC 7143 11.3.1, 11.3.5)",
                        OddRequests::directions),
                new BadInput(
                        88,
                        "SNACK at ErrorRecoveryLevel 0: rejected with 03h (RFC 7143 11.16, 11.17.1)",
                        OddRequests::snack),
                new BadInput(
                        89,
                        "NOP-Out that is no answer, pings of any length, and no answer to a ping (RFC 7143 11.18)",
                        OddRequests::pings),
                new BadInput(
                        90,
                        "task management of no function, no task or no LUN: 1, 2, 4, 5 (RFC 7143 11.5.1, 11.6.1)",
                        OddRequests::functions),
                new BadInput(
                        91,
                        "LUN fields that name no unit: 05/25/00, and INQUIRY says so (SAM-5 4.7, SPC-4 6.6)",
                        OddRequests::luns));
    }

    private static void directions(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            byte[] data = new byte[World.BLOCK];
            byte[] read = Cdb.read10(0, 1);
            byte[] write = Cdb.write10(0, 1);
            run(initiator, initiator.command(0, read, 512, 512).data(data))
                    .expectSense(INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
            // libiscsi's test of residuals wants GOOD; it harms nobody, for what is sent reaches nothing.
            assertEquals(
                    0,
                    run(initiator, initiator.command(0, read, 512, 0).data(data))
                            .expectGood()
                            .length);
            run(initiator, initiator.command(0, write, 0, 512)).expectSense(INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT);
            initiator.send(withoutFinal(initiator.command(0, read, 0, 512)));
            initiator.expectReject(INVALID_PDU_FIELD);
            initiator.send(initiator.command(0, read, 0, 512).data(data));
            initiator.expectReject(INVALID_PDU_FIELD);
            RawPdu announced = withoutFinal(initiator.command(0, write, 512, 0));
            initiator.send(announced);
            initiator.send(initiator.dataOut(0, announced.taskTag(), RawPdu.RESERVED_TAG, 0, 0, data, true));
            initiator.finish(announced.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            run(initiator, initiator.command(0, write, 0, 0).flags(0xA1).data(data))
                    .expectSense(UNEXPECTED_UNSOLICITED_DATA);
            ScsiResult longRead = run(initiator, initiator.command(0, read, 0, MOST));
            assertArrayEquals(medium.block(0, 1), longRead.data());
            longRead.expectResidual(512 - MOST);
            run(initiator, initiator.command(0, write, MOST, 0).data(medium.block(0, 1)))
                    .expectResidual(512 - MOST);
            run(initiator, initiator.command(0, Cdb.write10(0, 0), MOST, 0)).expectResidual(-MOST);
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    private static ScsiResult run(TestInitiator initiator, RawPdu command) throws IOException {
        initiator.send(command);
        return initiator.finish(command.taskTag(), null);
    }

    private static RawPdu withoutFinal(RawPdu command) {
        return command.flags(command.int8(1) & 0x7F);
    }

    private static void snack(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int type : new int[] {0, 1, 2, 3, 15}) {
                initiator.send(RawPdu.of(RawPdu.SNACK)
                        .flags(0x80 | type)
                        .taskTag(1)
                        .int32(20, RawPdu.RESERVED_TAG)
                        .int32(40, 0)
                        .int32(44, -1));
                initiator.expectReject(SNACK_REJECT);
            }
            Expect.serves(initiator);
        }
    }

    private static void pings(World world) throws IOException {
        try (TestInitiator initiator = world.login(Map.of("MaxRecvDataSegmentLength", "8192"))) {
            RawPdu numbered = initiator
                    .request(RawPdu.NOP_OUT)
                    .taskTag(RawPdu.RESERVED_TAG)
                    .int32(20, RawPdu.RESERVED_TAG);
            initiator.send(numbered);
            initiator.expectReject(PROTOCOL_ERROR);
            initiator.cmdSn(numbered.int32(24));
            initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                    .immediate()
                    .flags(0x80)
                    .taskTag(RawPdu.RESERVED_TAG)
                    .int32(20, 0x7654_3210)
                    .int32(24, initiator.cmdSn()));
            initiator.expectReject(INVALID_PDU_FIELD);
            byte[] data = new byte[200_000];
            Arrays.fill(data, (byte) 0x5A);
            initiator.send(initiator
                    .request(RawPdu.NOP_OUT)
                    .int32(20, RawPdu.RESERVED_TAG)
                    .data(data));
            assertArrayEquals(
                    Arrays.copyOf(data, 8192), initiator.expect(RawPdu.NOP_IN).data());
            Expect.serves(initiator);
        }
        try (TestInitiator silent = world.connect(World.PING_INTERVAL.plus(World.PING_TIMEOUT))) {
            silent.login(World.TARGET);
            long begun = System.nanoTime();
            assertEquals(RawPdu.RESERVED_TAG, silent.expect(RawPdu.NOP_IN).taskTag());
            Expect.closedUnanswered(silent);
            // The gateway looks three times in an interval.
            Expect.within(
                    World.PING_INTERVAL
                            .multipliedBy(4)
                            .dividedBy(3)
                            .plus(World.PING_TIMEOUT)
                            .plus(World.SLACK),
                    begun);
        }
    }

    private static void functions(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            int reserved = RawPdu.RESERVED_TAG;
            for (int function = 9; function < 128; function++) {
                assertEquals("function " + function, 5, initiator.taskManagement(function, 0, reserved, 0));
            }
            assertEquals("function 0", 5, initiator.taskManagement(0, 0, reserved, 0));
            assertEquals("CLEAR ACA", 5, initiator.taskManagement(3, 0, reserved, 0));
            assertEquals("TASK REASSIGN", 4, initiator.taskManagement(8, 0, 1, 0));
            for (int distance : new int[] {0, 1, 100, 100_000, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertEquals(
                        "ABORT TASK of what may come",
                        1,
                        initiator.taskManagement(1, 0, 0x7777, initiator.cmdSn() + distance));
            }
            for (int function : new int[] {2, 4, 5}) {
                assertEquals("no LUN for " + function, 2, initiator.taskManagement(function, 77L << 48, reserved, 0));
                assertEquals("no LUN for " + function, 2, initiator.taskManagement(function, -1, reserved, 0));
            }
            Expect.serves(initiator);
        }
    }

    private static void luns(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        long[] none = {
            0x0002_0000_0000_0000L,
            0x0100_0000_0000_0000L,
            0x3FFF_0000_0000_0000L,
            0x4002_0000_0000_0000L,
            0x7FFF_0000_0000_0000L,
            0x8000_0000_0000_0000L,
            0xC000_0000_0000_0000L,
            0xC102_0000_0000_0000L,
            0xD200_0000_0000_0000L,
            0x0000_0001_0000_0000L,
            0x0000_0000_0000_0001L,
            -1L
        };
        try (TestInitiator initiator = world.login()) {
            for (long lun : none) {
                String name = Long.toHexString(lun);
                byte[] inquiry =
                        initiator.execute(lun, Cdb.inquiry(255), null, 255).data();
                assertEquals(name, 0x7F, inquiry[0]);
                byte[] sense = initiator
                        .execute(lun, Cdb.hex("03 00 00 00 12 00"), null, 18)
                        .data();
                assertEquals(name, 5, sense[2] & 0x0F);
                assertEquals(name, 0x25, sense[12]);
                for (ScsiResult result : List.of(
                        initiator.execute(lun, Cdb.testUnitReady(), null, 0),
                        initiator.execute(lun, Cdb.read10(0, 1), null, 512),
                        initiator.execute(lun, Cdb.hex("a0 00 00 00 00 00 00 00 10 00 00 00"), null, 4096),
                        initiator.execute(lun, Cdb.write10(0, 1), new byte[512], 0))) {
                    assertEquals(name, LOGICAL_UNIT_NOT_SUPPORTED, result.senseCode());
                }
            }
            assertArrayEquals(medium.block(9, 1), initiator.read10(0x4000_0000_0000_0000L, 9, 1, 512));
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }
}
