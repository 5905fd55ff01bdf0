package io.sluice.itests.badinput;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;

import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.ScsiResult;
import io.sluice.testkit.initiator.TestInitiator;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Lists of PERSISTENT RESERVE OUT that are wrong: nothing is registered and nothing reserved (SPC-4 6.16, 7.6.4.6). */
final class Registrations {

    private static final int PARAMETER_LIST_LENGTH_ERROR = 0x051A00;
    private static final int INVALID_FIELD_IN_CDB = 0x052400;
    private static final int INVALID_FIELD_IN_PARAMETER_LIST = 0x052600;
    private static final int RESERVATION_CONFLICT = 0x18;

    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final int REGISTER_AND_MOVE = 7;
    private static final int SPEC_I_PT = 0x08;
    private static final int ALL_TG_PT = 0x04;
    private static final String PORT = "iqn.2026-11.io.sluice:other,i,0x800000000001";

    private Registrations() {}

    static void wrongLists(World world) throws IOException {
        try (TestInitiator initiator = world.login()) {
            byte[] before = fullStatus(initiator);
            lengths(initiator);
            transportIds(initiator);
            for (int scopeAndType : new int[] {0x00, 0x02, 0x04, 0x09, 0x0F, 0x11, 0x23, 0xF1}) {
                out(initiator, RESERVE, scopeAndType, 24, basic(0)).expectSense(INVALID_FIELD_IN_CDB);
            }
            assertEquals(
                    RESERVATION_CONFLICT,
                    out(initiator, RESERVE, 1, 24, basic(0)).status());
            for (int action = 9; action < 32; action++) {
                out(initiator, action, 1, 24, basic(0)).expectSense(INVALID_FIELD_IN_CDB);
            }
            assertArrayEquals("nothing is registered", before, fullStatus(initiator));
            out(initiator, REGISTER, 0, 24, basic(ALL_TG_PT)).expectGood();
            assertEquals("with all ports", 0x02, fullStatus(initiator)[8 + 12] & 0x02);
            out(initiator, RESERVE, 1, 24, keyed(basic(SPEC_I_PT))).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
            out(
                            initiator,
                            REGISTER,
                            0,
                            24,
                            ByteBuffer.allocate(24).putLong(0x51).array())
                    .expectGood();
            assertEquals(8, fullStatus(initiator).length);
            Expect.serves(initiator);
        }
    }

    private static byte[] fullStatus(TestInitiator initiator) throws IOException {
        byte[] data = initiator
                .execute(0, Cdb.hex("5e 03 00 00 00 00 00 10 00 00"), null, 4096)
                .data();
        return data;
    }

    /** Returns a basic list that registers key 51h. */
    private static byte[] basic(int flags) {
        byte[] list = ByteBuffer.allocate(24).putLong(8, 0x51).array();
        list[20] = (byte) flags;
        return list;
    }

    private static byte[] keyed(byte[] list) {
        return ByteBuffer.wrap(list).putLong(0, 0x51).array();
    }

    private static ScsiResult out(TestInitiator initiator, int action, int scopeAndType, int length, byte[] list)
            throws IOException {
        byte[] cdb = ByteBuffer.allocate(10)
                .put((byte) 0x5F)
                .put((byte) action)
                .put((byte) scopeAndType)
                .putInt(5, length)
                .array();
        return initiator.execute(0, cdb, list, 0);
    }

    private static void lengths(TestInitiator initiator) throws IOException {
        for (int length : new int[] {1, 8, 23, 25, 28, 32, 4096, 8192, 8193, 65_536}) {
            byte[] list = Arrays.copyOf(basic(0), length);
            out(initiator, REGISTER, 0, length, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
            out(initiator, REGISTER_AND_IGNORE, 0, length, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        out(initiator, REGISTER, 0, 0, null).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        for (int length : new int[] {-1, Integer.MIN_VALUE, 0x0100_0018, 0x7FFF_FFFF}) {
            out(initiator, REGISTER, 0, length, basic(0)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        out(initiator, REGISTER, 0, 24, new byte[20]).expectSense(PARAMETER_LIST_LENGTH_ERROR);
    }

    private static void transportIds(TestInitiator initiator) throws IOException {
        byte[] noEnd = transportId(PORT, 0);
        byte[] name = PORT.getBytes(StandardCharsets.UTF_8);
        assertEquals("no room for an end", 0, name.length % 4);
        for (byte[] id : new byte[][] {
            noEnd,
            Arrays.copyOf(noEnd, 12),
            transportId("iqn.2026-11.io.sluice:other", 8),
            transportId("iqn.2026-11.io.sluice:other,i,0x", 8),
            transportId("iqn.2026-11.io.sluice:other,i,0xhello", 8),
            transportId("iqn.2026-11.io.sluice:other,i,0x11112222333344445555", 8),
            transportId(",i,0x800000000001", 8),
            transportId("", 24),
            declared(transportId(PORT, 4), 0),
            declared(transportId(PORT, 4), 65_535),
            declared(transportId(PORT, 4), 65_532),
            declared(transportId(PORT, 4), 19),
            declared(transportId(PORT, 4), 49),
            ofProtocol(transportId(PORT, 4), 0x46),
            ofProtocol(transportId(PORT, 4), 0xC5),
            ofProtocol(transportId(PORT, 4), 0x05)
        }) {
            byte[] list = specified(id, id.length);
            assertEquals(
                    HexFormat.of().formatHex(id),
                    Integer.toHexString(INVALID_FIELD_IN_PARAMETER_LIST),
                    Integer.toHexString(
                            out(initiator, REGISTER, 0, list.length, list).senseCode()));
        }
        byte[] right = transportId(PORT, 4);
        for (int length : new int[] {0, 1, right.length - 4, right.length + 1, 65_535, -1}) {
            byte[] list = specified(right, length);
            out(initiator, REGISTER, 0, list.length, list).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        }
        out(initiator, REGISTER, 0, 24, basic(SPEC_I_PT)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
        byte[] list = specified(right, right.length);
        out(initiator, REGISTER_AND_IGNORE, 0, list.length, list).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] move = ByteBuffer.allocate(24 + noEnd.length)
                .putInt(20, noEnd.length)
                .put(24, noEnd)
                .array();
        move[19] = 1;
        out(initiator, REGISTER_AND_MOVE, 0, move.length, move).expectSense(INVALID_FIELD_IN_PARAMETER_LIST);
        out(initiator, REGISTER_AND_MOVE, 0, 24, Arrays.copyOf(move, 24)).expectSense(PARAMETER_LIST_LENGTH_ERROR);
    }

    /** Returns the TransportID of a port, with so many zeros at its end. */
    private static byte[] transportId(String name, int zeros) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = (text.length + zeros + 3) / 4 * 4;
        byte[] id = new byte[4 + length];
        id[0] = 0x45;
        System.arraycopy(text, 0, id, 4, text.length);
        return declared(id, length);
    }

    private static byte[] declared(byte[] id, int length) {
        return ByteBuffer.wrap(id).putShort(2, (short) length).array();
    }

    private static byte[] ofProtocol(byte[] id, int formatAndProtocol) {
        return ByteBuffer.wrap(id).put(0, (byte) formatAndProtocol).array();
    }

    /** Returns a list that registers another port too. */
    private static byte[] specified(byte[] id, int declaredLength) {
        return ByteBuffer.allocate(28 + id.length)
                .put(basic(SPEC_I_PT))
                .putInt(declaredLength)
                .put(id)
                .array();
    }
}
