package io.sluice.scsi.internal.pr;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

public class PersistentReservationTest {

    private static final int REGISTER = 0;
    private static final int RESERVE = 1;
    private static final int RELEASE = 2;
    private static final int CLEAR = 3;
    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;
    private static final int REGISTER_AND_IGNORE = 6;
    private static final int REGISTER_AND_MOVE = 7;
    private static final int[] TYPES = {1, 3, 5, 6, 7, 8};
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private TestUnit unit = TestUnit.thin();
    private final Nexus a = unit.nexus;
    private final Nexus b = unit.newNexus(2);
    private final Nexus c = unit.newNexus(3);

    private TestTask out(Nexus nexus, int action, int type, long key, long actionKey, int flags) {
        byte[] list = new byte[24];
        put64(list, 0, key);
        put64(list, 8, actionKey);
        list[20] = (byte) flags;
        return out(nexus, action, type, list);
    }

    private TestTask out(Nexus nexus, int action, int type, byte[] list) {
        String cdb = String.format("5f %02x %02x 00 00 %s 00", action, type, TestUnit.hex(list.length, 4));
        return unit.write(nexus, cdb, list);
    }

    private TestTask register(Nexus nexus, long key) {
        return out(nexus, REGISTER, 0, 0, key, 0);
    }

    private static void put64(byte[] bytes, int offset, long value) {
        for (int i = 0; i < 8; i++) {
            bytes[offset + i] = (byte) (value >>> (56 - 8 * i));
        }
    }

    private String in(int action) {
        return in(a, action);
    }

    private String in(Nexus nexus, int action) {
        byte[] data = unit.run(nexus, String.format("5e %02x 00 00 00 00 00 ff ff 00", action))
                .expectGood()
                .data();
        int length = action == 2 ? 8 : 8 + (data[6] & 0xFF) * 256 + (data[7] & 0xFF);
        return HexFormat.ofDelimiter(" ").formatHex(data, 0, length);
    }

    private TestTask write(Nexus nexus) {
        return unit.write(nexus, WRITE, new byte[512]);
    }

    private void expectAttention(Nexus nexus, Sense sense) {
        unit.run(nexus, "00 00 00 00 00 00").expectSense(sense);
    }

    private void expectNoAttention(Nexus nexus) {
        unit.run(nexus, "00 00 00 00 00 00").expectGood();
    }

    @Test
    public void keysAreRegisteredChangedAndRemoved() {
        assertEquals("00 00 00 00 00 00 00 00", in(0));
        register(a, 0x11).expectGood();
        register(b, 0x22).expectGood();
        assertEquals("00 00 00 02 00 00 00 10 00 00 00 00 00 00 00 11 00 00 00 00 00 00 00 22", in(0));
        out(a, REGISTER, 0, 0x99, 0x33, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(a, REGISTER, 0, 0x11, 0x33, 0).expectGood();
        out(b, REGISTER_AND_IGNORE, 0, 0x99, 0x44, 0).expectGood();
        assertEquals("00 00 00 04 00 00 00 10 00 00 00 00 00 00 00 33 00 00 00 00 00 00 00 44", in(0));
        out(a, REGISTER, 0, 0x33, 0, 0).expectGood();
        out(b, REGISTER_AND_IGNORE, 0, 0, 0, 0).expectGood();
        assertEquals("00 00 00 06 00 00 00 00", in(0));
        register(c, 0).expectGood();
        out(c, REGISTER, 0, 5, 6, 0).expectStatus(Status.RESERVATION_CONFLICT);
    }

    /** SPC-5 table of persistent reservations: who may read and write under each type. */
    @Test
    public void accessUnderEveryType() {
        for (int type : TYPES) {
            unit = TestUnit.thin();
            Nexus holder = unit.nexus;
            Nexus registered = unit.newNexus(2);
            Nexus stranger = unit.newNexus(3);
            register(holder, 1).expectGood();
            register(registered, 2).expectGood();
            out(holder, RESERVE, type, 1, 0, 0).expectGood();
            boolean registrants = type >= 5;
            boolean othersRead = type == 1 || type == 5 || type == 7;
            unit.run(holder, READ).expectGood();
            write(holder).expectGood();
            expectAllowed(unit.run(registered, READ), registrants || othersRead);
            expectAllowed(write(registered), registrants);
            expectAllowed(unit.run(stranger, READ), othersRead);
            expectAllowed(write(stranger), false);
            unit.run(stranger, "00 00 00 00 00 00").expectGood();
            unit.run(stranger, "12 00 00 00 ff 00").expectGood();
            unit.run(stranger, "1a 08 08 00 ff 00").expectStatus(Status.RESERVATION_CONFLICT);
            unit.run(stranger, "1b 00 00 00 01 00").expectGood();
            unit.run(stranger, "1b 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
            unit.run(stranger, "1e 00 00 00 00 00").expectGood();
            unit.run(stranger, "1e 00 00 00 01 00").expectStatus(Status.RESERVATION_CONFLICT);
        }
    }

    private static void expectAllowed(TestTask task, boolean allowed) {
        task.expectStatus(allowed ? Status.GOOD : Status.RESERVATION_CONFLICT);
    }

    @Test
    public void aReservationIsReadBack() {
        assertEquals("00 00 00 00 00 00 00 00", in(1));
        register(a, 0x11).expectGood();
        out(a, RESERVE, 5, 0x11, 0, 0).expectGood();
        assertEquals("00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 11 00 00 00 00 00 05 00 00", in(1));
        out(a, RELEASE, 5, 0x11, 0, 0).expectGood();
        out(a, RESERVE, 8, 0x11, 0, 0).expectGood();
        assertEquals("00 00 00 01 00 00 00 10 00 00 00 00 00 00 00 00 00 00 00 00 00 08 00 00", in(1));
    }

    @Test
    public void whoMayReserveAndRelease() {
        out(a, RESERVE, 5, 0, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 5, 9, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(a, RESERVE, 2, 1, 0, 0).expectSense(Sense.INVALID_FIELD_IN_CDB);
        out(a, RESERVE, 0x15, 1, 0, 0).expectSense(Sense.INVALID_FIELD_IN_CDB);
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(a, RESERVE, 6, 1, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(b, RESERVE, 5, 2, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(b, RELEASE, 5, 2, 0, 0).expectGood();
        out(b, RELEASE, 5, 9, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(a, RELEASE, 6, 1, 0, 0).expectSense(Sense.INVALID_RELEASE_OF_PERSISTENT_RESERVATION);
        out(a, RELEASE, 5, 1, 0, 0).expectGood();
        expectAttention(b, Sense.RESERVATIONS_RELEASED);
        expectNoAttention(a);
        expectNoAttention(c);
        out(a, RESERVE, 1, 1, 0, 0).expectGood();
        out(a, RELEASE, 1, 1, 0, 0).expectGood();
        expectNoAttention(b);
    }

    @Test
    public void allRegistrantsHoldTogether() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 7, 1, 0, 0).expectGood();
        out(b, RESERVE, 7, 2, 0, 0).expectGood();
        out(a, REGISTER, 0, 1, 0, 0).expectGood();
        write(b).expectGood();
        assertTrue(in(1).endsWith("00 07 00 00"));
        out(b, REGISTER, 0, 2, 0, 0).expectGood();
        assertEquals("gone with the last registrant", "00 00 00 04 00 00 00 00", in(1));
    }

    @Test
    public void aHolderThatUnregistersReleases() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(a, REGISTER, 0, 1, 0, 0).expectGood();
        expectAttention(b, Sense.RESERVATIONS_RELEASED);
        write(c).expectGood();
    }

    @Test
    public void clearTellsAllOthers() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(c, CLEAR, 0, 0, 0, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(b, CLEAR, 0, 2, 0, 0).expectGood();
        expectAttention(a, Sense.RESERVATIONS_PREEMPTED);
        expectNoAttention(b);
        assertEquals("00 00 00 03 00 00 00 00", in(0));
    }

    @Test
    public void preemptTakesTheReservationOver() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        register(c, 3).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(b, PREEMPT, 6, 2, 1, 0).expectGood();
        assertTrue(in(b, 1), in(b, 1).contains("00 00 00 00 00 00 00 02 00 00 00 00 00 06"));
        expectAttention(a, Sense.REGISTRATIONS_PREEMPTED);
        expectAttention(c, Sense.RESERVATIONS_RELEASED);
        expectNoAttention(b);
        write(a).expectStatus(Status.RESERVATION_CONFLICT);
        write(c).expectGood();
        out(a, PREEMPT, 5, 1, 2, 0).expectStatus(Status.RESERVATION_CONFLICT);
    }

    @Test
    public void preemptOfRegistrationsLeavesTheReservation() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        register(c, 2).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        out(a, PREEMPT, 5, 1, 9, 0).expectStatus(Status.RESERVATION_CONFLICT);
        out(a, PREEMPT, 5, 1, 0, 0).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        out(a, PREEMPT, 5, 1, 2, 0).expectGood();
        expectAttention(b, Sense.REGISTRATIONS_PREEMPTED);
        expectAttention(c, Sense.REGISTRATIONS_PREEMPTED);
        assertEquals("00 00 00 04 00 00 00 08 00 00 00 00 00 00 00 01", in(0));
        assertTrue(in(1).contains("00 05"));
    }

    @Test
    public void preemptOfAllRegistrantsByKeyZero() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 7, 1, 0, 0).expectGood();
        out(b, PREEMPT, 5, 2, 0, 0).expectGood();
        assertEquals("00 00 00 03 00 00 00 08 00 00 00 00 00 00 00 02", in(b, 0));
        assertTrue(in(b, 1).endsWith("00 05 00 00"));
        expectAttention(a, Sense.REGISTRATIONS_PREEMPTED);
    }

    @Test
    public void preemptAndAbortEndsTheTasksOfThePreempted() {
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        TestTask stuck = unit.send(unit.task(a, WRITE, new byte[512], 0).holdData());
        TestTask own = unit.send(unit.task(c, READ, new byte[0], 512)).expectGood();
        out(b, PREEMPT_AND_ABORT, 5, 2, 1, 0).expectGood();
        stuck.expectAborted();
        own.expectGood();
        expectAttention(a, Sense.REGISTRATIONS_PREEMPTED);
        expectAttention(a, Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
    }

    @Test
    public void preemptAndAbortWithTaskAbortedStatus() {
        byte[] tas = HexFormat.ofDelimiter(" ").parseHex("00 00 00 00 0a 0a 00 10 00 40 00 00 ff ff 00 00");
        unit.write(b, "15 10 00 00 10 00", tas).expectGood();
        expectAttention(a, Sense.MODE_PARAMETERS_CHANGED);
        register(a, 1).expectGood();
        register(b, 2).expectGood();
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        TestTask stuck = unit.send(unit.task(a, WRITE, new byte[512], 0).holdData());
        out(b, PREEMPT_AND_ABORT, 5, 2, 1, 0).expectGood();
        stuck.expectStatus(Status.TASK_ABORTED);
        expectAttention(a, Sense.REGISTRATIONS_PREEMPTED);
    }

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

    @Test
    public void registerAndMoveThatIsWrong() {
        String other = "iqn.2026-11.io.sluice:initiator,i,0x000000000002";
        register(a, 1).expectGood();
        out(a, REGISTER_AND_MOVE, 0, moveList(1, 7, false, other)).expectStatus(Status.RESERVATION_CONFLICT);
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

    private static byte[] transportId(String name) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        int length = Math.max(20, (text.length / 4 + 1) * 4);
        byte[] id = new byte[4 + length];
        id[0] = 0x45;
        id[3] = (byte) length;
        System.arraycopy(text, 0, id, 4, text.length);
        return id;
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

    /** As a record beside the blocks, which has room for fewer. */
    @Test
    public void registrationsEndWhereTheirStateHasNoRoom() {
        String before = in(0);
        CompletableFuture<Void> save = unit.state.holdNext();
        save.completeExceptionally(new BackstoreException(Fault.OUT_OF_SPACE, "on purpose"));
        out(b, REGISTER, 0, 0, 0x22, 1).expectSense(Sense.INSUFFICIENT_REGISTRATION_RESOURCES);
        assertEquals(before, in(0));
        out(b, REGISTER, 0, 0, 0x22, 1).expectGood();
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

    @Test
    public void fullStatusAndCapabilities() {
        register(a, 0x11).expectGood();
        out(b, REGISTER, 0, 0, 0x22, 0x04).expectGood();
        out(a, RESERVE, 5, 0x11, 0, 0).expectGood();
        String name =
                HexFormat.ofDelimiter(" ").formatHex(transportId("iqn.2026-11.io.sluice:initiator,i,0x000000000001"));
        String status = in(3);
        assertTrue(
                status,
                status.contains("00 00 00 00 00 00 00 11 00 00 00 00 01 05 00 00 00 00 00 01 00 00 00 38 " + name));
        assertTrue(status, status.contains("00 00 00 00 00 00 00 22 00 00 00 00 02 00 00 00 00 00 00 00 00 00 00 38"));
        assertEquals("00 08 1d 80 ea 01 00 00", in(2));
        out(a, REGISTER, 0, 0x11, 0x12, 1).expectGood();
        assertEquals("00 08 1d 81 ea 01 00 00", in(2));
    }

    @Test
    public void whatIsPersistentSurvivesARestart() {
        out(a, REGISTER, 0, 0, 0x11, 1).expectGood();
        out(b, REGISTER, 0, 0, 0x22, 1).expectGood();
        out(a, RESERVE, 5, 0x11, 0, 0).expectGood();
        unit = unit.restarted();
        Nexus sameAsA = unit.nexus;
        Nexus stranger = unit.newNexus(9);
        write(stranger).expectStatus(Status.RESERVATION_CONFLICT);
        assertEquals(
                "the generation begins at 0",
                "00 00 00 00 00 00 00 10 00 00 00 00 00 00 00 11 00 00 00 00 00 00 00 22",
                in(sameAsA, 0));
        write(sameAsA).expectGood();
        out(sameAsA, REGISTER, 0, 0x11, 0x11, 0).expectGood();
        unit = unit.restarted();
        write(unit.newNexus(9)).expectGood();
        assertEquals("00 00 00 00 00 00 00 00", in(unit.nexus, 0));
    }

    @Test
    public void aChangeThatCannotBeSavedIsNotMade() {
        out(a, REGISTER, 0, 0, 0x11, 1).expectGood();
        unit.state.failing = true;
        out(b, REGISTER, 0, 0, 0x22, 1).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        out(a, RESERVE, 5, 0x11, 0, 0).expectSense(Sense.INTERNAL_TARGET_FAILURE);
        assertEquals("00 00 00 01 00 00 00 08 00 00 00 00 00 00 00 11", in(0));
        assertEquals("00 00 00 01 00 00 00 00", in(1));
    }

    @Test
    public void reservationsSurviveResetAndLogout() {
        register(a, 1).expectGood();
        out(a, RESERVE, 3, 1, 0, 0).expectGood();
        unit.target
                .manage(TaskManagementFunction.LOGICAL_UNIT_RESET, b, 0, null)
                .toCompletableFuture()
                .join();
        expectAttention(b, Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
        unit.target.close(a);
        write(b).expectStatus(Status.RESERVATION_CONFLICT);
        Nexus again = unit.newNexus(1);
        write(again).expectGood();
    }

    @Test
    public void listsOfAWrongLength() {
        for (int length : new int[] {0, 23, 25}) {
            out(a, REGISTER, 0, new byte[length]).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        unit.write("5f 00 00 00 00 00 00 40 00 00", new byte[0x4000]).expectSense(Sense.PARAMETER_LIST_LENGTH_ERROR);
        out(a, RESERVE, 5, 0, 0, 0x08).expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        unit.run("5e 04 00 00 00 00 00 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.write("5f 08 00 00 00 00 00 00 18 00", new byte[24]).expectSense(Sense.INVALID_FIELD_IN_CDB);
    }

    @Test
    public void reserveAndRelease() {
        unit.run(a, "16 00 00 00 00 00").expectGood();
        unit.run(a, "56 00 00 00 00 00 00 00 00 00").expectGood();
        unit.run(b, "16 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, READ).expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, "00 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, "12 00 00 00 ff 00").expectGood();
        unit.run(b, "5e 00 00 00 00 00 00 00 ff 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, "17 00 00 00 00 00").expectGood();
        write(b).expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(a, "57 00 00 00 00 00 00 00 00 00").expectGood();
        write(b).expectGood();
        unit.run(b, "16 00 00 00 00 00").expectGood();
        unit.target.close(b);
        write(a).expectGood();
    }

    /** SPC-5 5.14.3: with registrations, RESERVE conflicts, but a holder gets GOOD without effect. */
    @Test
    public void compatibleReservationHandling() {
        register(a, 1).expectGood();
        unit.run(a, "16 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, "16 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        out(a, RESERVE, 5, 1, 0, 0).expectGood();
        unit.run(a, "16 00 00 00 00 00").expectGood();
        unit.run(a, "17 00 00 00 00 00").expectGood();
        unit.run(b, "17 00 00 00 00 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(b, READ).expectGood();
    }
}
