package io.sluice.scsi.internal.unit;

import static org.junit.Assert.assertEquals;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.UnitState;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.internal.format.BlockRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

public class CopyManagerTest {

    private final CopyManager manager = new CopyManager();
    private final BlockDevice device = new BlockDevice(
            TestUnit.volume("disk", new BlockGeometry(1000, 512)),
            TestUnit.IDENTITY,
            new UnitOptions(true, false, false),
            UnitStateStore.NONE,
            UnitState.NEW,
            manager);
    private final List<RepresentationOfData> made = new ArrayList<>();

    private byte[] issue(String host, Duration timeout) {
        RepresentationOfData representation =
                new RepresentationOfData(device, new Host(host, ""), List.of(new BlockRun(0, 1)), 512, timeout);
        made.add(representation);
        device.representations().add(representation);
        return manager.issue(representation, new byte[32]);
    }

    /** Of how many the unit still has to know. */
    private long kept() {
        device.representations().changed(0, Long.MAX_VALUE);
        return made.stream().filter(RepresentationOfData::revoked).count();
    }

    @Test
    public void aUnitKnowsAsManyAsAHostMayHave() {
        for (int i = 0; i < 1000; i++) {
            issue("greedy", Duration.ofMinutes(10));
        }
        issue("modest", Duration.ofMinutes(10));
        assertEquals(65, kept());
    }

    @Test
    public void aUnitKnowsAsManyAsAllHostsTogetherMayHave() {
        for (int i = 0; i < 3000; i++) {
            issue("host" + i, Duration.ofMinutes(10));
        }
        assertEquals(1024, kept());
    }

    @Test
    public void whatIsDeletedOrExpiredIsForgotten() {
        manager.delete(issue("one", Duration.ofMinutes(10)));
        issue("two", Duration.ZERO);
        issue("three", Duration.ofMinutes(10));
        assertEquals(1, kept());
    }
}
