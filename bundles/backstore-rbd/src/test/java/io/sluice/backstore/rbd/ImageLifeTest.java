package io.sluice.backstore.rbd;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/** What happens to an image besides reading and writing: others take it, change it, or the cluster is silent. */
public class ImageLifeTest extends ImageFixture {

    // Who has it

    @Test
    public void anImageInUseIsWaitedFor() throws Exception {
        Backstore first = open(config);
        write(first, 0, 1);
        BackstoreException refused = failure(Fault.NOT_READY, otherGateway.open(config, otherContext));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is in use by 127.0.0.1:"));
        write(first, 0, 2);
        close(first);
        assertEquals(2, read(open(otherGateway, config, otherContext), 0));
    }

    @Test
    public void twoDisksOfOneGatewayNeverTakeAnImageFromEachOther() throws Exception {
        BackstoreConfig taking = config.withOption("takeover", "break");
        Backstore first = open(taking);
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(taking, otherContext));
        assertTrue(refused.getMessage(), refused.getMessage().contains("in use by backstore disk0"));
        assertThrows(ConfigException.class, () -> await(gateway.create(asked(0, false), otherContext)));
        write(first, 0, 1);
    }

    @Test
    public void whoeverLosesAnImageIsShutOut() throws Exception {
        Backstore first = open(config);
        write(first, 0, 1);
        Backstore second = open(otherGateway, config.withOption("takeover", "break"), otherContext);
        assertEquals(1, read(second, 0));
        write(second, 0, 2);
        BackstoreException refused = failure(Fault.NOT_READY, first.write(0, data(3), Durability.CACHED));
        assertTrue(refused.getMessage(), refused.getMessage().contains(image));
        assertEquals(BackstoreHealth.State.FAILED, first.health().state());
        assertTrue(first.health().reason(), first.health().reason().contains("backstore:reopen disk0"));
        assertEquals("it is not opened again by itself", List.of(BackstoreEvent.HEALTH_CHANGED), context.events());
        failure(Fault.NOT_READY, first.read(0, ByteBuffer.allocateDirect(BLOCK)));
        failure(Fault.NOT_READY, first.flush());
        assertEquals("nothing of the first has arrived", 2, read(second, 0));
        close(first);
        close(second);
        Backstore again = open(config);
        assertEquals(2, read(again, 0));
        write(again, 0, 4);
    }

    @Test
    public void writesUnderWayAtATakeoverAreRefusedOrThere() throws Exception {
        Backstore first = open(config);
        List<CompletionStage<Void>> writes = new ArrayList<>();
        CompletionStage<Backstore> taking = otherGateway.open(config.withOption("takeover", "break"), otherContext);
        long lba = 0;
        while (!taking.toCompletableFuture().isDone() && lba < SIZE / BLOCK) {
            CompletionStage<Void> write = first.write(lba++, data(7), Durability.CACHED);
            writes.add(write);
            write.toCompletableFuture().exceptionally(failed -> null).join();
        }
        Backstore second = await(taking);
        open.add(second);
        for (int i = 0; i < writes.size(); i++) {
            if (!writes.get(i).toCompletableFuture().isCompletedExceptionally()) {
                assertEquals("block " + i, 7, read(second, i));
            }
        }
        failure(Fault.NOT_READY, first.write(0, data(9), Durability.CACHED));
    }

    // What others change

    @Test
    public void anotherSizeIsSeen() throws Exception {
        Backstore store = open(config);
        CEPH.rbd("resize", "--size", "96M", image);
        eventually("it is not seen", () -> context.events().contains(BackstoreEvent.CAPACITY_CHANGED));
        assertEquals((96L << 20) / BLOCK, store.geometry().blocks());
        write(store, store.geometry().blocks() - 1, 5);
        assertEquals(BackstoreHealth.HEALTHY, store.health());
        CEPH.rbd("resize", "--size", "32M", "--allow-shrink", "--no-progress", image);
        eventually("it is not seen", () -> store.health().state() == BackstoreHealth.State.FAILED);
        failure(Fault.NOT_READY, store.write(0, data(1), Durability.CACHED));
    }

    @Test
    public void whoeverAsksForTheSizeWhenItIsClosedIsRefused() throws Exception {
        Backstore store = open(config);
        context.hold();
        CEPH.rbd("resize", "--size", "96M", "--no-progress", image);
        eventually("it is not seen", () -> context.held() > 0);
        CompletionStage<Void> larger = store.ability(Resize.class).resize(2 * SIZE / BLOCK);
        CompletionStage<Long> space = store.ability(AllocatedSpace.class).allocatedBytes();
        close(store);
        context.release();
        assertTrue(failure(Fault.NOT_READY, larger).getMessage().contains("is closed"));
        assertTrue(failure(Fault.NOT_READY, space).getMessage().contains("is closed"));
        assertEquals(List.of(), context.events());
    }

    @Test
    public void snapshotsAndClonesAreOpenedByName() throws Exception {
        Backstore store = open(config);
        write(store, 3, 1);
        CEPH.rbd("snap", "create", "--no-progress", image + "@monday");
        write(store, 3, 2);
        BackstoreConfig snapshot = await(gateway.create(asked(0, true, "snapshot", "monday"), otherContext));
        assertEquals(SIZE, snapshot.sizeBytes());
        Backstore old = open(gateway, snapshot, otherContext);
        assertEquals(1, read(old, 3));
        failure(Fault.WRITE_PROTECTED, old.write(3, data(3), Durability.CACHED));
        CEPH.rbd("snap", "protect", image + "@monday");
        CEPH.rbd("clone", image + "@monday", image + "clone");
        BackstoreConfig clone = await(gateway.create(asked(0, false, "image", image + "clone"), otherContext));
        Backstore copy = open(gateway, clone, otherContext);
        assertEquals(1, read(copy, 3));
        await(copy.ability(Unmap.class).unmap(3, 1));
        assertEquals("what the parent has does not shine through", 0, read(copy, 3));
        assertEquals(2, read(store, 3));
    }

    /** An entry that ends while its owner still runs would let in what the owner has under way. */
    @Test
    public void whoeverIsShutOutIsForDays() throws Exception {
        Path conf = folder.newFile("ceph.conf").toPath();
        Files.writeString(conf, Files.readString(CEPH.conf()) + "rbd_blocklist_expire_seconds = 5\n");
        Backstore first = open(config);
        open(otherGateway, config.withOption("takeover", "break").withOption("conf", conf.toString()), otherContext);
        failure(Fault.NOT_READY, first.write(0, data(3), Durability.CACHED));
        String inAWeek = LocalDate.now(ZoneOffset.UTC).plusDays(7).toString();
        String entries = CEPH.ceph("osd", "blocklist", "ls");
        assertTrue(
                entries,
                entries.lines()
                        .filter(line -> line.startsWith("127.0.0.1:"))
                        .allMatch(line -> line.split(" ")[1].compareTo(inAWeek) > 0));
    }

    /** It may wake up after any time: it is shut out for as long as if it had been there. */
    @Test
    public void whoeverSleepsIsShutOutForDays() throws Exception {
        CEPH.ceph("config", "set", "osd", "osd_client_watch_timeout", "10");
        Process owner = new ProcessBuilder(
                        CEPH.command("rbd", "bench", "--io-type", "write", "--io-total", "4T", image))
                .redirectErrorStream(true)
                .redirectOutput(folder.newFile())
                .start();
        String lock;
        try {
            eventually("nobody has it", () -> CEPH.rbd("lock", "ls", image).contains("127.0.0.1:"));
            lock = CEPH.rbd("lock", "ls", image);
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-STOP", Long.toString(owner.pid()))
                            .start()
                            .waitFor());
            eventually("it is waited for in vain", () -> {
                try {
                    return open(config) != null;
                } catch (Exception notYet) {
                    return false;
                }
            });
        } finally {
            owner.destroyForcibly().onExit().join();
            CEPH.ceph("config", "rm", "osd", "osd_client_watch_timeout");
        }
        String address = lock.lines()
                .filter(line -> line.contains("127.0.0.1:"))
                .map(line -> line.substring(line.indexOf("127.0.0.1:")).trim())
                .findFirst()
                .orElseThrow();
        String inAWeek = LocalDate.now(ZoneOffset.UTC).plusDays(7).toString();
        List<String> entries = CEPH.ceph("osd", "blocklist", "ls")
                .lines()
                .filter(line -> line.startsWith(address + " "))
                .toList();
        assertEquals(entries.toString(), 1, entries.size());
        assertTrue(entries.toString(), entries.get(0).split(" ")[1].compareTo(inAWeek) > 0);
    }

    // A silent cluster

    @Test
    public void aSilentClusterHoldsNobodyUpAndLosesNothing() throws Exception {
        Backstore store = open(config);
        write(store, 0, 1);
        CEPH.pause();
        CompletionStage<Void> late;
        try {
            late = store.write(0, data(2), Durability.CACHED);
            assertThrows(java.util.concurrent.TimeoutException.class, () -> late.toCompletableFuture()
                    .get(1, TimeUnit.SECONDS));
        } finally {
            CEPH.resume();
        }
        await(late);
        assertEquals(2, read(store, 0));
        assertEquals(List.of(), context.events());
    }

    /** Those of librados too. */
    private static int threads() {
        return new File("/proc/self/task").list().length;
    }

    @Test
    public void aSilentClusterDoesNotHoldUpWhoeverCloses() throws Exception {
        Backstore store = open(config);
        write(store, 0, 1);
        CEPH.pause();
        try {
            open.remove(store);
            BackstoreException late = failure(Fault.NOT_READY, store.close());
            assertTrue(late.getMessage(), late.getMessage().contains("still being closed"));
            failure(Fault.NOT_READY, gateway.open(config, context));
        } finally {
            CEPH.resume();
        }
        eventually("it is not closed", () -> {
            try {
                return read(open(config), 0) == 1;
            } catch (Exception notYet) {
                return false;
            }
        });
    }

    @Test
    public void anImageIsOpenedAndClosedManyTimes() throws Exception {
        close(open(config));
        int before = threads();
        for (int i = 1; i < 20; i++) {
            Backstore store = open(config);
            assertTrue(threads() > before);
            write(store, i, i);
            close(store);
        }
        assertTrue(threads() + " of " + before, threads() <= before + 3);
    }
}
