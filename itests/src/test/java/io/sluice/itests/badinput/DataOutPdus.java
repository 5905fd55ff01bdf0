package io.sluice.itests.badinput;

import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Data-Out that nobody asked for, or other data than was asked for (RFC 7143 11.4.7.2, 11.7, 11.8). */
final class DataOutPdus {

    private static final int UNEXPECTED_UNSOLICITED_DATA = 0x0B0C0C;
    private static final int NOT_ENOUGH_UNSOLICITED_DATA = 0x0B0C0D;
    private static final int DATA_PHASE_ERROR = 0x0B4B00;
    private static final int FIRST_BURST = 65_536;
    private static final int ASKED = 4096;

    private DataOutPdus() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        84,
                        "unsolicited data that was not agreed on, too much or too little: 0B/0C/0C, 0B/0C/0D (RFC 7143 11.4.7.2)",
                        DataOutPdus::unsolicited),
                new BadInput(
                        85,
                        "Data-Out of no task, for no R2T, to another LUN, after the end: no effect (RFC 7143 11.7)",
                        DataOutPdus::strays),
                new BadInput(
                        86,
                        "Data-Out that is not what the R2T asks for: 0B/4B/00, no effect (RFC 7143 11.7, 11.8)",
                        DataOutPdus::unasked),
                new BadInput(
                        87,
                        "Data-Out that stops in the middle: closed after the timeout, no effect",
                        DataOutPdus::stops));
    }

    private static void unsolicited(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login(Map.of("InitialR2T", "No"))) {
            RawPdu tooMuch = announced(initiator, 512);
            burst(initiator, tooMuch, 3 * FIRST_BURST / 2);
            initiator.finish(tooMuch.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            RawPdu tooLittle = announced(initiator, 512);
            burst(initiator, tooLittle, FIRST_BURST / 2);
            initiator.finish(tooLittle.taskTag(), null).expectSense(NOT_ENOUGH_UNSOLICITED_DATA);
            RawPdu tooLong = write(initiator, 512).data(filler(FIRST_BURST + 512));
            initiator.send(tooLong);
            initiator.finish(tooLong.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            Expect.serves(initiator);
        }
        try (TestInitiator initiator = world.login(Map.of("InitialR2T", "Yes", "ImmediateData", "No"))) {
            RawPdu notAgreed = announced(initiator, 8);
            burst(initiator, notAgreed, ASKED);
            initiator.finish(notAgreed.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            RawPdu immediate = write(initiator, 8).data(filler(512));
            initiator.send(immediate);
            initiator.finish(immediate.taskTag(), null).expectSense(UNEXPECTED_UNSOLICITED_DATA);
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    private static RawPdu write(TestInitiator initiator, int blocks) {
        return initiator.command(0, Cdb.write10(0, blocks), (long) blocks * World.BLOCK, 0);
    }

    /** Sends a write after which unsolicited data is to come. */
    private static RawPdu announced(TestInitiator initiator, int blocks) throws IOException {
        RawPdu write = write(initiator, blocks);
        initiator.send(write.flags(write.int8(1) & 0x7F));
        return write;
    }

    /** Sends unsolicited data in PDUs of 4 KiB, the last of which says so. */
    private static void burst(TestInitiator initiator, RawPdu write, int length) throws IOException {
        for (int offset = 0; offset < length; offset += ASKED) {
            boolean last = offset + ASKED == length;
            initiator.send(initiator.dataOut(
                    0, write.taskTag(), RawPdu.RESERVED_TAG, offset / ASKED, offset, filler(ASKED), last));
        }
    }

    private static byte[] filler(int length) {
        byte[] data = new byte[length];
        Arrays.fill(data, (byte) 0xEE);
        return data;
    }

    private static void strays(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            initiator.send(initiator.dataOut(0, 0x7777_7777, 0x1234, 0, 0, filler(ASKED), true));
            initiator.send(initiator.dataOut(0, RawPdu.RESERVED_TAG, RawPdu.RESERVED_TAG, 0, 0, filler(512), true));
            Expect.serves(initiator);
            RawPdu write = asked(initiator, 0);
            int tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(0, write.taskTag(), tag + 1, 0, 0, filler(ASKED), true));
            ScsiResult.of(initiator.receive()).expectSense(DATA_PHASE_ERROR);
            initiator.send(initiator.dataOut(0, write.taskTag(), tag, 0, 0, filler(ASKED), true));
            Expect.serves(initiator);
            RawPdu other = asked(initiator, 0);
            tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(1L << 48, other.taskTag(), tag, 0, 0, filler(ASKED), true));
            ScsiResult.of(initiator.receive()).expectSense(DATA_PHASE_ERROR);
            RawPdu right = asked(initiator, 0);
            tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(0, right.taskTag(), tag, 0, 0, medium.block(0, 8), true));
            ScsiResult.of(initiator.receive()).expectGood();
            initiator.send(initiator.dataOut(0, right.taskTag(), tag, 0, 0, filler(ASKED), true));
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    /** Sends a write of eight blocks, some of which come as immediate data; an R2T asks for the rest. */
    private static RawPdu asked(TestInitiator initiator, int immediateBytes) throws IOException {
        RawPdu write = write(initiator, ASKED / World.BLOCK).data(filler(immediateBytes));
        initiator.send(write);
        return write;
    }

    /**
     * A PDU that is wrong.
     *
     * @param what in which way
     * @param immediate bytes that are there before the R2T
     */
    private record Wrong(String what, int immediate, int dataSn, int offset, int length, boolean last) {}

    private static final List<Wrong> WRONG = List.of(
            new Wrong("offset near 2^32", 0, 0, 0xFFFF_F000, ASKED, true),
            new Wrong("offset and length pass 2^32", 0, 0, 0xFFFF_FFFF, ASKED, true),
            new Wrong("offset and length pass the R2T", 0, 0, 512, ASKED, true),
            new Wrong("longer than the R2T", 0, 0, 0, 2 * ASKED, true),
            new Wrong("before the R2T", 512, 0, 0, ASKED - 512, true),
            new Wrong("behind the R2T", 512, 0, ASKED, 512, true),
            new Wrong("in the middle of the R2T", 0, 0, 1024, 512, false),
            new Wrong("DataSN 27", 0, 27, 0, ASKED, true),
            new Wrong("DataSN -1", 0, -1, 0, ASKED, true),
            new Wrong("no F", 0, 0, 0, ASKED, false),
            new Wrong("F too early", 0, 0, 0, 512, true),
            new Wrong("F and no data", 0, 0, 0, 0, true));

    private static void unasked(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.login()) {
            for (Wrong wrong : WRONG) {
                RawPdu write = asked(initiator, wrong.immediate());
                int tag = initiator.expect(RawPdu.R2T).int32(20);
                initiator.send(initiator.dataOut(
                        0, write.taskTag(), tag, wrong.dataSn(), wrong.offset(), filler(wrong.length()), wrong.last()));
                expectDataPhaseError(initiator, wrong.what());
            }
            RawPdu overlapping = asked(initiator, 0);
            int tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(0, overlapping.taskTag(), tag, 0, 0, filler(1024), false));
            initiator.send(initiator.dataOut(0, overlapping.taskTag(), tag, 1, 512, filler(ASKED - 512), true));
            expectDataPhaseError(initiator, "overlapping");
            RawPdu reversed = asked(initiator, 0);
            tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(0, reversed.taskTag(), tag, 1, 1024, filler(ASKED - 1024), true));
            initiator.send(initiator.dataOut(0, reversed.taskTag(), tag, 0, 0, filler(1024), false));
            expectDataPhaseError(initiator, "reversed");
        }
        medium.expectKnown();
    }

    private static void expectDataPhaseError(TestInitiator initiator, String what) throws IOException {
        ScsiResult result = ScsiResult.of(initiator.receive());
        assertTrue(what + ": " + result, result.status() == 2 && result.senseCode() == DATA_PHASE_ERROR);
        Expect.serves(initiator);
    }

    private static void stops(World world) throws IOException {
        Medium medium = Medium.attacked(world);
        try (TestInitiator initiator = world.connect(World.PING_TIMEOUT.plus(World.PING_INTERVAL))) {
            World.ready(initiator.login(World.TARGET));
            RawPdu write = asked(initiator, 0);
            int tag = initiator.expect(RawPdu.R2T).int32(20);
            initiator.send(initiator.dataOut(0, write.taskTag(), tag, 0, 0, filler(1024), false));
            long begun = System.nanoTime();
            answerPingsUntilClosed(initiator);
            Expect.within(World.PING_TIMEOUT.plus(World.PING_INTERVAL).plus(World.SLACK), begun);
        }
        World.await("the reason in the log", World.SLACK, () -> logged(world, "nothing of it came"));
        medium.expectKnown();
    }

    private static boolean logged(World world, String text) {
        try {
            return world.log().contains(text);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static void answerPingsUntilClosed(TestInitiator initiator) throws IOException {
        try {
            while (true) {
                RawPdu ping = initiator.expect(RawPdu.NOP_IN);
                initiator.send(RawPdu.of(RawPdu.NOP_OUT)
                        .immediate()
                        .flags(0x80)
                        .taskTag(RawPdu.RESERVED_TAG)
                        .int32(20, ping.int32(20))
                        .int32(24, initiator.cmdSn()));
            }
        } catch (EOFException | SocketException closed) {
            return;
        }
    }
}
