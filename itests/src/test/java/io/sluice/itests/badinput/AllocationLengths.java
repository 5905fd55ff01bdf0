package io.sluice.itests.badinput;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Commands that say how much they answer, with room for less, nothing or far too much (SPC-4 4.2.5.6). */
final class AllocationLengths {

    private static final int EXPECTED = 70_000;

    private AllocationLengths() {}

    /**
     * A command that answers.
     *
     * @param cdb with an allocation length of zero
     * @param offset where it keeps that
     * @param width in so many bytes
     */
    private record Answering(String name, String cdb, int offset, int width) {

        private byte[] cdb(int allocationLength) {
            byte[] bytes = Cdb.hex(cdb);
            for (int i = 0; i < width; i++) {
                bytes[offset + i] = (byte) (allocationLength >>> 8 * (width - 1 - i));
            }
            return bytes;
        }
    }

    private static final List<Answering> COMMANDS = List.of(
            new Answering("INQUIRY", "12 00 00 00 00 00", 3, 2),
            new Answering("INQUIRY of page 00h", "12 01 00 00 00 00", 3, 2),
            new Answering("INQUIRY of page 80h", "12 01 80 00 00 00", 3, 2),
            new Answering("INQUIRY of page 83h", "12 01 83 00 00 00", 3, 2),
            new Answering("INQUIRY of page B0h", "12 01 b0 00 00 00", 3, 2),
            new Answering("MODE SENSE(6)", "1a 00 3f ff 00 00", 4, 1),
            new Answering("MODE SENSE(10)", "5a 00 3f ff 00 00 00 00 00 00", 7, 2),
            new Answering("REQUEST SENSE", "03 00 00 00 00 00", 4, 1),
            new Answering("REQUEST SENSE in descriptor format", "03 01 00 00 00 00", 4, 1),
            new Answering("REPORT LUNS", "a0 00 02 00 00 00 00 00 00 00 00 00", 6, 4),
            new Answering("READ CAPACITY(16)", "9e 10 00 00 00 00 00 00 00 00 00 00 00 00 00 00", 10, 4),
            new Answering("READ KEYS", "5e 00 00 00 00 00 00 00 00 00", 7, 2),
            new Answering("READ RESERVATION", "5e 01 00 00 00 00 00 00 00 00", 7, 2),
            new Answering("REPORT CAPABILITIES", "5e 02 00 00 00 00 00 00 00 00", 7, 2),
            new Answering("READ FULL STATUS", "5e 03 00 00 00 00 00 00 00 00", 7, 2),
            new Answering("REPORT SUPPORTED OPERATION CODES", "a3 0c 80 00 00 00 00 00 00 00 00 00", 6, 4),
            new Answering("the same for one", "a3 0c 01 28 00 00 00 00 00 00 00 00", 6, 4),
            new Answering("REPORT TARGET PORT GROUPS", "a3 0a 00 00 00 00 00 00 00 00 00 00", 6, 4),
            new Answering("READ BUFFER", "3c 0a 00 00 00 00 00 00 00 00", 6, 3),
            new Answering("READ BUFFER of the descriptor", "3c 0b 00 00 00 00 00 00 00 00", 6, 3),
            new Answering("LOG SENSE", "4d 00 40 00 00 00 00 00 00 00", 7, 2),
            new Answering(
                    "RECEIVE COPY OPERATING PARAMETERS", "84 03 00 00 00 00 00 00 00 00 00 00 00 00 00 00", 10, 4));

    /** No answer is longer than it may be, none is anything but the beginning of the whole one. */
    static void shortAndLong(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            byte[] echo = new byte[600];
            Arrays.fill(echo, (byte) 0xEC);
            initiator
                    .execute(0, Cdb.hex("3b 0a 00 00 00 00 00 02 58 00"), echo, 0)
                    .expectGood();
            for (Answering command : COMMANDS) {
                byte[] whole = initiator
                        .execute(0, command.cdb(command.width() == 1 ? 255 : 4096), null, EXPECTED)
                        .data();
                assertTrue(command.name() + " answers something", whole.length > 3);
                for (int length : new int[] {0, 1, 3, 4, 255, 65_535}) {
                    if (command.width() > 1 || length < 256) {
                        initiator
                                .execute(0, Cdb.hex("c0 00 00 00 00 00"), null, 0)
                                .expectSense(0x052000);
                        answers(initiator, command, length, whole);
                    }
                }
            }
            Expect.serves(initiator);
        }
    }

    private static void answers(TestInitiator initiator, Answering command, int allocationLength, byte[] whole)
            throws IOException {
        String what = command.name() + " with room for " + allocationLength;
        int due = Math.min(allocationLength, whole.length);
        ScsiResult wide = initiator.execute(0, command.cdb(allocationLength), null, EXPECTED);
        isTheBeginning(what, wide, due, whole);
        assertEquals(what, due - EXPECTED, wide.residual());
        ScsiResult narrow = initiator.execute(0, command.cdb(allocationLength), null, 2);
        isTheBeginning(what + " of which 2 are expected", narrow, Math.min(2, due), whole);
        assertEquals(what, due - 2, narrow.residual());
    }

    private static void isTheBeginning(String what, ScsiResult result, int length, byte[] whole) {
        assertEquals(what, 0, result.status());
        assertEquals(what + " has sense data", 0, result.sense().length);
        assertEquals(what, length, result.data().length);
        assertTrue(what, Arrays.equals(whole, 0, length, result.data(), 0, length));
    }
}
