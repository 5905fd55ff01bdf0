package io.sluice.backstore.rbd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.RecordNotices;
import io.sluice.backstore.ability.SharedRecords;
import io.sluice.backstore.ability.Takeover;
import io.sluice.config.BackstoreConfig;
import io.sluice.testkit.TestContext;
import io.sluice.testkit.ceph.CephCluster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Test;

/** Two gateways with one image: who has the right to its blocks, and what becomes of the other one. */
public class SharedImageTest {

    @ClassRule
    public static final CephCluster CEPH = new CephCluster(CephCluster.Store.MEMORY);

    private static final int BLOCK = 4096;

    private final TestContext context = new TestContext("disk0");
    private final TestContext otherContext = new TestContext("disk0");
    private final List<Backstore> open = new ArrayList<>();
    private final String image = "image" + System.nanoTime();
    private Backstore first;
    private Backstore second;

    @Before
    public void openBoth() throws Exception {
        BackstoreConfig asked = BackstoreConfig.builder("disk0", "rbd")
                .sizeBytes(16L << 20)
                .blockSize(BLOCK)
                .options(Map.of("image", image, "conf", CEPH.conf().toString(), "shared", "yes"))
                .build();
        BackstoreProvider gateway = new RbdBackstoreProvider();
        BackstoreConfig config = await(gateway.create(asked, context));
        first = await(gateway.open(config, context));
        open.add(first);
        second = await(new RbdBackstoreProvider().open(config, otherContext));
        open.add(second);
    }

    @After
    public void closeAll() throws Exception {
        for (Backstore store : open) {
            await(store.close());
        }
        context.close();
        otherContext.close();
    }

    private static <T> T await(CompletionStage<T> operation) throws Exception {
        try {
            return operation.toCompletableFuture().get(60, TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static void take(Backstore store, boolean force) throws Exception {
        await(store.ability(Takeover.class).take(force));
    }

    private static void write(Backstore store, int value) throws Exception {
        byte[] bytes = new byte[BLOCK];
        java.util.Arrays.fill(bytes, (byte) value);
        ByteBuffer[] data = {ByteBuffer.allocateDirect(BLOCK).put(bytes).flip()};
        await(store.write(0, data, Durability.CACHED));
    }

    private static int read(Backstore store) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
        await(store.read(0, bytes));
        return bytes.get(BLOCK - 1);
    }

    @Test
    public void nobodyHasTheImageBecauseItIsOpen() throws Exception {
        assertThrows(
                BackstoreException.class,
                () -> await(first.ability(AllocatedSpace.class).allocatedBytes()));
        assertThrows(BackstoreException.class, () -> write(first, 1));
        assertEquals("", CEPH.rbd("lock", "ls", image).trim());
        take(second, false);
        write(second, 2);
        assertFalse(first.ability(Takeover.class).active());
    }

    @Test
    public void whoeverHasItKeepsItUntilItIsForced() throws Exception {
        take(first, false);
        write(first, 1);
        BackstoreException refused = assertThrows(BackstoreException.class, () -> take(second, false));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is in use by 127.0.0.1:"));
        write(first, 2);
        take(second, true);
        assertEquals(2, read(second));
        write(second, 3);
        assertThrows(BackstoreException.class, () -> write(first, 4));
        assertEquals(3, read(second));
        assertEquals(BackstoreHealth.State.FAILED, first.health().state());
        assertFalse(first.ability(Takeover.class).active());
        assertTrue(context.events().toString(), context.events().contains(BackstoreEvent.LOST));
    }

    @Test
    public void whoeverClosesItLetsTheOtherHaveIt() throws Exception {
        take(first, false);
        write(first, 1);
        open.remove(first);
        await(first.close());
        take(second, false);
        assertEquals(1, read(second));
    }

    @Test
    public void recordsAreSeenByBothAndNotWrittenByWhoIsShutOut() throws Exception {
        SharedRecords here = first.ability(SharedRecords.class);
        SharedRecords there = second.ability(SharedRecords.class);
        take(first, false);
        await(here.putRecord("state", new byte[] {1}));
        await(there.putRecord("gateway.b", new byte[] {2}));
        assertArrayEquals(new byte[] {1}, await(there.record("state")));
        assertArrayEquals(new byte[] {2}, await(here.record("gateway.b")));
        take(second, true);
        assertThrows(BackstoreException.class, () -> await(here.putRecord("state", new byte[] {3})));
        assertArrayEquals(new byte[] {1}, await(there.record("state")));
        assertEquals(
                "it notices without any I/O",
                BackstoreHealth.State.FAILED,
                first.health().state());
    }

    /** By the cluster: whoever is told has the records as they are now. */
    @Test
    public void whoeverListensIsToldAtOnce() throws Exception {
        BlockingQueue<Integer> heard = new LinkedBlockingQueue<>();
        SharedRecords there = second.ability(SharedRecords.class);
        second.ability(RecordNotices.class)
                .listen(() -> there.record("mail.a").thenAccept(record -> heard.add(record.length)));
        for (int i = 1; i <= 3; i++) {
            await(first.ability(SharedRecords.class).putRecord("mail.a", new byte[i]));
            long begun = System.nanoTime();
            await(first.ability(RecordNotices.class).announce());
            Integer length = heard.poll(5, TimeUnit.SECONDS);
            while (length != null && length < i) {
                length = heard.poll(5, TimeUnit.SECONDS);
            }
            assertEquals(Integer.valueOf(i), length);
            System.out.println("a notice took " + (System.nanoTime() - begun) / 1000 + " us");
        }
    }

    @Test
    public void recordsGoWithTheImage() throws Exception {
        take(first, false);
        await(first.ability(SharedRecords.class).putRecord("state", new byte[] {1}));
        CEPH.rbd("rename", image, image + "renamed");
        assertArrayEquals(
                new byte[] {1}, await(second.ability(SharedRecords.class).record("state")));
    }
}
