package io.sluice.scsi.target;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.Lun;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.NexusRights.View;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.Before;
import org.junit.Test;

/** What a nexus sees of its target, and what becomes of it when that changes. */
public class NexusViewTest {

    private static final String OTHER = "iqn.2026-11.io.sluice:other";
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private final TestUnit unit = TestUnit.thin();
    private final HeapBackstore secondStore = new HeapBackstore(new BlockGeometry(2048, 512, 4096));
    private final LogicalUnit second = unit.another("second", 'a', secondStore);

    @Before
    public void mapASecondUnit() {
        unit.target.map(1, second, false);
    }

    private static NexusRights sees(Map<Integer, View> luns) {
        return new NexusRights(luns, false, false, "");
    }

    private static TaskManagementResponse manage(TaskManagementFunction function, TestInitiator by, int lun) {
        return by.target
                .manage(function, by.nexus, Lun.encode(lun), null)
                .toCompletableFuture()
                .join();
    }

    private TestInitiator logIn(NexusRights rights) {
        return TestInitiator.at(unit.target, 1, OTHER, rights);
    }

    @Test
    public void aNexusSeesTheLunsOfItsViewByItsNumbers() {
        TestInitiator other = logIn(sees(Map.of(0, new View(1, false), 5, new View(9, false))));
        assertEquals("LUN 9 of the target is not mapped", List.of(0), other.luns(0));
        other.write(0, WRITE, unit.pattern(1, 7)).expectGood();
        assertArrayEquals(unit.pattern(1, 7), secondStore.bytes(0, 1));
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
        other.run(1, READ).expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        assertEquals(0x7F, other.run(1, "12 00 00 00 24 00").expectGood().data()[0]);
        other.run(1, "12 01 83 00 ff 00").expectSense(Sense.INVALID_FIELD_IN_CDB);
        unit.target.map(9, unit.unit, false);
        assertEquals(List.of(0, 5), other.luns(0));
        other.run(5, TEST_UNIT_READY).expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        other.run(5, READ).expectGood();
    }

    /** Limits are looked up whenever a table is made. */
    @Test
    public void manyLunsAreOneChangeForThoseWhoMaySeeThem() {
        AtomicInteger made = new AtomicInteger();
        ScsiTarget target = new ScsiTarget(
                "iqn.2026-11.io.sluice:many",
                initiator -> {
                    made.incrementAndGet();
                    return InitiatorLimit.NONE;
                },
                new Semaphore(InitiatorLimits.NAMED));
        List<TestInitiator> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(TestInitiator.at(target, 1, OTHER + i, NexusRights.ALL));
            TestInitiator.at(target, 1, OTHER + "-" + i, sees(Map.of(0, new View(77, false))));
        }
        TestInitiator one = TestInitiator.at(target, 1, OTHER, sees(Map.of(0, new View(7, false))));
        List<Integer> luns = IntStream.range(0, 50).boxed().toList();
        made.set(0);
        target.map(luns.stream()
                .map(lun -> new ScsiTarget.Mapping(lun, second, lun == 9))
                .toList());
        assertEquals("those who see all, and one of them", 6, made.get());
        assertEquals(luns, all.get(4).luns(0));
        assertEquals(List.of(0), one.luns(0));
        made.set(0);
        target.unmap(luns.subList(10, 50)).toCompletableFuture().join();
        assertEquals("LUN 7 stays", 5, made.get());
        assertEquals(luns.subList(0, 10), all.get(4).luns(0));
        assertEquals(List.of(0), one.luns(0));
        ScsiTarget.Mapping again = new ScsiTarget.Mapping(3, second, false);
        assertThrows(
                IllegalStateException.class,
                () -> target.map(List.of(new ScsiTarget.Mapping(20, second, false), again)));
        assertThrows(
                IllegalStateException.class,
                () -> target.map(
                        List.of(new ScsiTarget.Mapping(20, second, false), new ScsiTarget.Mapping(20, second, false))));
        assertEquals("nothing of it is mapped", luns.subList(0, 10), all.get(4).luns(0));
    }

    @Test
    public void aHiddenLunIsAsOneThatIsNotThere() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false))));
        for (int opcode = 0; opcode < 256; opcode++) {
            for (String rest :
                    new String[] {" 00 00 00 ff 00", " 01 83 00 ff 00", " 05 00 00 00 00 00 00 00 00 00 ff 00"}) {
                String cdb = String.format("%02x%s", opcode, rest);
                TestTask hidden = other.run(1, cdb);
                TestTask absent = other.run(7, cdb).expectStatus(hidden.status());
                assertArrayEquals(cdb, absent.sense(), hidden.sense());
                assertArrayEquals(cdb, absent.data(), hidden.data());
            }
        }
        for (TaskManagementFunction function : TaskManagementFunction.values()) {
            assertEquals(function.name(), manage(function, other, 7), manage(function, other, 1));
        }
    }

    @Test
    public void aNexusThatSeesNothingMayAskForLuns() {
        TestInitiator other = logIn(sees(Map.of()));
        assertEquals(List.of(), other.luns(0));
        other.run(0, READ).expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        assertEquals(TaskManagementResponse.INCORRECT_LUN, manage(TaskManagementFunction.LOGICAL_UNIT_RESET, other, 0));
        unit.testUnitReady().expectSense(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        unit.testUnitReady().expectGood();
    }

    @Test
    public void onlyWhoSeesALunIsToldOfIt() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false))));
        unit.run("03 00 00 00 ff 00").expectGood();
        unit.target.unmap(1).toCompletableFuture().join();
        unit.testUnitReady().expectSense(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        other.run(0, TEST_UNIT_READY).expectGood();
    }

    private static final Map<String, Integer> WRITES = Map.ofEntries(
            Map.entry("0a 00 00 00 01 00", 512),
            Map.entry(WRITE, 512),
            Map.entry("aa 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("8a 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("2e 00 00 00 00 00 00 00 01 00", 512),
            Map.entry("8e 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("ae 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("41 00 00 00 00 00 00 00 01 00", 512),
            Map.entry("93 01 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 0),
            Map.entry("42 00 00 00 00 00 00 00 18 00", 24),
            Map.entry("89 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 1024),
            Map.entry("8b 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("9c 00 00 00 00 00 00 00 00 00 00 00 00 01 00 00", 512),
            Map.entry("83 11 00 00 00 00 00 00 00 01 00 00 02 28 00 00", 552),
            Map.entry("04 00 00 00 00 00", 0),
            Map.entry("48 02 00 00 00 00 00 00 00 00", 0));

    private static void expectReadOnly(TestInitiator initiator, int lun) {
        WRITES.forEach(
                (cdb, length) -> initiator.write(lun, cdb, new byte[length]).expectSense(Sense.WRITE_PROTECTED));
        initiator.run(lun, READ).expectGood();
        assertEquals(
                "WP", 0x80, initiator.run(lun, "1a 08 3f 00 ff 00").expectGood().data()[2] & 0x80);
        byte[] register = new byte[24];
        register[15] = 1;
        initiator.write(lun, "5f 00 00 00 00 00 00 00 18 00", register).expectSense(Sense.WRITE_PROTECTED);
    }

    @Test
    public void aViewOrARightForReadingOnlyRefusesEveryWrite() {
        byte[] before = unit.pattern(1, 3);
        unit.run("03 00 00 00 ff 00").expectGood();
        unit.write10(0, before).expectGood();
        TestInitiator byView = logIn(sees(Map.of(0, new View(0, true), 1, new View(1, false))));
        expectReadOnly(byView, 0);
        byView.write(1, WRITE, before).expectGood();
        expectReadOnly(TestInitiator.at(unit.target, 1, OTHER + "2", new NexusRights(null, true, true, "")), 0);
        assertArrayEquals(before, unit.store.bytes(0, 1));
        unit.write10(0, unit.pattern(1, 4)).expectGood();
    }

    @Test
    public void whatIsTakenAwayEndsAndTheRestIsTold() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false), 1, new View(1, false))));
        unit.run("03 00 00 00 ff 00").expectGood();
        TestTask waits = other.send(other.task(0, WRITE, new byte[512]).holdData());
        CompletableFuture<Void> held = unit.store.holdNext();
        TestTask runs = other.write(0, WRITE, unit.pattern(1, 5)).expectRunning();
        TestTask stays = other.send(other.task(1, WRITE, new byte[512]).holdData());
        TestTask ofAnother =
                unit.send(unit.task(unit.nexus, WRITE, new byte[512], 0).holdData());
        CompletableFuture<Void> changed = unit.target
                .change(other.nexus, sees(Map.of(1, new View(1, false))))
                .toCompletableFuture();
        waits.expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        stays.expectRunning();
        ofAnother.expectRunning();
        assertFalse(changed.isDone());
        held.complete(null);
        runs.expectGood();
        assertTrue(changed.isDone());
        other.run(0, READ).expectSense(Sense.LOGICAL_UNIT_NOT_SUPPORTED);
        other.run(1, TEST_UNIT_READY).expectSense(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        assertEquals(List.of(1), other.luns(1));
        unit.testUnitReady().expectGood();
        ofAnother.deliver();
        ofAnother.expectGood();
    }

    @Test
    public void aNexusThatSeesTheSameNoticesNothing() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false))));
        TestTask waits = other.send(other.task(0, WRITE, unit.pattern(1, 5)).holdData());
        other.change(new NexusRights(Map.of(0, new View(0, false)), false, true, "somebody"));
        other.run(0, TEST_UNIT_READY).expectGood();
        waits.deliver();
        waits.expectGood();
        unit.target.change(unit.nexus, NexusRights.ALL).toCompletableFuture().join();
        unit.run("03 00 00 00 ff 00").expectGood();
        unit.testUnitReady().expectGood();
    }

    @Test
    public void theRightToWriteEndsForWhatHasNotBegun() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false), 1, new View(1, false))));
        TestTask waits = other.send(other.task(0, WRITE, unit.pattern(1, 5)).holdData());
        other.change(sees(Map.of(0, new View(0, true), 1, new View(1, false))));
        waits.deliver();
        waits.expectSense(Sense.WRITE_PROTECTED);
        assertArrayEquals(new byte[512], unit.store.bytes(0, 1));
        other.run(0, TEST_UNIT_READY).expectSense(Sense.MODE_PARAMETERS_CHANGED);
        other.write(0, WRITE, new byte[512]).expectSense(Sense.WRITE_PROTECTED);
        other.run(1, TEST_UNIT_READY).expectGood();
        other.change(sees(Map.of(0, new View(0, false), 1, new View(1, false))));
        other.run(0, TEST_UNIT_READY).expectSense(Sense.MODE_PARAMETERS_CHANGED);
        other.write(0, WRITE, new byte[512]).expectGood();
    }

    @Test
    public void aReserveEndsWithItsNexusAlsoIfTheLunWasTakenAwayFirst() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false))));
        unit.run("03 00 00 00 ff 00").expectGood();
        other.run(0, "16 00 00 00 00 00").expectGood();
        other.change(sees(Map.of()));
        unit.read10(0, 1).expectStatus(Status.RESERVATION_CONFLICT);
        other.close();
        unit.read10(0, 1).expectGood();
    }

    @Test
    public void aLunMayBecomeAnotherUnit() {
        TestInitiator other = logIn(sees(Map.of(0, new View(0, false))));
        other.change(sees(Map.of(0, new View(1, false))));
        other.run(0, TEST_UNIT_READY).expectSense(Sense.POWER_ON_RESET_OR_BUS_DEVICE_RESET_OCCURRED);
        other.write(0, WRITE, unit.pattern(1, 8)).expectGood();
        assertArrayEquals(unit.pattern(1, 8), secondStore.bytes(0, 1));
    }
}
