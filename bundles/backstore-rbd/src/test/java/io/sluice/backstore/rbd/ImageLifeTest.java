package io.sluice.backstore.rbd;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreEvent;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.backstore.ability.Unmap;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.testkit.TestContext;
import io.sluice.testkit.ceph.CephCluster;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.After;
import org.junit.Before;
import org.junit.ClassRule;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;
import org.junit.rules.TestRule;
import org.junit.rules.TestWatcher;
import org.junit.runner.Description;

/** What happens to an image besides reading and writing: others take it, change it, or the cluster is silent. */
public class ImageLifeTest {

    @ClassRule
    public static final CephCluster CEPH = new CephCluster(CephCluster.Store.MEMORY);

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Rule
    public final TestRule reporting = new TestWatcher() {
        @Override
        protected void failed(Throwable failure, Description test) {
            System.err.println(test.getMethodName() + " has failed: " + CEPH.report());
        }
    };

    private static final int BLOCK = 4096;
    private static final long SIZE = 64L << 20;
    private static final Duration SOON = Duration.ofSeconds(120);

    private final TestContext context = new TestContext("disk0");
    private final TestContext otherContext = new TestContext("disk1");
    private final BackstoreProvider gateway = new RbdBackstoreProvider();
    private final BackstoreProvider otherGateway = new RbdBackstoreProvider();
    private final List<Backstore> open = new ArrayList<>();
    private final String image = "image" + System.nanoTime();
    private BackstoreConfig config;

    @Before
    public void makeImage() throws Exception {
        config = await(gateway.create(asked(SIZE, false), context));
    }

    @After
    public void closeAll() throws Exception {
        for (Backstore store : open) {
            await(store.close());
        }
        context.close();
        otherContext.close();
    }

    private BackstoreConfig asked(long size, boolean readOnly, String... more) {
        Map<String, String> options =
                new HashMap<>(Map.of("image", image, "conf", CEPH.conf().toString()));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return BackstoreConfig.builder("disk0", "rbd")
                .sizeBytes(size)
                .blockSize(BLOCK)
                .readOnly(readOnly)
                .options(options)
                .build();
    }

    private Backstore open(BackstoreConfig wanted) throws Exception {
        return open(gateway, wanted, context);
    }

    private Backstore open(BackstoreProvider provider, BackstoreConfig wanted, TestContext with) throws Exception {
        Backstore store = await(provider.open(wanted, with));
        open.add(store);
        return store;
    }

    private void close(Backstore store) throws Exception {
        open.remove(store);
        await(store.close());
    }

    private static <T> T await(CompletionStage<T> operation) throws Exception {
        try {
            return operation.toCompletableFuture().get(SOON.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) {
                throw cause;
            }
            throw failed;
        }
    }

    private static BackstoreException failure(Fault fault, CompletionStage<?> operation) {
        BackstoreException failed = assertThrows(BackstoreException.class, () -> await(operation));
        assertEquals(failed.getMessage(), fault, failed.fault());
        assertFalse(failed.getMessage(), failed.getMessage().contains("\n"));
        return failed;
    }

    private static ByteBuffer[] data(int value) {
        byte[] bytes = new byte[BLOCK];
        java.util.Arrays.fill(bytes, (byte) value);
        return new ByteBuffer[] {ByteBuffer.allocateDirect(BLOCK).put(bytes).flip()};
    }

    private static void write(Backstore store, long lba, int value) throws Exception {
        await(store.write(lba, data(value), Durability.STABLE));
    }

    private static int read(Backstore store, long lba) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocateDirect(BLOCK);
        await(store.read(lba, bytes));
        return bytes.get(BLOCK - 1);
    }

    private static void eventually(String what, BooleanSupplier condition) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(what, System.nanoTime() < deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

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

    // Which it is

    @Test
    public void anotherImageOfTheSameNameIsRefused() throws Exception {
        Backstore store = open(config);
        write(store, 0, 1);
        close(store);
        CEPH.rbd("rename", image, image + "old");
        CEPH.rbd("create", "--size", "64M", image);
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("is not the one that this disk was made of"));
        assertEquals("nobody has touched it", "", CEPH.rbd("lock", "ls", image).trim());
        refused("leave imageId out to use it", config);
        refused("leave imageId out to make another one", config.withOption("image", image + "new"));
        CEPH.rbd("rename", image, image + "other");
        CEPH.rbd("rename", image + "old", image);
        assertEquals(1, read(open(config), 0));
    }

    /** As configurations of earlier releases name it. */
    @Test
    public void anImageWithoutAnIdIsTheOneOfThatName() throws Exception {
        write(open(asked(SIZE, false)), 0, 1);
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

    @Test
    public void anImageThatOthersCouldWriteIsRefused() throws Exception {
        CEPH.rbd("create", "--size", "32M", "--image-feature", "layering", image + "open");
        BackstoreConfig shared = await(gateway.create(asked(0, false, "image", image + "open"), otherContext));
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(shared, otherContext));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd feature enable"));
        CEPH.rbd("feature", "enable", image + "open", "exclusive-lock");
        Backstore store = open(gateway, shared, otherContext);
        assertNull("without an object map", store.ability(AllocatedSpace.class));
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

    @Test
    public void settingsOfAnImageThatLoseDataAreRefused() throws Exception {
        CEPH.rbd("config", "image", "set", image, "rbd_cache", "true");
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd_cache = true"));
        CEPH.rbd("config", "image", "rm", image, "rbd_cache");
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_non_blocking_aio", "false");
        try {
            refused = failure(Fault.NOT_READY, gateway.open(config, context));
            assertTrue(refused.getMessage(), refused.getMessage().contains("the pool of image"));
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_non_blocking_aio");
        }
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_persistent_cache_mode", "ssd");
        try {
            refused = failure(Fault.NOT_READY, gateway.open(config, context));
            assertTrue(refused.getMessage(), refused.getMessage().contains("rbd_persistent_cache_mode = ssd"));
            CEPH.rbd("config", "image", "set", image, "rbd_persistent_cache_mode", "disabled");
            open(config);
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_persistent_cache_mode");
        }
    }

    /** What was acknowledged would be on the disk of this host alone. */
    @Test
    public void aCacheOnTheHostIsNotUsedWhateverTheSettingsOfTheClusterSay() throws Exception {
        Path conf = folder.newFile("ceph.conf").toPath();
        Path cache = folder.newFolder("cache").toPath();
        Files.writeString(
                conf,
                Files.readString(CEPH.conf()) + "rbd_plugins = pwl_cache\nrbd_persistent_cache_mode = ssd\n"
                        + "rbd_persistent_cache_path = " + cache + "\n");
        Backstore store = open(config.withOption("conf", conf.toString()));
        write(store, 0, 1);
        assertArrayEquals(new String[0], cache.toFile().list());
        assertFalse(CEPH.rbd("image-meta", "ls", image).contains("cache"));
        assertEquals(1, read(store, 0));
    }

    /** The bit is what the cache of librbd sets in the header of an image. */
    @Test
    public void whatAnotherClientHasInItsCacheIsNotWrittenOver() throws Exception {
        String header = "rbd_header."
                + CEPH.rbd("info", image)
                        .lines()
                        .map(String::trim)
                        .filter(line -> line.startsWith("id: "))
                        .findFirst()
                        .orElseThrow()
                        .substring(4);
        Path features = folder.newFile().toPath();
        CEPH.rados("getomapval", header, "features", features.toString());
        byte[] present = Files.readAllBytes(features);
        present[1] |= 1 << 3;
        Files.write(features, present);
        CEPH.rados("setomapval", header, "features", "--input-file", features.toString());
        BackstoreException refused = failure(Fault.NOT_READY, gateway.open(config, context));
        assertTrue(refused.getMessage(), refused.getMessage().contains("rbd persistent-cache flush"));
        present[1] &= ~(1 << 3);
        Files.write(features, present);
        CEPH.rados("setomapval", header, "features", "--input-file", features.toString());
        open(config);
    }

    // What is asked for

    @Test
    public void imagesAreMadeAsAskedFor() throws Exception {
        String made = image + "made";
        CEPH.rbd("namespace", "create", "--namespace", made);
        await(gateway.create(
                asked(
                        SIZE,
                        false,
                        "image",
                        made,
                        "namespace",
                        made,
                        "objectSize",
                        "1M",
                        "features",
                        "layering,exclusive-lock"),
                context));
        String info = CEPH.rbd("info", "rbd/" + made + "/" + made);
        assertTrue(info, info.contains("order 20") && info.contains("features: layering, exclusive-lock\n"));
    }

    @Test
    public void whatCannotBeMadeIsSaidInOneLine() {
        refused("exists and has 67108864 bytes", asked(2 * SIZE, false));
        refused("add --size", asked(0, false, "image", "nothing"));
        refused("the pool none cannot be used", asked(SIZE, false, "pool", "none"));
        refused("/nowhere/ceph.conf, cannot be read", asked(SIZE, false, "conf", "/nowhere/ceph.conf"));
        refused("there is no", asked(0, true, "snapshot", "never"));
    }

    private void refused(String why, BackstoreConfig asked) {
        ConfigException refused = assertThrows(ConfigException.class, () -> await(gateway.create(asked, otherContext)));
        assertTrue(refused.getMessage(), refused.getMessage().contains(why));
        assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
    }

    @Test
    public void undoLeavesWhatWasThereBefore() throws Exception {
        BackstoreConfig taken = await(otherGateway.create(asked(0, false), otherContext));
        await(otherGateway.undoCreate(taken, otherContext));
        assertTrue(CEPH.images().contains(image));
        await(gateway.undoCreate(config, context));
        assertFalse(CEPH.images().contains(image));
    }

    /** Whoever makes it again would find it there, of another size perhaps. */
    @Test
    public void whatWasMadeAndCannotBeLookedAtIsRemoved() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        NewImage images = new NewImage((connection, options) -> {
            if (looks.incrementAndGet() > 1) {
                throw new ConfigException("on purpose");
            }
            return NewImage.find(connection, options);
        });
        BackstoreConfig wanted = asked(SIZE, false, "image", image + "new");
        Libraries.enter();
        try {
            ConfigException failed =
                    assertThrows(ConfigException.class, () -> images.create(wanted, ImageOptions.of(wanted)));
            assertEquals("on purpose", failed.getMessage());
            assertEquals(2, looks.get());
            assertFalse(CEPH.images().contains(image + "new"));
            CEPH.rbd("create", "--size", "64M", image + "new");
            images.undo(wanted, ImageOptions.of(wanted));
        } finally {
            Libraries.leave();
        }
        assertTrue("it is of somebody else", CEPH.images().contains(image + "new"));
    }

    @Test
    public void whatWasMadeAndCannotBeRemovedIsSaid() throws Exception {
        CEPH.rbd("config", "pool", "set", "rbd", "rbd_plugins", "nonsense");
        try {
            refused("; use rbd rm ", asked(SIZE, false, "image", image + "new"));
        } finally {
            CEPH.rbd("config", "pool", "rm", "rbd", "rbd_plugins");
        }
        CEPH.rbd("rm", "--no-progress", image + "new");
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
