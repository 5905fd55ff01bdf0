package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Bytes that are no PDUs, or PDUs that are not whole (RFC 7143 11.2). */
final class Framing {

    /** MaxRecvDataSegmentLength of the gateway, and what holds for a login (RFC 7143 13.12). */
    private static final int SEGMENT_LIMIT = 262_144;

    private static final int LOGIN_SEGMENT_LIMIT = 8192;
    private static final int LARGEST_SEGMENT = 0xFF_FFFF;

    private static final int INVALID_PDU_FIELD = 0x09;
    private static final int COMMAND_NOT_SUPPORTED = 0x05;
    private static final int UNEXPECTED_UNSOLICITED_DATA = 0x0B0C0C;

    private static final int BURST = 1000;

    private Framing() {}

    static List<BadInput> inputs() {
        return Stream.of(
                        SlowConnections.inputs(),
                        segments(),
                        AdditionalHeaders.inputs(),
                        bits(),
                        Digests.inputs(),
                        BrokenConnections.inputs())
                .flatMap(List::stream)
                .toList();
    }

    private static List<BadInput> segments() {
        return List.of(
                new BadInput(6, "a login declares 16 MiB of text: closed, nothing is allocated", Framing::hugeLogin),
                new BadInput(7, "a login of 8193 bytes: closed (13.12)", Framing::longLogin),
                new BadInput(8, "a segment over MaxRecvDataSegmentLength: closed (7.9)", Framing::longSegment),
                new BadInput(
                        9, "more immediate data than the command expects: 0B/0C/0C (11.4.7.2)", Framing::tooMuchData),
                new BadInput(10, "a segment in a PDU that has none: closed (7.9)", Framing::segmentOfNone));
    }

    private static List<BadInput> bits() {
        return List.of(
                new BadInput(
                        18, "opcodes that do not exist, or are the target's: Reject 05 (11.17.1)", Framing::opcodes),
                new BadInput(19, "reserved bits are set: ignored (11.2)", Framing::reservedBits),
                new BadInput(20, "padding that is not zero: taken (11.1)", Framing::padding),
                new BadInput(21, "a PDU cut anywhere, and a thousand at once: all answered", Framing::pieces));
    }

    /** If these were allocated, they would be 3 GiB. */
    private static void hugeLogin(World world) throws IOException {
        for (int i = 0; i < 200; i++) {
            loginOf(world, LARGEST_SEGMENT);
        }
    }

    private static void longLogin(World world) throws IOException {
        loginOf(world, LOGIN_SEGMENT_LIMIT + 1);
    }

    private static void loginOf(World world, int length) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(0x87).declaredLength(length));
            Expect.closedUnanswered(initiator);
        }
    }

    private static void longSegment(World world) throws IOException {
        for (int length : new int[] {SEGMENT_LIMIT + 1, LARGEST_SEGMENT}) {
            for (int opcode : new int[] {RawPdu.NOP_OUT, RawPdu.TEXT, RawPdu.DATA_OUT, 0x1F}) {
                try (TestInitiator initiator = world.login()) {
                    initiator.send(initiator.request(opcode).declaredLength(length));
                    Expect.closedUnanswered(initiator);
                }
            }
            try (TestInitiator initiator = world.login()) {
                initiator.send(initiator.command(0, Cdb.write10(0, 8), 4096, 0).declaredLength(length));
                Expect.closedUnanswered(initiator);
            }
        }
    }

    private static void tooMuchData(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            byte[] before = initiator.read10(0, 0, 4, World.BLOCK);
            byte[] data = new byte[2 * World.BLOCK];
            Arrays.fill(data, (byte) 0xEE);
            RawPdu command =
                    initiator.command(0, Cdb.write10(0, 1), World.BLOCK, 0).data(data);
            initiator.send(command);
            initiator.finish(command.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            Expect.same(before, initiator.read10(0, 0, 4, World.BLOCK));
            initiator.send(initiator.command(0, Cdb.testUnitReady(), 0, 0).data(new byte[4]));
            initiator.expectReject(INVALID_PDU_FIELD);
            Expect.serves(initiator);
        }
    }

    private static void segmentOfNone(World world) throws IOException {
        for (int opcode : new int[] {RawPdu.TASK_MANAGEMENT, RawPdu.LOGOUT, RawPdu.SNACK}) {
            for (int length : new int[] {1, SEGMENT_LIMIT, LARGEST_SEGMENT}) {
                try (TestInitiator initiator = world.login()) {
                    initiator.send(initiator.request(opcode).declaredLength(length));
                    Expect.closedUnanswered(initiator);
                }
            }
        }
    }

    private static void opcodes(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int opcode = 0x07; opcode < 0x40; opcode++) {
                if (opcode != RawPdu.SNACK) {
                    initiator.send(RawPdu.of(opcode).flags(0x80).data(new byte[100]));
                    initiator.expectReject(COMMAND_NOT_SUPPORTED);
                    initiator.send(RawPdu.of(opcode).immediate());
                    initiator.expectReject(COMMAND_NOT_SUPPORTED);
                }
            }
            Expect.serves(initiator);
        }
    }

    /** Bit 0 of the first byte, reserved bits of the flags, and reserved fields of each kind of PDU. */
    private static void reservedBits(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            RawPdu ping = initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
            ping.int8(0, 0x80).flags(0xFF).int16(2, 0xFFFF).int64(32, -1).int64(40, -1);
            initiator.send(ping);
            Expect.tag(ping, initiator.expect(RawPdu.NOP_IN));
            RawPdu command = initiator.command(0, Cdb.testUnitReady(), 0, 0);
            command.int8(0, 0x81).flags(command.int8(1) | 0x18).int16(2, 0xFFFF);
            initiator.send(command);
            initiator.finish(command.taskTag(), null).expectGood();
            RawPdu abort = initiator.taskManagementRequest(1, 0, 0x7777, 0);
            abort.int8(0, 0xC2).int16(2, 0xFFFF).int64(40, -1);
            initiator.send(abort);
            Expect.tag(abort, initiator.expect(RawPdu.TASK_MANAGEMENT_RESPONSE));
            Expect.serves(initiator);
        }
    }

    private static void padding(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int length = 1; length <= 4; length++) {
                RawPdu ping = initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG);
                byte[] bytes = ping.data(new byte[length]).toBytes();
                Arrays.fill(bytes, RawPdu.HEADER_BYTES, bytes.length, (byte) 0xFF);
                initiator.sendBytes(bytes);
                byte[] answer =
                        Expect.tag(ping, initiator.expect(RawPdu.NOP_IN)).data();
                Expect.same(Arrays.copyOfRange(bytes, RawPdu.HEADER_BYTES, RawPdu.HEADER_BYTES + length), answer);
            }
        }
    }

    /** The answer to the ping before shows that the gateway has the first piece, and nothing of the second. */
    private static void pieces(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int cut = 1; cut < RawPdu.HEADER_BYTES + 8; cut++) {
                RawPdu whole = ping(initiator);
                RawPdu inTwo = ping(initiator);
                byte[] second = inTwo.toBytes();
                initiator.sendBytes(Expect.concat(whole.toBytes(), Arrays.copyOf(second, cut)));
                Expect.tag(whole, initiator.expect(RawPdu.NOP_IN));
                initiator.sendBytes(Arrays.copyOfRange(second, cut, second.length));
                Expect.tag(inTwo, initiator.expect(RawPdu.NOP_IN));
            }
            ByteArrayOutputStream burst = new ByteArrayOutputStream();
            RawPdu[] pings = new RawPdu[BURST];
            for (int i = 0; i < BURST; i++) {
                int cmdSn = initiator.cmdSn();
                pings[i] = ping(initiator).immediate();
                initiator.cmdSn(cmdSn);
                burst.writeBytes(pings[i].toBytes());
            }
            initiator.sendBytes(burst.toByteArray());
            for (RawPdu sent : pings) {
                Expect.tag(sent, initiator.expect(RawPdu.NOP_IN));
            }
        }
    }

    private static RawPdu ping(TestInitiator initiator) {
        return initiator.request(RawPdu.NOP_OUT).int32(20, RawPdu.RESERVED_TAG).data(new byte[8]);
    }
}
