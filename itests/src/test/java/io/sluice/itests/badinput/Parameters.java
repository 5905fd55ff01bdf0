package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** CDBs and parameter lists that ask for what there is not, or change what cannot be changed (SPC-4 4.2, 6, 7). */
final class Parameters {

    private static final int PARAMETER_LIST_LENGTH_ERROR = 0x051A00;
    private static final int INVALID_COMMAND_OPERATION_CODE = 0x052000;
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x052600;
    private static final int COMMAND_SEQUENCE_ERROR = 0x052C00;
    private static final int MODE_PARAMETERS_CHANGED = 0x062A01;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int ECHO_BYTES = 4096;
    private static final long MEMORY = 1L << 48;

    private Parameters() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        99,
                        "allocation lengths from 0 to 65535: never more than asked, nothing stale (SPC-4 4.2.5.6)",
                        AllocationLengths::shortAndLong),
                new BadInput(
                        100,
                        "unknown operation codes and service actions, reserved bits, NACA: 05/20/00, 05/24/00 (SPC-4 4.3)",
                        Parameters::unknownCommands),
                new BadInput(
                        101,
                        "MODE SELECT lists that are wrong change nothing; a saved change stays (SPC-4 6.9, 7.5)",
                        Parameters::modeSelect),
                new BadInput(
                        102,
                        "PERSISTENT RESERVE OUT lists and TransportIDs that are wrong: nothing is registered (SPC-4 6.16, 7.6.4.6)",
                        Registrations::wrongLists),
                new BadInput(
                        103,
                        "EXTENDED COPY lists that lie, and units that cannot be reached: nothing is copied (SPC-4 6.4)",
                        Copies::wrongLists),
                new BadInput(
                        104,
                        "WRITE BUFFER, READ BUFFER, SEND DIAGNOSTIC of modes and lengths that there are not (SPC-4 6.18, 6.42, 6.49)",
                        Parameters::buffers),
                new BadInput(
                        105,
                        "LOG SENSE of no page, results of no copy: 05/24/00 (SPC-4 6.8, 6.20, 6.24)",
                        Parameters::logAndResults));
    }

    private static void refused(TestInitiator initiator, int sense, String... cdbs) throws IOException {
        for (String cdb : cdbs) {
            assertEquals(
                    cdb,
                    Integer.toHexString(sense),
                    Integer.toHexString(
                            initiator.execute(MEMORY, Cdb.hex(cdb), null, 4096).senseCode()));
        }
    }

    private static void unknownCommands(World world) throws IOException {
        Medium medium = Medium.filled(world, World.TARGET, 1, World.BLOCK, World.BLOCKS);
        try (TestInitiator initiator = world.login()) {
            for (int opcode = 0xC0; opcode <= 0xFF; opcode++) {
                byte[] cdb = Cdb.sixteen(opcode, 0, 0, 1);
                initiator.execute(MEMORY, cdb, new byte[512], 0).expectSense(INVALID_COMMAND_OPERATION_CODE);
                initiator.execute(MEMORY, cdb, null, 512).expectSense(INVALID_COMMAND_OPERATION_CODE);
            }
            for (int action = 0; action < 32; action++) {
                initiator
                        .execute(MEMORY, Cdb.sixteen(0x7F, action, 0, 1), new byte[512], 0)
                        .expectSense(INVALID_COMMAND_OPERATION_CODE);
            }
            refused(
                    initiator,
                    INVALID_FIELD_IN_CDB,
                    "9e 1f 00 00 00 00 00 00 00 00 00 00 00 20 00 00",
                    "9e 11 00 00 00 00 00 00 00 00 00 00 00 20 00 00",
                    "a3 1f 00 00 00 00 00 00 00 20 00 00",
                    "a4 1f 00 00 00 00 00 00 00 00 00 00",
                    "5e 1f 00 00 00 00 00 00 20 00",
                    "83 1f 00 00 00 00 00 00 00 00 00 00 00 00 00 00",
                    "84 1f 00 00 00 00 00 00 00 00 00 00 00 20 00 00",
                    "48 1e 00 00 00 00 00 00 00 00",
                    "00 01 00 00 00 00",
                    "00 00 00 00 01 00",
                    "00 00 00 00 00 04",
                    "12 80 00 00 24 00",
                    "12 00 01 00 24 00",
                    "12 02 00 00 24 00",
                    "25 01 00 00 00 00 00 00 00 00",
                    "28 20 00 00 00 00 00 00 01 00",
                    "28 e0 00 00 00 00 00 00 01 00",
                    "28 00 00 00 00 00 00 00 01 04",
                    "88 00 00 00 00 00 00 00 00 00 00 00 00 01 00 04",
                    "a8 00 00 00 00 00 00 00 00 01 80 00",
                    "a0 00 03 00 00 00 00 00 10 00 00 00",
                    "a0 00 00 00 00 00 00 00 10 00 00 04");
            initiator
                    .execute(MEMORY, Cdb.hex("2a 00 00 00 00 00 00 00 01 04"), new byte[512], 0)
                    .expectSense(INVALID_FIELD_IN_CDB);
            Expect.serves(initiator);
        }
        medium.expectKnown();
    }

    private static byte[] modes(TestInitiator initiator, int control) throws IOException {
        byte[] cdb = Cdb.hex("1a 08 3f ff ff 00");
        cdb[2] |= (byte) (control << 6);
        return initiator.execute(MEMORY, cdb, null, 255).data();
    }

    private static void modeSelect(World world) throws IOException {
        try (TestInitiator initiator = world.login();
                TestInitiator other = world.login()) {
            byte[] before = modes(initiator, 0);
            for (String list : List.of(
                    "00 00 00 08 00 00 00 00 00 00 10 00", // a block of 4096 bytes
                    "00 00 00 07 00 00 00 00 00 00 02 00", // a block descriptor of 7 bytes
                    "00 00 00 00 08 11" + " 00".repeat(17), // a page that is too short
                    "00 00 00 00 08 13 00" + " 00".repeat(18), // a page that is too long
                    "00 00 00 00 0a 0a 00 10 00 00 00 00 00 01 00 00", // what cannot be changed: the last bytes
                    "00 00 00 00 0a 0a 00 14 00 00 00 00 ff ff 00 00", // QERR of 10b
                    "00 00 00 00 0a 0a 00 10 10 00 00 00 ff ff 00 00", // UA_INTLCK_CTRL of 01b
                    "00 00 00 00 02 0a 00 00 00 00 00 00 00 00 00 00", // no such page
                    "00 00 00 00 4a 02 00 1c" + " 00".repeat(28), // no such subpage
                    "00 00 00 00 08 12 00" + " 00".repeat(17) + " 02 0a" + " 00".repeat(10))) { // one good, one bad
                select(initiator, 0x10, list).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
            }
            for (String list : List.of(
                    "00 00 00",
                    "00 00 00 08 00 00 00 00",
                    "00 00 00 00 08",
                    "00 00 00 00 08 12 00" + " 00".repeat(10),
                    "00 00 00 00 08 12 00" + " 00".repeat(17) + " 08")) {
                select(initiator, 0x10, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
            }
            String writeThrough = "00 00 00 00 08 12 00" + " 00".repeat(17);
            select(initiator, 0x00, writeThrough).expectSense(INVALID_FIELD_IN_CDB);
            initiator
                    .execute(MEMORY, Cdb.hex("15 10 00 00 30 00"), new byte[4], 0)
                    .expectSense(PARAMETER_LIST_LENGTH_ERROR);
            initiator.execute(MEMORY, Cdb.hex("15 10 00 00 00 00"), null, 0).expectGood();
            assertArrayEquals(before, modes(initiator, 0));
            other.execute(MEMORY, Cdb.testUnitReady(), null, 0).expectGood();
            select(initiator, 0x11, writeThrough).expectGood();
            other.execute(MEMORY, Cdb.testUnitReady(), null, 0).expectSense(MODE_PARAMETERS_CHANGED);
            assertEquals("saved", 0, writeCache(modes(initiator, 3)));
            assertEquals(0, initiator.taskManagement(LOGICAL_UNIT_RESET, MEMORY, -1, 0));
            World.ready(initiator);
            assertEquals("after a reset", 0, writeCache(modes(initiator, 0)));
            select(initiator, 0x11, "00 00 00 00 08 12 04" + " 00".repeat(17)).expectGood();
            assertArrayEquals(before, modes(initiator, 0));
            Expect.serves(initiator);
        }
    }

    private static ScsiResult select(TestInitiator initiator, int flags, String list) throws IOException {
        byte[] data = HexFormat.ofDelimiter(" ").parseHex(list);
        byte[] cdb = {0x15, (byte) flags, 0, 0, (byte) data.length, 0};
        return initiator.execute(MEMORY, cdb, data, 0);
    }

    /** Returns WCE of the Caching page. */
    private static int writeCache(byte[] modes) {
        for (int offset = 4; offset < modes.length; ) {
            boolean subpage = (modes[offset] & 0x40) != 0;
            if ((modes[offset] & 0x3F) == 0x08) {
                return modes[offset + 2] >> 2 & 1;
            }
            offset += subpage
                    ? 4 + ((modes[offset + 2] & 0xFF) << 8 | modes[offset + 3] & 0xFF)
                    : 2 + (modes[offset + 1] & 0xFF);
        }
        throw new AssertionError("no Caching page");
    }

    private static void buffers(World world) throws IOException {
        try (TestInitiator initiator = world.login();
                TestInitiator other = world.login()) {
            refused(initiator, COMMAND_SEQUENCE_ERROR, "3c 0a 00 00 00 00 00 10 00 00");
            refused(
                    initiator,
                    INVALID_FIELD_IN_CDB,
                    "3c 02 00 ff ff ff 00 10 00 00",
                    "3c 00 00 00 00 00 00 10 00 00",
                    "3c 1f 00 00 00 00 ff ff ff 00",
                    "3c 2a 00 00 00 00 00 10 00 00",
                    "3b 02 00 ff ff ff 00 02 00 00",
                    "3b 05 00 00 00 00 00 02 00 00",
                    "3b 0a 00 00 00 00 00 10 01 00",
                    "3b 0a 00 00 00 00 ff ff ff 00");
            byte[] echo = new byte[ECHO_BYTES];
            Arrays.fill(echo, (byte) 0x5A);
            initiator
                    .execute(MEMORY, Cdb.hex("3b 0a 00 00 00 00 00 10 00 00"), echo, 0)
                    .expectGood();
            initiator
                    .execute(MEMORY, Cdb.hex("3b 0a 00 00 00 00 00 10 00 00"), new byte[100], 0)
                    .expectSense(PARAMETER_LIST_LENGTH_ERROR);
            refused(other, COMMAND_SEQUENCE_ERROR, "3c 0a 00 00 00 00 00 10 00 00");
            byte[] back = initiator
                    .execute(MEMORY, Cdb.hex("3c 0a 00 00 00 00 ff ff ff 00"), null, 8192)
                    .data();
            assertArrayEquals(echo, back);
            for (int code = 0; code < 8; code++) {
                byte[] cdb = {0x1D, (byte) (code << 5 | 0x14), 0, 0, 0, 0};
                int sense = initiator.execute(MEMORY, cdb, null, 0).senseCode();
                assertEquals("self-test and code " + code, code == 0 ? -1 : INVALID_FIELD_IN_CDB, sense);
            }
            refused(
                    initiator,
                    INVALID_FIELD_IN_CDB,
                    "1d 10 00 00 04 00",
                    "1d 10 00 ff ff 00",
                    "1d 60 00 00 00 00",
                    "1d e0 00 00 00 00",
                    "1d 08 00 00 00 00",
                    "1d 18 00 ff ff 00");
            refused(initiator, INVALID_COMMAND_OPERATION_CODE, "1c 01 00 ff ff 00");
            Expect.serves(initiator);
        }
    }

    private static void logAndResults(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            refused(
                    initiator,
                    INVALID_FIELD_IN_CDB,
                    "4d 00 7e 00 00 00 00 01 00 00",
                    "4d 00 40 55 00 00 00 01 00 00",
                    "4d 01 40 00 00 00 00 01 00 00",
                    "4d 02 40 00 00 00 00 01 00 00",
                    "4d 00 80 00 00 00 00 01 00 00",
                    "4d 00 c0 00 00 00 00 01 00 00",
                    "4d 00 40 00 00 00 01 01 00 00",
                    "4d 00 40 00 00 ff ff 01 00 00");
            refused(initiator, INVALID_COMMAND_OPERATION_CODE, "4c 02 00 00 00 00 00 00 00 00");
            for (int listId : new int[] {0, 1, 0x7F, 0xFF}) {
                String hex = String.format("%02x", listId);
                refused(
                        initiator,
                        INVALID_FIELD_IN_CDB,
                        "84 00 " + hex + " 00 00 00 00 00 00 00 00 00 10 00 00 00",
                        "84 07 " + hex + " ff ff ff 00 00 00 00 00 00 10 00 00 00",
                        "84 01 " + hex + " 00 00 00 00 00 00 00 00 00 10 00 00 00",
                        "84 04 " + hex + " 00 00 00 00 00 00 00 00 00 10 00 00 00",
                        "84 05 " + hex + " 00 00 00 00 00 00 00 00 00 10 00 00 00");
            }
            Expect.serves(initiator);
        }
    }
}
