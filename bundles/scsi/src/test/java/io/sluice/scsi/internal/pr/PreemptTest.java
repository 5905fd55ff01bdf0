package io.sluice.scsi.internal.pr;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestTask;
import java.util.HexFormat;
import org.junit.Test;

/** PERSISTENT RESERVE OUT with PREEMPT and PREEMPT AND ABORT (SPC-5 5.14.11). */
public class PreemptTest extends ThreeHosts {

    private static final int PREEMPT = 4;
    private static final int PREEMPT_AND_ABORT = 5;

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
        register(b, 2).expectGood();
        out(a, PREEMPT, 0, 1, 2, 0).expectGood();
        expectAttention(b, Sense.REGISTRATIONS_PREEMPTED);
        register(b, 2).expectGood();
        out(a, PREEMPT, 0xF5, 1, 2, 0).expectGood();
        expectAttention(b, Sense.REGISTRATIONS_PREEMPTED);
        register(b, 2).expectGood();
        out(b, PREEMPT, 0, 2, 1, 0).expectSense(Sense.INVALID_FIELD_IN_CDB);
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
}
