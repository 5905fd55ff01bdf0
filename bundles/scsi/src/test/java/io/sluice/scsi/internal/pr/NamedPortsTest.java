package io.sluice.scsi.internal.pr;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.Test;

/** PERSISTENT RESERVE OUT for initiator ports that its parameter list names by a TransportID (SPC-5 7.6.4). */
public class NamedPortsTest extends ThreeHosts {

    private static final int REGISTER_AND_MOVE = 7;
    private static final int ALL_TG_PT = 0x04;

    @Test
    public void registerAndMove() {
        register(a, 1).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        byte[] list = moveList(1, 0x77, true, "iqn.2026-11.io.sluice:initiator,i,0x000000000002");
        out(a, REGISTER_AND_MOVE, 0, list).expectGood();
        assertEquals("00 00 00 02 00 00 00 08 00 00 00 00 00 00 00 77", in(0));
        write(b).expectGood();
        write(a).expectStatus(Status.RESERVATION_CONFLICT);
        out(b, RELEASE, 5, 0x77, 0, 0).expectGood();
    }

    /** The registration that it has for all ports is the one that counts. */
    @Test
    public void registerAndMoveToWhoIsRegisteredForAllPorts() {
        out(b, REGISTER, 0, 0, 0x22, ALL_TG_PT).expectGood();
        register(a, 1).expectGood();
        out(a, RESERVE, 1, 1, 0, 0).expectGood();
        byte[] list = moveList(1, 0x77, false, "iqn.2026-11.io.sluice:initiator,i,0x000000000002");
        out(a, REGISTER_AND_MOVE, 0, list).expectGood();
        assertEquals("00 00 00 03 00 00 00 10 00 00 00 00 00 00 00 77 00 00 00 00 00 00 00 01", in(0));
        write(b).expectGood();
        write(a).expectStatus(Status.RESERVATION_CONFLICT);
        out(b, RELEASE, 1, 0x77, 0, 0).expectGood();
        write(a).expectGood();
    }

    @Test
    public void registerAndMoveThatIsWrong() {
        String other = "iqn.2026-11.io.sluice:initiator,i,0x000000000002";
        register(a, 1).expectGood();
        out(a, REGISTER_AND_MOVE, 0, moveList(1, 7, false, other)).expectSense(Sense.INVALID_FIELD_IN_CDB);
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(a, REGISTER_AND_MOVE, 0, moveList(1, 0, false, other)).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        String self = "iqn.2026-11.io.sluice:initiator,i,0x000000000001";
        out(a, REGISTER_AND_MOVE, 0, moveList(1, 7, false, self)).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] otherPort = moveList(1, 7, false, other);
        otherPort[19] = 9;
        out(a, REGISTER_AND_MOVE, 0, otherPort).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] tooShort = Arrays.copyOf(moveList(1, 7, false, other), 40);
        out(a, REGISTER_AND_MOVE, 0, tooShort).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        byte[] badId = moveList(1, 7, false, "no separator here");
        out(a, REGISTER_AND_MOVE, 0, badId).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        byte[] noEnd = moveList(1, 7, false, other);
        noEnd[noEnd.length - 1] = '2';
        out(a, REGISTER_AND_MOVE, 0, noEnd).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    private static byte[] moveList(long key, long newKey, boolean unregister, String initiator) {
        byte[] id = transportId(initiator);
        byte[] list = new byte[24 + id.length];
        put64(list, 0, key);
        put64(list, 8, newKey);
        list[17] = (byte) (unregister ? 2 : 0);
        list[19] = 1;
        list[23] = (byte) id.length;
        System.arraycopy(id, 0, list, 24, id.length);
        return list;
    }

    @Test
    public void specIPtRegistersOthersToo() {
        byte[] list = naming(transportId("iqn.2026-11.io.sluice:initiator,i,0x000000000003"));
        out(a, REGISTER, 0, list).expectGood();
        assertTrue(in(0).startsWith("00 00 00 01 00 00 00 10"));
        out(a, RESERVE, 6, 0x55, 0, 0).expectGood();
        write(c).expectGood();
        write(b).expectStatus(Status.RESERVATION_CONFLICT);
        put64(list, 0, 0x55);
        out(a, REGISTER, 0, list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        list[27]++;
        out(b, REGISTER, 0, list).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
    }

    @Test
    public void specIPtNamesNobodyWhoIsRegistered() {
        register(c, 0x33).expectGood();
        String before = in(0);
        byte[] list = naming(transportId("iqn.2026-11.io.sluice:initiator,i,0x000000000003"));
        out(a, REGISTER, 0, list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        list[20] |= ALL_TG_PT;
        out(a, REGISTER, 0, list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        assertEquals(before, in(0));
        out(c, REGISTER, 0, 0x33, 0, 0).expectGood();
        out(c, REGISTER, 0, 0, 0x33, ALL_TG_PT).expectGood();
        list[20] &= ~ALL_TG_PT;
        out(a, REGISTER, 0, list).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        out(c, RESERVE, 5, 0x33, 0, 0).expectGood();
    }

    /** A parameter list with SPEC_I_PT. */
    private static byte[] naming(byte[] ids) {
        byte[] list = new byte[28 + ids.length];
        put64(list, 8, 0x55);
        list[20] = 0x08;
        list[26] = (byte) (ids.length >> 8);
        list[27] = (byte) ids.length;
        System.arraycopy(ids, 0, list, 28, ids.length);
        return list;
    }

    private TestTask registerBeside(int first, int count) {
        ByteArrayOutputStream ids = new ByteArrayOutputStream();
        for (int isid = first; isid < first + count; isid++) {
            ids.writeBytes(transportId(String.format("iqn.2026-11.io.sluice:many,i,0x%012x", isid)));
        }
        return out(a, REGISTER, 0, naming(ids.toByteArray()));
    }

    @Test
    public void registrationsHaveAnEnd() {
        for (int first = 0; first < 1000; first += 100) {
            registerBeside(first, 100).expectGood();
            register(b, 1).expectGood();
            out(b, REGISTER_AND_IGNORE, 0, 1, 0, 0).expectGood();
            out(a, REGISTER, 0, 0x55, 0, 0).expectGood();
        }
        String before = in(0);
        registerBeside(1000, 100).expectSense(Sense.INSUFFICIENT_REGISTRATION_RESOURCES);
        assertEquals(before, in(0));
        registerBeside(1000, 23).expectGood();
        register(b, 1).expectSense(Sense.INSUFFICIENT_REGISTRATION_RESOURCES);
        out(a, REGISTER, 0, 0x55, 0x66, 0).expectGood();
    }

    @Test
    public void aTransportIdIsNoLongerThanANodeName() {
        String longest = "iqn.2026-11.io.sluice:" + "n".repeat(201);
        specified(longest + ",i,0x000000000001").expectGood();
        out(a, REGISTER, 0, 0x55, 0, 0).expectGood();
        specified(longest + "n,i,0x000000000001").expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    private TestTask specified(String port) {
        return out(a, REGISTER, 0, naming(transportId(port)));
    }
}
