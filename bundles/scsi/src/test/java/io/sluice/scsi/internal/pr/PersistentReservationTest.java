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
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.Test;

/** PERSISTENT RESERVE IN and OUT, and RESERVE and RELEASE beside them (SPC-5 5.14, SPC-2 5.5.1). */
public class PersistentReservationTest extends ThreeHosts {

    private static final int CLEAR = 3;
    private static final int[] TYPES = {1, 3, 5, 6, 7, 8};

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
    public void whoUnregistersWithoutARegistrationChangesNothing() {
        out(a, REGISTER, 0, 0, 0x11, 1).expectGood();
        out(a, RESERVE, 5, 0x11, 0, 0).expectGood();
        String before = in(0);
        register(c, 0).expectGood();
        out(c, REGISTER_AND_IGNORE, 0, 0, 0, 0).expectGood();
        assertEquals(before, in(0));
        unit = unit.restarted();
        write(unit.newNexus(9)).expectStatus(Status.RESERVATION_CONFLICT);
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

    /** SPC-2 5.5.1: who has reserved a unit one way does not get at the other. */
    @Test
    public void whoHasReservedDoesNotRegister() {
        unit.run(a, "16 00 00 00 00 00").expectGood();
        register(a, 1).expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(a, "5e 00 00 00 00 00 00 00 ff 00").expectStatus(Status.RESERVATION_CONFLICT);
        unit.run(a, "00 00 00 00 00 00").expectGood();
        unit.run(a, "17 00 00 00 00 00").expectGood();
        register(a, 1).expectGood();
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
