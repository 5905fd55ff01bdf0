package io.sluice.scsi.target;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.AccessState;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.RemoteCommand;
import io.sluice.scsi.RunningErasure;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SharedAttention;
import io.sluice.scsi.SharedUnit;
import io.sluice.scsi.Status;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.Before;
import org.junit.Test;

/** A unit that another gateway has too. */
public class SharedUnitTest {

    private static final String REPORT_GROUPS = "a3 0a 00 00 00 00 00 00 00 ff 00 00";
    private static final String SET_GROUPS = "a4 0a 00 00 00 00 00 00 00 08 00 00";
    private static final String RESERVE_6 = "16 00 00 00 00 00";
    private static final String RELEASE_10 = "57 00 00 00 00 00 00 00 00 00";
    private static final String READ_CAPACITY_10 = "25 00 00 00 00 00 00 00 00 00";
    private static final String READ_KEYS = "5e 00 00 00 00 00 00 00 ff 00";
    private static final byte[] OWN_ACTIVE = {0, 0, 0, 0, 0, 0, 0, 1};
    private static final TargetPort THEIRS = new TargetPort("iqn.2026-11.io.sluice:there", 1, 0x3E9);

    private final TestUnit unit = TestUnit.thin();
    private final Partner partner = new Partner();

    /** Another gateway, whose answers are those of a test. */
    private final class Partner implements SharedUnit {
        private int refreshed;
        private boolean silent;
        private Runnable news = () -> {};
        private CompletableFuture<Void> taking = new CompletableFuture<>();
        private int taken;

        @Override
        public CompletionStage<Void> refresh() {
            refreshed++;
            news.run();
            return silent
                    ? CompletableFuture.failedFuture(new BackstoreException(Fault.NOT_READY, "on purpose"))
                    : CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> take() {
            taken++;
            return taking;
        }

        @Override
        public CompletableFuture<RemoteCommand.Answer> perform(RemoteCommand command) {
            return CompletableFuture.failedFuture(new CheckConditionException(Sense.ACCESS_STATE_STANDBY));
        }

        @Override
        public void established(SharedAttention attention) {
            // Nobody else is logged in.
        }
    }

    @Before
    public void share() {
        unit.target.setPorts(List.of(new ScsiTarget.Port(1, 1, AccessState.ACTIVE_OPTIMIZED)));
        unit.unit.share(partner);
        others(AccessState.ACTIVE_OPTIMIZED);
        attentions(unit.nexus);
    }

    private void others(AccessState state) {
        unit.unit.setOtherPorts(List.of(new SharedUnit.Port(THEIRS, state)));
    }

    private void attentions(Nexus nexus) {
        unit.run(nexus, "03 00 00 00 fc 00").expectGood();
        unit.run(nexus, "03 00 00 00 fc 00").expectGood();
    }

    private String groups() {
        return HexFormat.of().formatHex(unit.run(REPORT_GROUPS).expectGood().data());
    }

    @Test
    public void whatStandsByTellsWhatItIsAndLetsNobodyAtTheBlocks() {
        unit.detach().join();
        unit.testUnitReady().expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.read10(0, 1).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.write10(0, unit.pattern(1, 1)).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.run("12 00 00 00 ff 00").expectGood();
        unit.run("a0 00 00 00 00 00 00 00 00 ff 00 00").expectGood();
        assertEquals("00000018" + "020f000100000001" + "00000001" + "000f03e900000001" + "000003e9", groups());
        unit.run(READ_CAPACITY_10).expectGood(HexFormat.of().parseHex("000007ff00000200"));
        unit.run("9e 10 00 00 00 00 00 00 00 00 00 00 00 0c 00 00")
                .expectGood(HexFormat.of().parseHex("00000000000007ff00000200"));
        unit.write("3b 0a 00 00 00 00 00 00 04 00", new byte[] {1, 2, 3, 4}).expectGood();
        unit.run("3c 0a 00 00 00 00 00 00 04 00").expectGood(new byte[] {1, 2, 3, 4});
        unit.run("1d 04 00 00 00 00").expectGood();
        assertEquals(List.of(), unit.store.calls);
    }

    @Test
    public void bothStatesTurnWithTheDisk() {
        unit.unit.serve();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        others(AccessState.STANDBY);
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        others(AccessState.STANDBY);
        unit.testUnitReady().expectGood();
        assertEquals("00000018" + "000f000100000001" + "00000001" + "020f03e900000001" + "000003e9", groups());
        unit.unit.standBy();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.testUnitReady().expectSense(Sense.ACCESS_STATE_STANDBY);
    }

    @Test
    public void nothingIsChangedThatTheOtherGatewayKeepsAndDoesNotChange() {
        unit.write("5f 00 00 00 00 00 00 00 18 00", register(7)).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.write("5f 02 01 00 00 00 00 00 18 00", register(7)).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.write("15 10 00 00 18 00", new byte[24]).expectSense(Sense.ACCESS_STATE_STANDBY);
        assertEquals(0, unit.state.saves);
    }

    @Test
    public void whatIsAskedIsAskedOfTheOtherGatewayFirst() {
        partner.news = () -> others(AccessState.UNAVAILABLE);
        String told = groups();
        assertTrue(told, told.endsWith("030f03e900000001" + "000003e9"));
        int before = partner.refreshed;
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.run("12 00 00 00 ff 00").expectGood();
        unit.testUnitReady().expectSense(Sense.ACCESS_STATE_STANDBY);
        assertEquals("a command for the medium does not wait for that", before, partner.refreshed);
    }

    /** Somebody else may have taken the disk, and changed the reservations that this one remembers. */
    @Test
    public void nothingIsSaidOfReservationsWhileOthersCannotBeAsked() {
        unit.unit.serve();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.write("5f 00 00 00 00 00 00 00 18 00", register(7)).expectGood();
        byte[] key = new byte[24];
        key[7] = 7;
        unit.write("5f 01 01 00 00 00 00 00 18 00", key).expectGood();
        for (boolean serves : List.of(true, false)) {
            partner.silent = true;
            unit.write("5f 01 01 00 00 00 00 00 18 00", key).expectSense(Sense.ACCESS_STATE_TRANSITION);
            unit.write("5f 02 01 00 00 00 00 00 18 00", key).expectSense(Sense.ACCESS_STATE_TRANSITION);
            unit.run(READ_KEYS).expectSense(Sense.ACCESS_STATE_TRANSITION);
            unit.run(RESERVE_6).expectSense(Sense.ACCESS_STATE_TRANSITION);
            unit.run(RELEASE_10).expectSense(Sense.ACCESS_STATE_TRANSITION);
            unit.run(REPORT_GROUPS).expectGood();
            partner.silent = false;
            unit.run(READ_KEYS).expectGood();
            if (serves) {
                unit.unit.standBy();
                unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
            }
        }
        assertEquals(2, unit.state.saves);
    }

    @Test
    public void anInitiatorThatWantsThisPathGetsItWhenItIsServed() {
        Nexus other = unit.newNexusDuring(2);
        TestTask set = unit.write(SET_GROUPS, OWN_ACTIVE).expectRunning();
        assertEquals(1, partner.taken);
        unit.unit.serve();
        partner.taking.complete(null);
        set.expectGood();
        unit.testUnitReady().expectGood();
        unit.run(other, "00 00 00 00 00 00").expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.write(SET_GROUPS, OWN_ACTIVE).expectGood();
        assertEquals("it is here already", 1, partner.taken);
    }

    @Test
    public void whatCannotBeTakenIsSaid() {
        partner.taking.completeExceptionally(new IllegalStateException("on purpose"));
        unit.write(SET_GROUPS, OWN_ACTIVE).expectSense(Sense.SET_TARGET_PORT_GROUPS_COMMAND_FAILED);
        unit.testUnitReady().expectSense(Sense.ACCESS_STATE_STANDBY);
    }

    @Test
    public void portsOfTheOtherGatewayAreItsOwn() {
        unit.write(SET_GROUPS, new byte[] {0, 0, 0, 0, 0, 0, 3, (byte) 0xE9})
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
        assertEquals(0, partner.taken);
    }

    /** Its initiator has not been answered, but others have written since. */
    @Test
    public void aWriteThatBeganBeforeTheDiskWentAndCameBackIsNotDone() {
        unit.unit.serve();
        attentions(unit.nexus);
        TestTask late = unit.task(unit.nexus, "2a 00 00 00 00 05 00 00 01 00", unit.pattern(1, 9), 0)
                .holdData();
        unit.send(late).expectRunning();
        unit.unit.standBy();
        unit.unit.serve();
        late.deliver();
        late.expectSense(Sense.ACCESS_STATE_STANDBY);
        assertArrayEquals(new byte[512], unit.store.bytes(5, 1));
    }

    /** What the other gateway has saved meanwhile is newer. */
    @Test
    public void nothingIsSavedThatBeganBeforeTheDiskWent() {
        unit.unit.serve();
        attentions(unit.nexus);
        for (boolean back : new boolean[] {false, true}) {
            List<TestTask> late = List.of(
                    hold("5f 00 00 00 00 00 00 00 18 00", register(7)),
                    hold("5f 02 01 00 00 00 00 00 18 00", register(7)),
                    hold("55 11 00 00 00 00 00 00 1c 00", cachingPage()),
                    hold("48 01 00 00 00 00 00 00 05 00", new byte[] {1, 0, 0, 1, 0x5A}),
                    hold("04 10 00 00 00 00", new byte[4]),
                    hold("a4 06 00 00 00 00 00 00 00 02 00 00", new byte[] {65, 0}));
            unit.unit.standBy();
            if (back) {
                unit.unit.serve();
            }
            late.forEach(TestTask::deliver);
            late.forEach(task -> task.expectSense(Sense.ACCESS_STATE_STANDBY));
            unit.unit.serve();
            unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
            unit.testUnitReady().expectGood();
        }
        assertEquals(0, unit.state.saves);
        assertEquals(List.of(), unit.store.calls);
    }

    private TestTask hold(String cdb, byte[] list) {
        return unit.send(unit.task(unit.nexus, cdb, list, 0).holdData()).expectRunning();
    }

    /** With the write cache off, as nobody has it. */
    private byte[] cachingPage() {
        byte[] list = unit.run("5a 08 08 00 00 00 00 00 1c 00").expectGood().data();
        list[0] = 0;
        list[1] = 0;
        list[3] = 0;
        list[8] &= 0x3F;
        list[10] &= ~0x04;
        return Arrays.copyOf(list, 8 + 20);
    }

    /** An initiator that wants the disk wants it all the more. */
    @Test
    public void aPathIsWantedWhateverHasBecomeOfTheDiskMeanwhile() {
        unit.unit.serve();
        attentions(unit.nexus);
        TestTask set = hold(SET_GROUPS, OWN_ACTIVE);
        unit.unit.standBy();
        set.deliver();
        assertEquals(1, partner.taken);
        unit.unit.serve();
        partner.taking.complete(null);
        set.expectGood();
    }

    @Test
    public void whatCannotBeSavedBecauseTheDiskGoesIsToComeAgainElsewhere() {
        unit.unit.serve();
        attentions(unit.nexus);
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask register =
                unit.write("5f 00 00 00 00 00 00 00 18 00", register(7)).expectRunning();
        unit.unit.standBy();
        saving.completeExceptionally(new BackstoreException(Fault.NOT_READY, "it is not served here"));
        register.expectSense(Sense.ACCESS_STATE_STANDBY);
    }

    private static byte[] register(long key) {
        return ByteBuffer.allocate(24).putLong(8, key).array();
    }

    @Test
    public void theOtherGatewayGoesOnWithTheSameReservations() throws Exception {
        unit.unit.serve();
        attentions(unit.nexus);
        unit.write("5f 00 00 00 00 00 00 00 18 00", register(7)).expectGood();
        byte[] reserve = ByteBuffer.allocate(24).putLong(7).array();
        unit.write("5f 01 05 00 00 00 00 00 18 00", reserve).expectGood();
        byte[] keys = unit.run(READ_KEYS).expectGood().data();
        assertEquals("it counts", 1, ByteBuffer.wrap(keys).getInt());

        TestUnit there = TestUnit.thin();
        there.unit.share(partner);
        UnitState saved = unit.state.load();
        assertFalse("it was not to survive a loss of power", saved.persistThroughPowerLoss());
        there.unit.reload(saved).toCompletableFuture().join();
        there.unit.serve();
        there.run("03 00 00 00 fc 00").expectGood();
        assertArrayEquals(keys, there.run(READ_KEYS).expectGood().data());
        there.write10(0, there.pattern(1, 1)).expectGood();
        Nexus stranger = there.newNexusDuring(2);
        there.write(stranger, "2a 00 00 00 00 00 00 00 01 00", there.pattern(1, 2))
                .expectStatus(Status.RESERVATION_CONFLICT);
    }

    private static final String FORMAT = "04 00 00 00 00 00";

    /** Or it would serve a medium of which half is erased, and nobody would know. */
    @Test
    public void whoTakesAMediumThatIsBeingErasedErasesIt() throws Exception {
        unit.unit.serve();
        attentions(unit.nexus);
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask format = unit.run(FORMAT).expectRunning();
        UnitState saved = unit.state.load();
        unit.unit.standBy();
        format.expectSense(Sense.ACCESS_STATE_STANDBY);
        held.complete(null);
        assertEquals("it does not say that it has ended", 1, unit.state.saves);

        TestUnit there = TestUnit.thin();
        there.write10(0, there.pattern(2048, 1)).expectGood();
        there.unit.share(partner);
        CompletableFuture<Void> heldThere = there.store.holdNext();
        there.unit.reload(saved).toCompletableFuture().join();
        there.unit.serve();
        there.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        there.read10(0, 1).expectSense(Sense.FORMAT_IN_PROGRESS);
        heldThere.complete(null);
        there.read10(0, 1).expectGood();
        assertArrayEquals(new byte[2048 * 512], there.store.bytes(0, 2048));
    }

    @Test
    public void whoComesBackToAMediumThatAnotherGatewayHasErasedLeavesItAlone() {
        unit.unit.serve();
        attentions(unit.nexus);
        List<RunningErasure> begun = new ArrayList<>();
        unit.unit.listen(begun::add);
        CompletableFuture<Void> held = unit.store.holdNext();
        // Three times, so that there is something left to do after the write that is held.
        TestTask overwrite = unit.write("48 01 00 00 00 00 00 00 05 00", new byte[] {3, 0, 0, 1, 0x5A});
        overwrite.expectRunning();
        unit.unit.standBy();
        overwrite.expectSense(Sense.ACCESS_STATE_STANDBY);
        assertTrue(begun.get(0).over().toCompletableFuture().isCompletedExceptionally());
        byte[] newer = unit.pattern(2048, 1);
        unit.store.write(0, new ByteBuffer[] {ByteBuffer.wrap(newer)}, Durability.CACHED);
        held.complete(null);
        unit.unit.reload(UnitState.NEW).toCompletableFuture().join();
        unit.unit.serve();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        unit.read10(0, 1).expectGood();
        assertArrayEquals(newer, unit.store.bytes(0, 2048));
        assertEquals(1, begun.size());
    }

    /** It is not saved yet when the medium goes: whoever serves it next finds nothing, or does it. */
    @Test
    public void anErasureThatIsAboutToBeginDoesNotBeginElsewhere() {
        unit.unit.serve();
        attentions(unit.nexus);
        CompletableFuture<Void> saving = unit.state.holdNext();
        TestTask format = unit.run(FORMAT).expectRunning();
        unit.unit.standBy();
        saving.complete(null);
        format.expectSense(Sense.ACCESS_STATE_STANDBY);
        assertEquals(0, unit.store.unmaps);
        unit.unit.reload(unit.state.load()).toCompletableFuture().join();
        unit.unit.serve();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        assertEquals("it was saved", 1, unit.store.unmaps);
        unit.read10(0, 1).expectGood();
    }

    /** What is kept aside for it would be seen by one gateway alone. */
    @Test
    public void thereAreNoAtomicWrites() {
        unit.unit.serve();
        attentions(unit.nexus);
        unit.write("9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", unit.pattern(1, 1))
                .expectSense(Sense.INVALID_COMMAND_OPERATION_CODE);
        byte[] limits = unit.run("12 01 b0 00 ff 00").expectGood().data();
        assertEquals(0, ByteBuffer.wrap(limits).getInt(44));
    }
}
