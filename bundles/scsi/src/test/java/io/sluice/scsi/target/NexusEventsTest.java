package io.sluice.scsi.target;

import static org.junit.Assert.assertEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.config.AccessState;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.NexusRights.View;
import io.sluice.scsi.Sense;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.Before;
import org.junit.Test;

/** What the listener of a nexus is told, beside the unit attention. */
public class NexusEventsTest {

    private static final String OTHER = "iqn.2026-11.io.sluice:other";
    private static final String TEST_UNIT_READY = "00 00 00 00 00 00";

    private final TestUnit unit = TestUnit.with(new UnitOptions(true, false, false, true, 50, 0));
    private TestInitiator other;

    @Before
    public void logIn() {
        other = TestInitiator.at(
                unit.target, 1, OTHER, new NexusRights(Map.of(6, new View(0, false)), false, false, ""));
        other.nexus.listener(other);
    }

    private void grow() {
        unit.store.resize(4096);
        unit.unit.volume().setGeometry(unit.store.geometry());
    }

    @Test(timeout = 60_000)
    public void anotherCapacity() throws Exception {
        grow();
        assertEquals(List.of("6 CAPACITY_DATA_HAS_CHANGED"), other.events(1));
        other.run(6, TEST_UNIT_READY).expectSense(Sense.CAPACITY_DATA_HAS_CHANGED);
    }

    @Test(timeout = 60_000)
    public void anotherAccessState() throws Exception {
        unit.target.setPorts(List.of(new ScsiTarget.Port(1, 1, AccessState.STANDBY)));
        assertEquals(List.of("6 ASYMMETRIC_ACCESS_STATE_CHANGED"), other.events(1));
        other.run(6, TEST_UNIT_READY).expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
    }

    @Test(timeout = 60_000)
    public void littleSpace() throws Exception {
        unit.store.enable(AllocatedSpace.class);
        unit.detach();
        unit.attach();
        unit.store.allocated = 2048 * 512;
        unit.write10(0, new byte[2048 * 512]).expectGood();
        assertEquals(List.of("6 THIN_PROVISIONING_SOFT_THRESHOLD_REACHED"), other.events(1));
    }

    @Test(timeout = 60_000)
    public void otherLunsOnceHoweverManyThereAre() throws Exception {
        TestInitiator all = TestInitiator.at(unit.target, 1, OTHER + "2", NexusRights.ALL);
        for (int lun = 1; lun < 5; lun++) {
            HeapBackstore store = new HeapBackstore(new BlockGeometry(2048, 512));
            unit.target.map(lun, unit.another("unit" + lun, (char) ('0' + lun), store), false);
        }
        for (int lun = 0; lun < 5; lun++) {
            all.run(lun, "03 00 00 00 ff 00").expectGood();
            all.run(lun, "03 00 00 00 ff 00").expectGood();
        }
        all.nexus.listener(all);
        unit.target.unmap(4).toCompletableFuture().join();
        assertEquals(List.of("0 REPORTED_LUNS_DATA_HAS_CHANGED"), all.events(1));
        unit.target.unmap(3).toCompletableFuture().join();
        for (int lun = 0; lun < 3; lun++) {
            all.run(lun, TEST_UNIT_READY).expectSense(Sense.REPORTED_LUNS_DATA_HAS_CHANGED);
        }
        grow();
        assertEquals(
                "once for all units, and not again while it is pending, and not for who sees no other LUNs",
                List.of("0 REPORTED_LUNS_DATA_HAS_CHANGED", "0 CAPACITY_DATA_HAS_CHANGED"),
                all.events(2));
        assertEquals(List.of("6 CAPACITY_DATA_HAS_CHANGED"), other.events(1));
    }

    @Test(timeout = 60_000)
    public void theFirstLunOfANexusThatSawNone() throws Exception {
        TestInitiator nothing =
                TestInitiator.at(unit.target, 1, OTHER + "3", new NexusRights(Map.of(), false, false, ""));
        nothing.nexus.listener(nothing);
        nothing.change(NexusRights.ALL);
        assertEquals(
                "through the well-known logical unit, which is there always",
                List.of("c101 REPORTED_LUNS_DATA_HAS_CHANGED"),
                nothing.events(1));
    }

    @Test(timeout = 60_000)
    public void aListenerThatIsStuckHoldsNobodyUp() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        other.nexus.listener((lun, sense) -> {
            told.countDown();
            try {
                release.await();
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        });
        try {
            grow();
            told.await();
            unit.target.setPorts(List.of(new ScsiTarget.Port(1, 1, AccessState.ACTIVE_NON_OPTIMIZED)));
            unit.testUnitReady().expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
            other.run(6, TEST_UNIT_READY).expectSense(Sense.ASYMMETRIC_ACCESS_STATE_CHANGED);
            other.close();
        } finally {
            release.countDown();
        }
    }
}
