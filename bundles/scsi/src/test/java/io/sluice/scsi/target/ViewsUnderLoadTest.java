package io.sluice.scsi.target;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.HeapBackstore;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.NexusRights.View;
import io.sluice.scsi.Status;
import io.sluice.scsi.TestInitiator;
import io.sluice.scsi.TestTask;
import io.sluice.scsi.TestUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.After;
import org.junit.Test;

/**
 * What a nexus sees changes while it writes: LUN 0 is now a unit that it may write, now another one that it may only read. When
 * a change is complete, nothing comes through the old view any more.
 */
public class ViewsUnderLoadTest {

    private static final int ROUNDS = 1000;
    private static final String READ = "28 00 00 00 00 00 00 00 01 00";
    private static final String WRITE = "2a 00 00 00 00 00 00 00 01 00";

    private final TestUnit unit = TestUnit.thin();
    private final HeapBackstore secondStore = new HeapBackstore(new BlockGeometry(2048, 512, 4096));
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private volatile boolean over;

    @After
    public void stop() {
        over = true;
        writer.shutdown();
    }

    private static NexusRights sees(int of, boolean readOnly) {
        return new NexusRights(Map.of(0, new View(of, readOnly)), false, false, "");
    }

    private static byte[] filled(int value) {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) value);
        return block;
    }

    private int write(TestInitiator other) {
        int good = 0;
        for (int value = 1; !over; value = value % 100 + 1) {
            TestTask task = other.write(0, WRITE, filled(value)).await();
            good += task.ended() && task.status() == Status.GOOD ? 1 : 0;
        }
        return good;
    }

    private static byte[] read(TestInitiator other) {
        TestTask read = other.run(0, READ).await();
        while (read.status() != Status.GOOD) {
            read = other.run(0, READ).await();
        }
        return read.data();
    }

    @Test
    public void nothingComesThroughAnOldView() {
        unit.target.map(1, unit.another("second", 'a', secondStore), false);
        TestInitiator first = TestInitiator.at(unit.target, 1, "iqn.2026-11.io.sluice:first", sees(1, false));
        byte[] untouched = filled(0xEE);
        while (first.write(0, WRITE, untouched).await().status() != Status.GOOD) {
            // One unit attention after the other.
        }
        TestInitiator other = TestInitiator.at(unit.target, 1, "iqn.2026-11.io.sluice:other", sees(0, false));
        CompletableFuture<Integer> good = CompletableFuture.supplyAsync(() -> write(other), writer);
        for (int round = 0; round < ROUNDS; round++) {
            unit.target.change(other.nexus, sees(1, true)).toCompletableFuture().join();
            byte[] left = unit.store.bytes(0, 1);
            assertArrayEquals("round " + round, untouched, read(other));
            assertArrayEquals("late in round " + round, left, unit.store.bytes(0, 1));
            assertArrayEquals("never written", untouched, secondStore.bytes(0, 1));
            unit.target
                    .change(other.nexus, sees(0, false))
                    .toCompletableFuture()
                    .join();
            assertTrue("round " + round, !Arrays.equals(untouched, read(other)));
        }
        over = true;
        assertTrue("it has written", good.join() > 0);
    }
}
