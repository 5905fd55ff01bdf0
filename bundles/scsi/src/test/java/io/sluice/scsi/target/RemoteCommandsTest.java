package io.sluice.scsi.target;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.config.AccessState;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Lun;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Before;
import org.junit.Test;

/** Commands that come through a gateway which stands by, and are performed by the one that serves the unit. */
public class RemoteCommandsTest {

    private static final String INITIATOR = "iqn.2026-11.io.sluice:initiator";
    private static final TargetPort HERE = new TargetPort(TestUnit.TARGET, 1, 1);
    private static final TargetPort THERE = new TargetPort("iqn.2026-11.io.sluice:there", 1, 1001);
    private static final String REGISTER = "5f 00 00 00 00 00 00 00 18 00";
    private static final String REGISTER_AND_IGNORE = "5f 06 00 00 00 00 00 00 18 00";
    private static final String RESERVE = "5f 01 05 00 00 00 00 00 18 00";
    private static final String PREEMPT = "5f 04 05 00 00 00 00 00 18 00";
    private static final String PREEMPT_AND_ABORT = "5f 05 05 00 00 00 00 00 18 00";
    private static final String RELEASE = "5f 02 05 00 00 00 00 00 18 00";
    private static final String CLEAR = "5f 03 00 00 00 00 00 00 18 00";
    private static final String READ_KEYS = "5e 00 00 00 00 00 00 00 ff 00";
    private static final String FULL_STATUS = "5e 03 00 00 00 00 00 00 ff 00";
    private static final int ALL_TG_PT = 0x04;
    private static final int SPEC_I_PT = 0x08;

    private final TestUnit here = TestUnit.thin();
    private final TestUnit there = TestUnit.thin();
    private final ScsiTarget targetThere = new ScsiTarget(THERE.iscsiName());
    private final Partner partnerHere = new Partner();
    private final Partner partnerThere = new Partner();
    private Nexus nexusThere;

    /** The other gateway as a unit sees it. */
    private static final class Partner implements SharedUnit {
        private TestUnit server;
        private CompletableFuture<RemoteCommand.Answer> held;
        private final List<SharedAttention> told = new ArrayList<>();

        @Override
        public CompletionStage<Void> refresh() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> take() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
            return held != null
                    ? held
                    : server.unit.perform(command).toCompletableFuture().copy();
        }

        @Override
        public void established(SharedAttention attention) {
            told.add(attention);
        }
    }

    @Before
    public void share() throws Exception {
        here.target.setPorts(List.of(new ScsiTarget.Port(1, 1, AccessState.ACTIVE_OPTIMIZED)));
        here.unit.share(partnerHere);
        here.unit.setOtherPorts(List.of(new SharedUnit.Port(THERE, AccessState.STANDBY)));
        here.unit.serve();
        partnerThere.server = here;
        there.unit.share(partnerThere);
        targetThere.setPorts(List.of(new ScsiTarget.Port(1, 1001, AccessState.ACTIVE_OPTIMIZED)));
        targetThere.map(0, there.unit, false);
        nexusThere = logInThere(1, NexusRights.ALL);
        forget(here.target, here.nexus);
    }

    private Nexus logInThere(int isid, NexusRights rights) throws Exception {
        Nexus nexus = targetThere.open(new InitiatorPort(INITIATOR, isid), THERE, rights);
        forget(targetThere, nexus);
        return nexus;
    }

    /** REQUEST SENSE takes the unit attentions that are pending. */
    private static void forget(ScsiTarget target, Nexus nexus) {
        while (nextAttention(target, nexus) != 0) {
            // The next one may be pending.
        }
    }

    /** Returns code and qualifier of the next unit attention, or 0. */
    private static int nextAttention(ScsiTarget target, Nexus nexus) {
        TestTask sense = run(target, nexus, "03 00 00 00 fc 00", new byte[0]).expectGood();
        return ByteBuffer.wrap(sense.data()).getShort(12);
    }

    private static TestTask run(ScsiTarget target, Nexus nexus, String cdb, byte[] data) {
        TestTask task =
                new TestTask(nexus, 0, HexFormat.ofDelimiter(" ").parseHex(cdb), data, data.length == 0 ? 4096 : 0);
        target.execute(task);
        return task;
    }

    private TestTask runThere(String cdb, byte[] data) {
        return run(targetThere, nexusThere, cdb, data);
    }

    private static byte[] list(long key, long actionKey, int flags) {
        return ByteBuffer.allocate(24)
                .putLong(key)
                .putLong(actionKey)
                .put(20, (byte) flags)
                .array();
    }

    private byte[] fullStatus() {
        return here.run(FULL_STATUS).expectGood().data();
    }

    @Test
    public void aRegistrationIsThatOfTheNexusThatItCameThrough() {
        runThere(REGISTER, list(0, 0xB, 0)).expectGood();
        here.write(REGISTER, list(0, 0xA, 0)).expectGood();
        byte[] keys = here.run(READ_KEYS).expectGood().data();
        assertEquals("both", 16, ByteBuffer.wrap(keys).getInt(4));
        assertEquals(0xB, ByteBuffer.wrap(keys).getLong(8));
        assertEquals("the port there", 1001, ByteBuffer.wrap(fullStatus()).getShort(8 + 18) & 0xFFFF);
        assertEquals(
                2, here.unit.server().unit().durable().get().registrations().size());
        assertEquals("nothing is saved by who stands by", 0, there.state.saves);
    }

    @Test
    public void everyPortIsRegisteredThroughOne() {
        runThere(REGISTER, list(0, 0xB, ALL_TG_PT)).expectGood();
        here.write(RESERVE, list(0xB, 0, 0)).expectGood();
        runThere(RELEASE, list(0xB, 0, 0)).expectGood();
        assertEquals("RESERVATIONS RELEASED", 0x2A04, nextAttention(here.target, here.nexus));
        assertEquals("ALL_TG_PT", 0x02, fullStatus()[8 + 12] & 0x02);
    }

    @Test
    public void otherInitiatorsAreRegisteredToo() {
        byte[] name = (INITIATOR + "2,i,0x000000000007\0").getBytes(StandardCharsets.US_ASCII);
        int padded = (name.length + 3) / 4 * 4;
        byte[] list = ByteBuffer.allocate(28 + 4 + padded)
                .put(list(0, 0xB, SPEC_I_PT))
                .putInt(4 + padded)
                .put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) padded)
                .put(name)
                .array();
        runThere("5f 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 1) + " 00", list)
                .expectGood();
        List<String> names = here.unit.server().unit().durable().get().registrations().stream()
                .map(one -> one.initiator() + " " + one.isid() + " " + one.target())
                .toList();
        assertEquals(List.of(INITIATOR + "2 7 " + THERE.iscsiName(), INITIATOR + " 1 " + THERE.iscsiName()), names);
    }

    /** As the same commands are answered that are performed where they come. */
    @Test
    public void itIsAnsweredAsItWouldBeThere() {
        runThere(REGISTER, list(0, 0xB, 0)).expectGood();
        here.write(REGISTER, list(0, 0xB, 0)).expectGood();
        List<String> cdbs = List.of(
                RESERVE,
                RELEASE,
                CLEAR,
                PREEMPT,
                "5f 01 13 00 00 00 00 00 18 00",
                "5f 01 02 00 00 00 00 00 18 00",
                "5f 01 05 00 00 00 00 00 19 00",
                "5f 01 05 00 00 00 00 00 00 00",
                "5f 01 05 00 00 00 00 ff ff 00",
                "5f 01 05 00 00 00 00 00 30 00",
                "5f 01 05 01 00 00 00 00 18 00",
                "5f 1f 05 00 00 00 00 00 18 00",
                "15 10 00 00 18 00",
                "55 10 00 00 00 00 00 00 18 00",
                "55 10 00 00 00 00 00 ff ff 00",
                "15 10 00 00 00 00",
                "a4 06 00 00 00 00 00 00 00 18 06 00",
                "a4 06 00 00 00 00 00 00 ff ff 00 00");
        for (String cdb : cdbs) {
            TestTask expected = here.write(cdb, list(0xBAD, 0, 0));
            TestTask answered = runThere(cdb, list(0xBAD, 0, 0));
            assertEquals(cdb, expected.status(), answered.status());
            assertArrayEquals(cdb, expected.sense(), answered.sense());
        }
    }

    @Test
    public void aReservationHoldsAgainstOthers() throws Exception {
        runThere(REGISTER, list(0, 0xB, 0)).expectGood();
        runThere(RESERVE, list(0xB, 0, 0)).expectGood();
        assertEquals(
                Status.RESERVATION_CONFLICT, here.write10(0, here.pattern(1, 1)).status());
        Nexus stranger = logInThere(2, NexusRights.ALL);
        run(targetThere, stranger, CLEAR, list(0xC, 0, 0)).expectStatus(Status.RESERVATION_CONFLICT);
        runThere(CLEAR, list(0xB, 0, 0)).expectGood();
        here.write10(0, here.pattern(1, 1)).expectGood();
    }

    @Test
    public void whoIsPreemptedIsToldAtBothGateways() throws Exception {
        Nexus victimThere = logInThere(2, NexusRights.ALL);
        Nexus bystanderThere = logInThere(3, NexusRights.ALL);
        runThere(REGISTER, list(0, 0xB, 0)).expectGood();
        run(targetThere, victimThere, REGISTER, list(0, 0xC, 0)).expectGood();
        here.write(REGISTER, list(0, 0xC, 0)).expectGood();
        here.write(RESERVE, list(0xC, 0, 0)).expectGood();
        runThere(PREEMPT, list(0xB, 0xC, 0)).expectGood();
        assertEquals(0x2A05, nextAttention(here.target, here.nexus));
        partnerHere.told.forEach(there.unit::hear);
        assertEquals(0x2A05, nextAttention(targetThere, victimThere));
        assertEquals("it is not registered", 0, nextAttention(targetThere, bystanderThere));
        assertEquals("it has done it", 0, nextAttention(targetThere, nexusThere));
        partnerHere.told.clear();
        here.write(REGISTER, list(0, 0xC, 0)).expectGood();
        runThere(RELEASE, list(0xB, 0, 0)).expectGood();
        assertEquals(0x2A04, nextAttention(here.target, here.nexus));
        here.write(CLEAR, list(0xC, 0, 0)).expectGood();
        partnerHere.told.forEach(there.unit::hear);
        assertEquals("RESERVATIONS PREEMPTED", 0x2A03, nextAttention(targetThere, nexusThere));
        assertEquals(0, nextAttention(here.target, here.nexus));
    }

    @Test
    public void tasksThatArePreemptedAreAbortedWhereTheyAre() {
        runThere(REGISTER, list(0, 0xB, 0)).expectGood();
        here.write(REGISTER, list(0, 0xC, 0)).expectGood();
        here.write(RESERVE, list(0xC, 0, 0)).expectGood();
        TestTask write = here.task(here.nexus, "2a 00 00 00 00 00 00 00 01 00", here.pattern(1, 9), 0)
                .holdData();
        here.send(write).expectRunning();
        runThere(PREEMPT_AND_ABORT, list(0xB, 0xC, 0)).expectGood();
        write.expectAborted();
        assertArrayEquals(new byte[512], here.store.bytes(0, 1));
    }

    @Test
    public void modePagesAreThoseOfWhoServes() throws Exception {
        byte[] control = here.run("1a 08 0a 00 ff 00").expectGood().data();
        byte[] changed = Arrays.copyOf(control, control.length);
        changed[0] = 0;
        changed[4 + 2] ^= 0x04;
        Nexus other = logInThere(2, NexusRights.ALL);
        String select = "15 11 00 00 " + TestUnit.hex(control.length, 1) + " 00";
        runThere(select, changed).expectGood();
        assertEquals(0x2A01, nextAttention(here.target, here.nexus));
        assertTrue("D_SENSE", here.unit.server().unit().descriptorSense());
        assertEquals(1, here.state.saves);
        partnerHere.told.forEach(there.unit::hear);
        assertEquals(0x2A01, nextAttention(targetThere, other));
        assertEquals(0, nextAttention(targetThere, nexusThere));
    }

    @Test
    public void whoMayOnlyReadChangesNothing() throws Exception {
        Nexus reader = logInThere(2, new NexusRights(null, true, false, ""));
        run(targetThere, reader, REGISTER, list(0, 0xB, 0)).expectSense(Sense.WRITE_PROTECTED);
        assertEquals(0, ByteBuffer.wrap(here.run(READ_KEYS).data()).getInt());
    }

    /** Who writes the records of the storage could ask for anything. */
    @Test
    public void nothingElseIsPerformedForOthers() {
        for (String cdb : List.of("2a 00 00 00 00 00 00 00 01 00", "48 01 00 00 00 00 00 00 04 00", "ff 00", "00 00")) {
            byte[] bytes = Arrays.copyOf(HexFormat.ofDelimiter(" ").parseHex(cdb), 16);
            RemoteCommand.Answer answer = here.unit
                    .perform(new RemoteCommand(new InitiatorPort(INITIATOR, 1), THERE, bytes, new byte[512]))
                    .toCompletableFuture()
                    .join();
            assertEquals(cdb, Status.CHECK_CONDITION, answer.status());
            assertEquals(cdb, 0x20, answer.sense()[12]);
        }
        assertEquals(List.of(), here.store.calls);
    }

    @Test
    public void whoServesItNoMorePerformsNothing() {
        here.unit.standBy();
        runThere(REGISTER, list(0, 0xB, 0)).expectSense(Sense.ACCESS_STATE_STANDBY);
        assertEquals(0, here.state.saves);
    }

    @Test
    public void whatIsAbortedIsTakenBack() {
        partnerThere.held = new CompletableFuture<>();
        TestTask task = runThere(REGISTER_AND_IGNORE, list(0, 0xB, 0)).expectRunning();
        targetThere.manage(TaskManagementFunction.ABORT_TASK, nexusThere, Lun.encode(0), task);
        assertTrue(partnerThere.held.isCancelled());
        task.expectAborted();
    }

    @Test
    public void whatASessionLeavesBehindIsTakenBack() {
        partnerThere.held = new CompletableFuture<>();
        TestTask task = runThere(REGISTER_AND_IGNORE, list(0, 0xB, 0)).expectRunning();
        assertFalse(partnerThere.held.isDone());
        targetThere.close(nexusThere);
        assertTrue(partnerThere.held.isCancelled());
        task.expectAborted();
    }
}
