package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

/** Wrong command numbers and tags, and more commands than the window has room for (RFC 7143 4.2.2.1, 11.2.1.8). */
final class CommandNumbers {

    private static final int ATTRIBUTE = 0x07;
    private static final int ORDERED = 0x02;
    private static final int WINDOW = 128;

    /** Commands for immediate delivery that the gateway takes beyond the window. */
    private static final int IMMEDIATE = 16;

    private static final int ABORT_TASK_SET = 2;
    private static final int TASK_IN_PROGRESS = 0x07;
    private static final int TOO_MANY_IMMEDIATE_COMMANDS = 0x06;
    private static final int INVALID_PDU_FIELD = 0x09;

    /** What one initiator may have of the memory for data. */
    private static final long SHARE = 32L << 20;

    private CommandNumbers() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        77,
                        "CmdSN outside the window, or twice inside it: ignored (RFC 7143 4.2.2.1)",
                        CommandNumbers::outsideTheWindow),
                new BadInput(
                        78,
                        "CmdSN passes 2^32, out of order: as any other number (RFC 7143 4.2.2.1, RFC 1982)",
                        CommandNumbers::wraps),
                new BadInput(
                        79,
                        "one CmdSN never comes: no more than a window waits for it, and pings are answered",
                        CommandNumbers::hole),
                new BadInput(
                        80,
                        "immediate commands without end: rejected with 06h (RFC 7143 4.2.2.1)",
                        CommandNumbers::immediateCommands),
                new BadInput(
                        81,
                        "a tag that is in use, 07h, or reserved, 09h (RFC 7143 11.17.1, 11.2.1.8)",
                        CommandNumbers::tags),
                new BadInput(
                        82,
                        "10,000 writes into a closed window: ignored (RFC 7143 4.2.2.1)",
                        CommandNumbers::closedWindow));
    }

    private static RawPdu write(TestInitiator initiator, int lba, byte[] data) {
        return initiator
                .command(0, Cdb.write10(lba, data.length / World.BLOCK), data.length, 0)
                .data(data);
    }

    /** SIMPLE tasks may end in any order (SAM-5 8.6.2). */
    private static RawPdu ordered(RawPdu command) {
        return command.int8(1, command.int8(1) & ~ATTRIBUTE | ORDERED);
    }

    /** Makes a request immediate, so that it takes no number. */
    static RawPdu immediate(TestInitiator initiator, RawPdu request) {
        initiator.cmdSn(request.int32(24));
        return request.immediate();
    }

    /** Pings without a number; everything that was sent before has been looked at when the answer is there. */
    static void pingAtOnce(TestInitiator initiator) throws IOException {
        RawPdu ping = immediate(initiator, initiator.request(RawPdu.NOP_OUT)).int32(20, RawPdu.RESERVED_TAG);
        initiator.send(ping);
        assertEquals(ping.taskTag(), initiator.expect(RawPdu.NOP_IN).taskTag());
    }

    private static void outsideTheWindow(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            int[] distances = {-1, -100_000, 100_000, Integer.MIN_VALUE, initiator.maxCmdSn() - initiator.cmdSn() + 1};
            for (int distance : distances) {
                int next = initiator.cmdSn();
                initiator.send(write(initiator, 0, new byte[512]).int32(24, next + distance));
                initiator.cmdSn(next);
                pingAtOnce(initiator);
                Expect.serves(initiator);
            }
            // Nor does one that came too early have its turn when its number comes.
            for (int i = 0; i < 2 * WINDOW; i++) {
                initiator.ping(new byte[4]);
            }
            byte[] first = medium.block(100, 1);
            int next = initiator.cmdSn();
            RawPdu early = write(initiator, 8, first).int32(24, next + 1);
            initiator.send(early);
            initiator.send(write(initiator, 8, new byte[512]).int32(24, next + 1));
            initiator.cmdSn(next);
            initiator.ping(new byte[4]);
            initiator.cmdSn(next + 2);
            initiator.finish(early.taskTag(), null).expectGood();
            Expect.serves(initiator);
            medium.changed(8, first);
        }
        medium.expectKnown();
    }

    private static void wraps(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.connect()) {
            initiator.cmdSn(-64);
            World.ready(initiator.login(World.TARGET));
            while (initiator.cmdSn() != -1) {
                initiator.ping(new byte[4]);
            }
            RawPdu last = ordered(write(initiator, 0, medium.block(50, 1)));
            RawPdu first = ordered(write(initiator, 0, medium.block(60, 1)));
            assertEquals(0, first.int32(24));
            initiator.send(first);
            initiator.send(last);
            initiator.finish(last.taskTag(), null).expectGood();
            initiator.finish(first.taskTag(), null).expectGood();
            assertArrayEquals(medium.block(60, 1), initiator.read10(0, 0, 1, World.BLOCK));
            int next = initiator.cmdSn();
            initiator.send(write(initiator, 0, new byte[512]).int32(24, -1));
            initiator.cmdSn(next);
            pingAtOnce(initiator);
            Expect.serves(initiator);
            medium.changed(0, medium.block(60, 1));
        }
        medium.expectKnown();
    }

    private static void hole(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            int missing = initiator.cmdSn();
            initiator.cmdSn(missing + 1);
            for (int i = 0; i < 1000; i++) {
                initiator.send(write(initiator, 0, new byte[8192]));
            }
            initiator.cmdSn(missing);
            pingAtOnce(initiator);
            long used = world.status().required("dataMemoryBytes").asLong();
            assertTrue("waiting: " + used, used >= 8192 && used <= SHARE);
            medium.expectKnown();
            initiator.ping(new byte[4]);
            int answers = 0;
            while (answers < WINDOW - 1) {
                RawPdu answer = initiator.expect(RawPdu.SCSI_RESPONSE);
                assertEquals(answer.toString(), 0, answer.int8(3));
                answers++;
            }
            initiator.cmdSn(missing + WINDOW);
            Expect.serves(initiator);
        }
        medium.changed(0, 16, 0);
        medium.expectKnown();
    }

    private static void immediateCommands(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            int sent = 3 * (WINDOW + IMMEDIATE);
            for (int i = 0; i < sent; i++) {
                initiator.send(immediate(initiator, initiator.command(0, Cdb.write10(0, 1), 512, 0)));
            }
            int taken = 0;
            for (int i = 0; i < sent; i++) {
                RawPdu answer = initiator.receive();
                if (answer.opcode() == RawPdu.R2T) {
                    taken++;
                } else {
                    assertEquals(answer.toString(), RawPdu.REJECT, answer.opcode());
                    assertEquals(answer.toString(), TOO_MANY_IMMEDIATE_COMMANDS, answer.int8(2));
                }
            }
            assertEquals(WINDOW + IMMEDIATE, taken);
            assertEquals(0, initiator.taskManagement(ABORT_TASK_SET, 0, RawPdu.RESERVED_TAG, 0));
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    private static void tags(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        byte[] data = medium.block(200, 8);
        try (TestInitiator initiator = world.login()) {
            RawPdu first = initiator.command(0, Cdb.write10(0, 8), data.length, 0);
            initiator.send(first);
            RawPdu r2t = initiator.expect(RawPdu.R2T);
            initiator.send(write(initiator, 8, new byte[512]).taskTag(first.taskTag()));
            initiator.expectReject(TASK_IN_PROGRESS);
            initiator.send(write(initiator, 8, new byte[512]).taskTag(RawPdu.RESERVED_TAG));
            initiator.expectReject(INVALID_PDU_FIELD);
            initiator.send(initiator.dataOut(0, first.taskTag(), r2t.int32(20), 0, 0, data, true));
            ScsiResult.of(initiator.receive()).expectGood();
            Expect.serves(initiator);
        }
        medium.changed(0, data);
        medium.expectKnown();
    }

    private static void closedWindow(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            int first = initiator.cmdSn();
            initiator.cmdSn(first + WINDOW);
            byte[] tooMany = writes(initiator, 10_000);
            initiator.cmdSn(first);
            for (int i = 0; i < WINDOW; i++) {
                initiator.send(initiator.command(0, Cdb.write10(0, 1), 512, 0));
            }
            for (int i = 0; i < WINDOW; i++) {
                initiator.expect(RawPdu.R2T);
            }
            int next = initiator.cmdSn();
            assertEquals("closed", next - 1, initiator.maxCmdSn());
            long resident = world.sluice().residentKiB();
            initiator.sendBytes(tooMany);
            pingAtOnce(initiator);
            long more = world.sluice().residentKiB() - resident;
            assertTrue(more + " KiB more", more <= SHARE >> 10);
            assertEquals(0, initiator.taskManagement(ABORT_TASK_SET, 0, RawPdu.RESERVED_TAG, 0));
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    private static byte[] writes(TestInitiator initiator, int count) {
        ByteArrayOutputStream writes = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            writes.writeBytes(write(initiator, 0, new byte[512]).toBytes());
        }
        return writes.toByteArray();
    }
}
