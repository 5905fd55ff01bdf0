package io.sluice.itests.badinput;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.RawPdu;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/** Additional header segments that are not as they should be (RFC 7143 11.2.2). */
final class AdditionalHeaders {

    private static final int INVALID_PDU_FIELD = 0x09;
    private static final int COMMAND_NOT_SUPPORTED = 0x05;
    private static final int INVALID_OPERATION_CODE = 0x052000;
    private static final int MOST = 255 * 4;
    private static final byte EXTENDED_CDB = 1;

    private AdditionalHeaders() {}

    static List<BadInput> inputs() {
        return List.of(
                new BadInput(
                        11, "1,020 bytes of them in any PDU: Reject, or closed in a login", AdditionalHeaders::most),
                new BadInput(12, "of a type that does not exist: Reject 09", AdditionalHeaders::unknownTypes),
                new BadInput(13, "longer than all of them: Reject 09", AdditionalHeaders::tooLong),
                new BadInput(14, "of no length: Reject 09, and no endless loop", AdditionalHeaders::empty),
                new BadInput(15, "two extended CDBs: Reject 09", AdditionalHeaders::twice),
                new BadInput(16, "a CDB of 260 bytes with a wrong length in it: 05/20/00", AdditionalHeaders::longCdb),
                new BadInput(17, "a Reject has the basic header alone (11.17)", AdditionalHeaders::notInAReject));
    }

    private static void most(World world) throws IOException {
        try (TestInitiator initiator = world.connect()) {
            initiator.send(initiator.loginRequest(0x87).additional(new byte[MOST]));
            Expect.closedUnanswered(initiator);
        }
        try (TestInitiator initiator = world.login()) {
            rejected(initiator, new byte[MOST]);
            for (int opcode : new int[] {
                RawPdu.NOP_OUT, RawPdu.TASK_MANAGEMENT, RawPdu.TEXT, RawPdu.DATA_OUT, RawPdu.LOGOUT, RawPdu.SNACK
            }) {
                int cmdSn = initiator.cmdSn();
                initiator.send(initiator.request(opcode).additional(new byte[MOST]));
                initiator.expectReject(INVALID_PDU_FIELD);
                initiator.cmdSn(cmdSn);
            }
            initiator.send(RawPdu.of(0x1F).additional(new byte[MOST]));
            initiator.expectReject(COMMAND_NOT_SUPPORTED);
            Expect.serves(initiator);
        }
    }

    private static void rejected(TestInitiator initiator, byte[]... segments) throws IOException {
        for (byte[] bytes : segments) {
            initiator.send(initiator.command(0, Cdb.testUnitReady(), 0, 0).additional(bytes));
            initiator.expectReject(INVALID_PDU_FIELD);
        }
    }

    private static void unknownTypes(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            rejected(initiator, segment(0, 1), segment(3, 1), segment(0x3F, 5));
            Expect.serves(initiator);
        }
    }

    private static void tooLong(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            byte[] far = {(byte) 0xFF, (byte) 0xFF, EXTENDED_CDB, 0};
            byte[] byOne = {0, 2, EXTENDED_CDB, 0};
            rejected(initiator, far, byOne, new byte[] {0, 5, 2, 0});
            Expect.serves(initiator);
        }
    }

    private static void empty(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            rejected(initiator, segment(EXTENDED_CDB, 0), segment(2, 0));
            byte[] many = new byte[MOST];
            for (int i = 2; i < MOST; i += 4) {
                many[i] = EXTENDED_CDB;
            }
            rejected(initiator, many);
            Expect.serves(initiator);
        }
    }

    private static void twice(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            byte[] one = segment(EXTENDED_CDB, 5);
            byte[] two = Arrays.copyOf(one, one.length * 2);
            System.arraycopy(one, 0, two, one.length, one.length);
            rejected(initiator, two);
            Expect.serves(initiator);
        }
    }

    /** A segment whose length counts the reserved byte behind the type, filled up to four bytes. */
    private static byte[] segment(int type, int length) {
        byte[] bytes = new byte[3 + Math.max(1, length) + 3 & ~3];
        bytes[1] = (byte) length;
        bytes[2] = (byte) type;
        return bytes;
    }

    /** There is no command of variable length here; the length in the CDB is nothing that anybody relies on. */
    private static void longCdb(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            for (int additionalLength : new int[] {0, 7, 244, 252, 255}) {
                byte[] cdb = new byte[16];
                cdb[0] = 0x7F;
                cdb[7] = (byte) additionalLength;
                RawPdu command = initiator.command(0, cdb, 0, 0).additional(segment(EXTENDED_CDB, 245));
                initiator.send(command);
                initiator.finish(command.taskTag(), null).expectSense(INVALID_OPERATION_CODE);
            }
            Expect.serves(initiator);
        }
    }

    private static void notInAReject(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            RawPdu command = initiator.command(0, Cdb.testUnitReady(), 0, 0).additional(new byte[MOST]);
            initiator.send(command);
            RawPdu reject = initiator.expectReject(INVALID_PDU_FIELD);
            Expect.same(Arrays.copyOf(command.toBytes(), RawPdu.HEADER_BYTES), reject.data());
            if (reject.int8(4) != 0) {
                throw new AssertionError("additional headers in " + reject);
            }
            Expect.serves(initiator);
        }
    }
}
