package io.sluice.scsi.target;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.config.AccessState;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.Lun;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.Before;
import org.junit.Test;

/** One unit through two ports of a target and a port of another one: what multipath sees is true. */
public class TargetPortsTest {

    private static final String SECOND = "iqn.2026-11.io.sluice:second";
    private static final String STRANGER = "iqn.2026-11.io.sluice:stranger";
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";
    private static final String REPORT_GROUPS = "a3 0a 00 00 00 00 00 00 00 ff 00 00";
    private static final String SET_GROUPS = "a4 0a 00 00 00 00 00 00 00 08 00 00";
    private static final NexusRights USES = new NexusRights(null, false, false, "");

    private final TestUnit unit = TestUnit.thin();
    private final ScsiTarget second = new ScsiTarget(SECOND);

    @Before
    public void reachItThroughThreePorts() {
        unit.target.setPorts(List.of(
                new ScsiTarget.Port(1, 1, AccessState.ACTIVE_OPTIMIZED),
                new ScsiTarget.Port(7, 0x207, AccessState.STANDBY)));
        second.setPorts(List.of(new ScsiTarget.Port(1, 4, AccessState.ACTIVE_NON_OPTIMIZED)));
        second.map(5, unit.unit, false);
        unit.run("03 00 00 00 ff 00").expectGood();
    }

    private TestInitiator through(ScsiTarget target, int tag, int number, NexusRights rights) {
        TestInitiator initiator =
                new TestInitiator(target, new TargetPort(target.name(), tag, number), TestInitiator.HOST, rights);
        for (int lun : new int[] {0, 5}) {
            initiator.run(lun, "03 00 00 00 ff 00").expectGood();
        }
        return initiator;
    }

    private static String hex(TestTask task) {
        return HexFormat.ofDelimiter(" ").formatHex(task.expectGood().data());
    }

    private static final String GROUPS = "00 0f 00 01 00 00 00 01 00 00 00 01 "
            + "01 0f 00 04 00 00 00 01 00 00 00 04 "
            + "02 0f 02 07 00 00 00 01 00 00 02 07";

    @Test
    public void everyPathReportsTheGroupsOfAllTargetsInOneAnswer() {
        TestInitiator standby = through(unit.target, 7, 0x207, USES);
        TestInitiator there = through(second, 1, 4, USES);
        assertEquals("00 00 00 24 " + GROUPS, hex(unit.run(REPORT_GROUPS)));
        assertEquals("00 00 00 24 " + GROUPS, hex(standby.run(0, REPORT_GROUPS)));
        assertEquals("00 00 00 24 " + GROUPS, hex(there.run(5, REPORT_GROUPS)));
        assertEquals("00 00 00 28 10 00 00 00 " + GROUPS, hex(there.run(5, "a3 2a 00 00 00 00 00 00 00 ff 00 00")));
        unit.testUnitReady().expectGood();
        standby.run(0, TEST_UNIT_READY).expectSense(Sense.ACCESS_STATE_STANDBY);
        standby.run(0, "25 00 00 00 00 00 00 00 00 00").expectGood();
        there.run(5, TEST_UNIT_READY).expectGood();
    }

    @Test
    public void eachPathKnowsItsPort() {
        byte[] page = through(unit.target, 7, 0x207, USES)
                .run(0, "12 01 83 01 ff 00")
                .expectGood()
                .data();
        String text = HexFormat.ofDelimiter(" ").formatHex(page);
        assertTrue("relative target port", text.contains("51 94 00 04 00 00 02 07"));
        assertTrue("target port group", text.contains("51 95 00 04 00 00 02 07"));
        assertTrue(new String(page, StandardCharsets.ISO_8859_1).contains(TestUnit.TARGET + ",t,0x0007"));
    }

    @Test
    public void theScsiPortsPageListsThePortsOfTheTargetAlone() {
        byte[] page = unit.run("12 01 88 01 ff 00").expectGood().data();
        String text = new String(page, StandardCharsets.ISO_8859_1);
        assertEquals(1, page[6] << 8 | page[7]);
        assertTrue(text.contains(TestUnit.TARGET + ",t,0x0001"));
        assertTrue(text.contains(TestUnit.TARGET + ",t,0x0007"));
        assertFalse("the name of a target that may be hidden", text.contains(SECOND));
    }

    @Test
    public void aStateThatIsSetHoldsForItsPortAndAllAreToldButWhoSetIt() {
        TestInitiator there = through(second, 1, 4, USES);
        TestInitiator standby = through(unit.target, 7, 0x207, NexusRights.ALL);
        standby.write(0, SET_GROUPS, new byte[] {0, 0, 0, 0, 1, 0, 2, 7}).expectGood();
        standby.run(0, TEST_UNIT_READY).expectGood();
        unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        there.run(5, TEST_UNIT_READY).expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        assertEquals("01 0f 02 07 00 01", hex(unit.run(REPORT_GROUPS)).substring(84, 101));
        assertEquals(
                List.of(AccessState.ACTIVE_OPTIMIZED, AccessState.ACTIVE_NON_OPTIMIZED),
                unit.target.ports().stream().map(ScsiTarget.Port::accessState).toList());
        standby.write(0, SET_GROUPS, new byte[] {0, 0, 0, 0, 0, 0, 0, 9})
                .expectSense(Sense.INVALID_FIELD_IN_PARAMETER_LIST);
    }

    @Test
    public void whoSetsAStateIsToldOfItByTheOtherUnits() {
        unit.target.map(1, unit.another("beside", 'b', new HeapBackstore(new BlockGeometry(2048, 512))), false);
        TestInitiator host = through(unit.target, 1, 1, NexusRights.ALL);
        host.run(1, "03 00 00 00 ff 00").expectGood();
        host.write(0, SET_GROUPS, new byte[] {0, 0, 0, 0, 1, 0, 0, 1}).expectGood();
        host.run(0, TEST_UNIT_READY).expectGood();
        host.run(1, TEST_UNIT_READY).expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
    }

    /** A host does not take a path for usable by its size. */
    @Test
    public void anUnavailablePathTellsNoCapacity() {
        TestInitiator host = through(unit.target, 1, 1, NexusRights.ALL);
        host.write(0, SET_GROUPS, new byte[] {0, 0, 0, 0, 3, 0, 0, 1}).expectGood();
        for (String capacity :
                List.of("25 00 00 00 00 00 00 00 00 00", "9e 10 00 00 00 00 00 00 00 00 00 00 00 20 00 00")) {
            host.run(0, capacity).expectSense(Sense.ACCESS_STATE_UNAVAILABLE);
        }
    }

    @Test
    public void thePortOfAnotherTargetTakesTheRightThere() {
        byte[] list = {0, 0, 0, 0, 2, 0, 0, 4};
        unit.write(SET_GROUPS, list).expectSense(Sense.ACCESS_DENIED_NO_ACCESS_RIGHTS);
        TestInitiator there = through(second, 1, 4, USES);
        unit.write(SET_GROUPS, list).expectSense(Sense.ACCESS_DENIED_NO_ACCESS_RIGHTS);
        there.change(NexusRights.ALL);
        unit.write(SET_GROUPS, list).expectGood();
        there.run(5, TEST_UNIT_READY).expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
        there.run(5, TEST_UNIT_READY).expectSense(Sense.ACCESS_STATE_STANDBY);
        unit.testUnitReady().expectGood();
    }

    @Test
    public void withoutTheRightStatesAreImplicit() {
        TestInitiator user = through(unit.target, 1, 1, USES);
        user.write(0, SET_GROUPS, new byte[] {0, 0, 0, 0, 2, 0, 0, 1})
                .expectSense(Sense.ACCESS_DENIED_NO_ACCESS_RIGHTS);
        assertEquals(0x10, user.run(0, "12 00 00 00 24 00").expectGood().data()[5] & 0x30);
        assertEquals(0x30, unit.run("12 00 00 00 24 00").expectGood().data()[5] & 0x30);
        String one = "a3 0c 02 a4 00 0a 00 00 00 ff 00 00";
        assertEquals("00 01 00 00", hex(user.run(0, one)));
        assertEquals("00 03 00 0c", hex(unit.run(one)).substring(0, 11));
        String all = "a3 0c 00 00 00 00 00 00 ff ff 00 00";
        assertFalse(hex(user.run(0, all)).contains("a4 00 00 0a 00 01"));
        assertTrue(hex(unit.run(all)).contains("a4 00 00 0a 00 01"));
    }

    @Test
    public void aUnitAtTwoLunsOfATargetHasItsPortsOnce() {
        second.map(6, unit.unit, false);
        assertEquals("00 00 00 24 " + GROUPS, hex(unit.run(REPORT_GROUPS)));
        second.unmap(6).toCompletableFuture().join();
        assertEquals("00 00 00 24 " + GROUPS, hex(unit.run(REPORT_GROUPS)));
    }

    @Test
    public void aUnitThatIsUnmappedFromATargetForgetsItsPorts() {
        second.unmap(5).toCompletableFuture().join();
        assertEquals("00 00 00 18 00 0f 00 01", hex(unit.run(REPORT_GROUPS)).substring(0, 23));
    }

    @Test
    public void fullStatusTellsTheNumberThatThePortHasNow() {
        TestInitiator there = through(second, 1, 4, USES);
        byte[] register = new byte[24];
        register[15] = 1;
        there.write(5, "5f 00 00 00 00 00 00 00 18 00", register).expectGood();
        assertEquals(4, unit.run("5e 03 00 00 00 00 00 00 ff 00").expectGood().data()[8 + 19]);
        second.setPorts(List.of(new ScsiTarget.Port(1, 6, AccessState.ACTIVE_OPTIMIZED)));
        unit.run("03 00 00 00 ff 00").expectGood();
        assertEquals(6, unit.run("5e 03 00 00 00 00 00 00 ff 00").expectGood().data()[8 + 19]);
    }

    private static TaskManagementResponse reset(TestInitiator by, TaskManagementFunction function, int lun) {
        return by.target
                .manage(function, by.nexus, Lun.encode(lun), null)
                .toCompletableFuture()
                .join();
    }

    @Test
    public void aTargetResetThatHitsOthersTakesTheRight() {
        TestInitiator user = through(unit.target, 1, 1, USES);
        assertEquals(
                "its own other nexus is hit alone",
                TaskManagementResponse.FUNCTION_COMPLETE,
                reset(user, TaskManagementFunction.TARGET_RESET, 0));
        TestInitiator stranger = TestInitiator.at(second, 4, STRANGER, USES);
        TestTask waits = stranger.send(
                stranger.task(5, "2a 00 00 00 00 00 00 00 01 00", new byte[512]).holdData());
        assertEquals(TaskManagementResponse.AUTHORIZATION_FAILED, reset(user, TaskManagementFunction.TARGET_RESET, 0));
        waits.expectRunning();
        stranger.run(5, TEST_UNIT_READY).expectGood();
        stranger.change(new NexusRights(Map.of(), false, false, ""));
        assertEquals(
                "the stranger sees nothing of it",
                TaskManagementResponse.FUNCTION_COMPLETE,
                reset(user, TaskManagementFunction.TARGET_RESET, 0));
        TestInitiator here = TestInitiator.at(unit.target, 1, STRANGER, new NexusRights(Map.of(), false, false, ""));
        assertEquals(
                "a cold reset would end the stranger's session",
                TaskManagementResponse.AUTHORIZATION_FAILED,
                reset(user, TaskManagementFunction.TARGET_RESET, 0));
        user.change(NexusRights.ALL);
        assertEquals(TaskManagementResponse.FUNCTION_COMPLETE, reset(user, TaskManagementFunction.TARGET_RESET, 0));
        here.close();
    }

    @Test
    public void aLogicalUnitResetIsEverybodysRight() {
        TestInitiator stranger = TestInitiator.at(second, 4, STRANGER, USES);
        assertEquals(
                TaskManagementResponse.FUNCTION_COMPLETE,
                reset(stranger, TaskManagementFunction.LOGICAL_UNIT_RESET, 5));
        unit.testUnitReady().expectSense(Sense.BUS_DEVICE_RESET_FUNCTION_OCCURRED);
    }
}
