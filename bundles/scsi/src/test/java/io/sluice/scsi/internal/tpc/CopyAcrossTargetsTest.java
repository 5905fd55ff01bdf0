package io.sluice.scsi.internal.tpc;

import static io.sluice.scsi.internal.tpc.CopyLists.list;
import static io.sluice.scsi.internal.tpc.CopyLists.ranges;
import static io.sluice.scsi.internal.tpc.CopyLists.segment;
import static io.sluice.scsi.internal.tpc.CopyLists.target;
import static org.junit.Assert.assertArrayEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.AccessState;
import io.sluice.config.UnitIdentity;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.NexusRights.View;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.Before;
import org.junit.Test;

/** Copies from a unit of one target to a unit of another one: as far as the same host reaches both, and not further. */
public class CopyAcrossTargetsTest {

    private static final String STRANGER = "iqn.2026-11.io.sluice:stranger";
    private static final UnitIdentity SECOND = new UnitIdentity("6a2b3c4d5e6f708192a3b4c5d6e7f8aa", "second");
    private static final byte[][] BOTH = {target(TestUnit.IDENTITY), target(SECOND)};
    private static final int BLOCKS = 8192;

    private final TestUnit unit = TestUnit.with(new BlockGeometry(BLOCKS, 512));
    private final HeapBackstore secondStore = new HeapBackstore(new BlockGeometry(BLOCKS, 512));
    private final LogicalUnit second = unit.another("second", 'a', secondStore);
    private final ScsiTarget elsewhere = new ScsiTarget("iqn.2026-11.io.sluice:elsewhere");
    private final byte[] data = unit.pattern(BLOCKS, 3);

    @Before
    public void mapTheSecondUnitIntoAnotherTarget() {
        elsewhere.setPorts(List.of(new ScsiTarget.Port(1, 2, AccessState.ACTIVE_OPTIMIZED)));
        elsewhere.map(3, second, false);
        unit.write10(0, data).expectGood();
    }

    private static NexusRights as(String principal) {
        return new NexusRights(null, false, false, principal);
    }

    private TestInitiator here(NexusRights rights) {
        return TestInitiator.at(unit.target, 1, TestInitiator.HOST, rights);
    }

    private TestInitiator there(NexusRights rights) {
        return TestInitiator.at(elsewhere, 2, TestInitiator.HOST, rights);
    }

    private static TestTask copy(TestInitiator by, int lun, byte[] list) {
        return by.write(lun, "83 00 00 00 00 00 00 00 00 00 " + TestUnit.hex(list.length, 4) + " 00 00", list);
    }

    private static byte[] token(TestInitiator by, int lun) {
        byte[] list = ranges(14, 10, 100);
        by.write(lun, "83 10 00 00 00 00 00 00 00 2a " + TestUnit.hex(list.length, 4) + " 00 00", list)
                .expectGood();
        byte[] information = by.run(lun, "84 07 00 00 00 2a 00 00 00 00 00 00 02 26 00 00")
                .expectGood()
                .data();
        return Arrays.copyOfRange(information, 38, 38 + 512);
    }

    private static TestTask write(TestInitiator by, int lun, byte[] token) {
        byte[] list = ranges(534, 0, 100);
        System.arraycopy(token, 0, list, 16, 512);
        return by.write(lun, "83 11 00 00 00 00 00 00 00 2b " + TestUnit.hex(list.length, 4) + " 00 00", list)
                .await();
    }

    @Test
    public void aHostCopiesBetweenItsTargets() {
        TestInitiator here = here(as("somebody"));
        TestInitiator there = there(as("somebody"));
        copy(here, 0, list(1, BOTH, segment(0, 1, 5000, 10, 100))).await().expectGood();
        assertArrayEquals(Arrays.copyOfRange(data, 10 * 512, 5010 * 512), secondStore.bytes(100, 5000));
        copy(there, 3, list(1, BOTH, segment(0, 1, 5, 0, 0))).await().expectGood();
        assertArrayEquals(Arrays.copyOf(data, 5 * 512), secondStore.bytes(0, 5));
        write(there, 3, token(here, 0)).expectGood();
        assertArrayEquals(Arrays.copyOfRange(data, 10 * 512, 110 * 512), secondStore.bytes(0, 100));
    }

    private void expectNoWay(TestInitiator here) {
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 0, 0))).expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        copy(here, 0, list(1, BOTH, segment(1, 0, 5, 0, 0))).expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
    }

    @Test
    public void whatTheHostDoesNotReachIsNotThere() {
        TestInitiator here = here(as("somebody"));
        expectNoWay(here);
        TestInitiator pretends = there(as("somebody else"));
        expectNoWay(here);
        TestInitiator stranger = TestInitiator.at(elsewhere, 2, STRANGER, as("somebody"));
        expectNoWay(here);
        TestInitiator hidden = there(new NexusRights(Map.of(0, new View(0, false)), false, false, "somebody"));
        expectNoWay(here);
        pretends.close();
        stranger.close();
        hidden.change(new NexusRights(Map.of(7, new View(3, false)), false, false, "somebody"));
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 0, 0))).await().expectGood();
        hidden.close();
        expectNoWay(here);
        assertArrayEquals(data, unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void aCopyMayDoWhatTheNexusMayThatItTakes() {
        TestInitiator here = here(as("somebody"));
        TestInitiator there = there(new NexusRights(null, true, false, "somebody"));
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 0, 0))).expectSense(Sense.WRITE_PROTECTED);
        write(there, 3, token(here, 0)).expectSense(Sense.WRITE_PROTECTED);
        assertArrayEquals(new byte[512], secondStore.bytes(0, 1));
        copy(here, 0, list(1, BOTH, segment(1, 0, 5, 0, 0))).await().expectGood();
        assertArrayEquals(new byte[5 * 512], unit.store.bytes(0, 5));
        there(as("somebody"));
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 10, 0))).await().expectGood();
        assertArrayEquals(Arrays.copyOfRange(data, 10 * 512, 15 * 512), secondStore.bytes(0, 5));
    }

    @Test
    public void aCopyIsHeldToTheReservationsOfBothUnits() {
        TestInitiator here = here(as("somebody"));
        TestInitiator there = there(as("somebody"));
        TestInitiator stranger = TestInitiator.at(elsewhere, 2, STRANGER, as("x"));
        stranger.run(3, "16 00 00 00 00 00").expectGood();
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 0, 0)))
                .await()
                .expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        stranger.close();
        there.run(3, "16 00 00 00 00 00").expectGood();
        copy(here, 0, list(1, BOTH, segment(0, 1, 5, 0, 0))).await().expectGood();
    }

    @Test
    public void aTokenIsWorthNothingToAnother() {
        byte[] token = token(here(as("somebody")), 0);
        TestInitiator stranger = TestInitiator.at(unit.target, 1, STRANGER, as("somebody"));
        write(stranger, 0, token).expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN);
        TestInitiator pretends = here(as("somebody else"));
        write(pretends, 0, token).expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_UNKNOWN);
        assertArrayEquals(data, unit.store.bytes(0, BLOCKS));
    }

    @Test
    public void aTokenEndsWhenTheHostDoesNotSeeTheSourceAnyMore() {
        TestInitiator here = here(as("somebody"));
        TestInitiator there = there(as("somebody"));
        byte[] token = token(here, 0);
        here.change(new NexusRights(Map.of(), false, false, "somebody"));
        write(there, 3, token).expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
        here.change(as("somebody"));
        write(there, 3, token).expectSense(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED);
        assertArrayEquals(new byte[512], secondStore.bytes(0, 1));
    }

    @Test(timeout = 60_000)
    public void aCopyEndsWithTheNexusThatItTakes() {
        TestInitiator here = here(as("somebody"));
        TestInitiator there = there(as("somebody"));
        CompletableFuture<Void> held = secondStore.holdNext();
        TestTask task = copy(here, 0, list(1, BOTH, segment(0, 1, 8000, 0, 0))).expectRunning();
        while (secondStore.lastWriter == null) {
            Thread.onSpinWait();
        }
        CompletableFuture<Void> closed = there.target.close(there.nexus).toCompletableFuture();
        held.complete(null);
        task.await().expectSense(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        closed.join();
        assertArrayEquals(new byte[512], secondStore.bytes(7999, 1));
        here.run(0, "28 00 00 00 00 00 00 00 01 00").expectGood();
    }
}
