package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LunConfig;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.MoveStatus;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.internal.unit.NexusView;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Backstores that go over to other storage, and LUNs that go over to other backstores, while they are in use. */
public class MovesTest {

    private static final int SIZE = 4 << 20;
    private static final long SLOW = 256 << 10;

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** Nothing hangs here: what is kept is kept, however slow the disk is. */
    public MovesTest() {
        fixture.drain = Duration.ofMinutes(1);
        fixture.stop = Duration.ofMinutes(1);
    }

    private final BytesProvider bytes = new BytesProvider();

    @Before
    public void makeADisk() throws Exception {
        come();
        create("disk", "old", SIZE);
        new Random(1).nextBytes(bytes.places.get("old"));
        fixture.gateway.createTarget(TARGET, List.of("disk"));
    }

    private void come() throws Exception {
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
    }

    private void create(String name, String place, int size) throws ConfigException {
        fixture.gateway.createBackstore(new BackstoreRequest(
                name, "bytes", size, 512, 0, false, false, false, false, 0, Map.of("place", place)));
    }

    private void move(String place, long rate) throws ConfigException {
        fixture.gateway.moveBackstore("disk", "bytes", Map.of("place", place), rate);
    }

    private MoveStatus status() {
        return fixture.gateway.moves().get(0);
    }

    private void ends(MoveStatus.State state) throws Exception {
        Eventually.isTrue(() -> status().state().over());
        assertEquals(status().problem(), state, status().state());
    }

    private void write(long lba, int value) {
        write("disk", lba, value);
    }

    private void write(String name, long lba, int value) {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) value);
        fixture.volume(name)
                .write(lba, new ByteBuffer[] {ByteBuffer.wrap(block)}, Durability.CACHED)
                .toCompletableFuture()
                .join();
    }

    private BackstoreConfig config(String name) {
        return fixture.gateway.config().backstore(name).orElseThrow();
    }

    private String refused(String place) {
        return assertThrows(ConfigException.class, () -> move(place, 0)).getMessage();
    }

    private List<String> filesOfMoves() throws Exception {
        try (Stream<Path> files = Files.list(fixture.state())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".move") || name.endsWith(".dirty"))
                    .toList();
        }
    }

    @Test
    public void aBackstoreIsMoved() throws Exception {
        BackstoreConfig before = config("disk");
        LogicalUnit unit = fixture.gateway.disk("disk").logicalUnit();
        move("new", 0);
        ends(MoveStatus.State.DONE);
        assertEquals(before.withOption("place", "new"), config("disk"));
        assertSame(unit, fixture.gateway.disk("disk").logicalUnit());
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
        Eventually.isEqual(Set.of("new"), () -> bytes.open);
        write(0, 5);
        assertEquals(5, bytes.places.get("new")[0]);
        assertEquals(List.of(), filesOfMoves());
        fixture.restart();
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(Set.of("new"), bytes.open);
        assertEquals(List.of(), fixture.gateway.moves());
    }

    @Test
    public void aMoveIsNeverMissingWhileItEnds() throws Exception {
        for (int i = 0; i < 50; i++) {
            move("place" + i, 0);
            while (!status().state().over()) {
                assertEquals("disk", status().name());
            }
            bytes.places.keySet().retainAll(Set.of("place" + i));
        }
    }

    /** Its stores are of bundles that may go, and come back as other ones. */
    @Test
    public void nothingIsHeldOfAMoveThatIsOver() throws Exception {
        move("new", 0);
        ends(MoveStatus.State.DONE);
        fixture.gateway.deleteTarget(TARGET, false);
        fixture.gateway.deleteBackstore("disk");
        List<WeakReference<Object>> stores = bytes.stores();
        assertEquals("the old one and the new one", 2, stores.size());
        Eventually.isTrue(() -> {
            System.gc();
            return stores.stream().allMatch(store -> store.get() == null);
        });
        assertEquals("nor is it told of", List.of(), fixture.gateway.moves());
    }

    @Test
    public void meanwhileTheBackstoreIsLeftAlone() throws Exception {
        move("new", SLOW);
        for (var change : List.<org.junit.function.ThrowingRunnable>of(
                () -> move("other", 0),
                () -> fixture.gateway.deleteBackstore("disk"),
                () -> fixture.gateway.resizeBackstore("disk", 2 * SIZE),
                () -> fixture.gateway.reopenBackstore("disk", false))) {
            assertEquals(
                    "backstore disk is being moved, which backstore:move-cancel ends: wait until that is over",
                    assertThrows(ConfigException.class, change).getMessage());
        }
        fixture.gateway.cancelMove("disk");
        ends(MoveStatus.State.CANCELLED);
        Eventually.isEqual(Set.of("old"), () -> bytes.places.keySet());
        assertEquals(Set.of("old"), bytes.open);
        assertEquals(
                "backstore disk is not being moved: backstore:moves shows those that are",
                assertThrows(ConfigException.class, () -> fixture.gateway.cancelMove("disk"))
                        .getMessage());
        move("new", SLOW);
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
    }

    @Test
    public void whatCannotBeIsRefusedWithOneLine() throws Exception {
        assertEquals("old is in use", refused("old"));
        bytes.places.put("small", new byte[512]);
        assertEquals(
                "the new storage has 512 bytes in blocks of 512, and the backstore 4194304 in blocks of 512:"
                        + " name other storage",
                refused("small"));
        assertEquals(
                "there is no backstore nosuch: backstore:list shows those that there are",
                assertThrows(
                                ConfigException.class,
                                () -> fixture.gateway.moveBackstore("nosuch", "bytes", Map.of("place", "x"), 0))
                        .getMessage());
        assertEquals(List.of(), fixture.gateway.moves());
        write(0, 1);
        move("new", 0);
        ends(MoveStatus.State.DONE);
    }

    @Test
    public void newStorageThatFailsIsLeftAndHostsFeelNothing() throws Exception {
        bytes.answers.put(
                "new", CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "no room is left")));
        move("new", 0);
        ends(MoveStatus.State.FAILED);
        assertEquals("the new storage cannot be written: no room is left", status().problem());
        assertFalse(
                fixture.logged("backstore=disk is not moved: the new storage").isEmpty());
        write(0, 1);
        assertEquals(1, bytes.places.get("old")[0]);
        Eventually.isEqual(Set.of("old"), () -> bytes.places.keySet());
    }

    @Test
    public void aMoveGoesOnAfterACleanStop() throws Exception {
        move("new", SLOW);
        Eventually.isTrue(() -> status().copiedBytes() > 0);
        fixture.gateway.close();
        assertEquals(filesOfMoves().toString(), 2, filesOfMoves().size());
        fixture.start();
        come();
        Eventually.isTrue(() -> !fixture.gateway.moves().isEmpty());
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        assertTrue("what is copied is known", status().dirtyBytes() < SIZE);
        write(0, 6);
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
        assertEquals(6, bytes.places.get("new")[0]);
    }

    @Test
    public void aMoveWaitsForItsBundle() throws Exception {
        move("new", SLOW);
        Eventually.isTrue(() -> status().copiedBytes() > 0);
        fixture.gateway.removeProvider(bytes);
        assertEquals(Set.of(), bytes.open);
        assertEquals(MoveStatus.State.WAITING, status().state());
        assertTrue(status().dirtyBytes() < SIZE);
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        write(0, 6);
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
    }

    /** As after a kill: what is left to copy has not been kept, and the old process may have copied anything. */
    @Test
    public void afterAKillEverythingIsComparedAgain() throws Exception {
        move("new", SLOW);
        fixture.gateway.close();
        for (String name : filesOfMoves()) {
            if (name.endsWith(".dirty")) {
                Files.delete(fixture.state().resolve(name));
            }
        }
        bytes.places.get("old")[SIZE - 1] ^= 1;
        fixture.start();
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
    }

    @Test
    public void aLunGoesOverToAnotherBackstore() throws Exception {
        create("other", "there", 2 * SIZE);
        LogicalUnit unit = fixture.gateway.disk("disk").logicalUnit();
        BackstoreConfig before = config("disk");
        assertEquals("disk", fixture.gateway.replaceLun(TARGET, 0, "other"));
        assertSame(unit, fixture.gateway.disk("other").logicalUnit());
        assertEquals(before.identity(), config("other").identity());
        assertNotEquals(before.identity(), config("disk").identity());
        assertEquals(
                List.of(new LunConfig(0, "other", false)),
                fixture.gateway.targets().get(0).config().luns());
        assertEquals(2 * SIZE, unit.volume().geometry().sizeBytes());
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("other"));
        write(0, 3);
        assertEquals(3, bytes.places.get("old")[0]);
        assertEquals(0, bytes.places.get("there")[0]);
        assertEquals("other", unit.name());
        assertEquals(Set.of("old", "there"), bytes.open);
        fixture.restart();
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("other"));
        assertEquals(before.identity(), config("other").identity());
    }

    @Test
    public void aLunWhoseStorageIsGoneGetsAnother() throws Exception {
        create("restored", "there", SIZE);
        fixture.gateway.close();
        bytes.places.remove("old");
        fixture.start();
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("restored"));
        Eventually.isEqual(BackstoreStatus.State.AWAY, () -> fixture.stateOf("disk"));
        BackstoreConfig before = config("disk");
        keepAside(9);
        assertEquals("disk", fixture.gateway.replaceLun(TARGET, 0, "restored"));
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
        assertEquals(List.of(config("disk").identity().naa() + ".intent-1"), filesKeptAside());
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("restored"));
        assertEquals(before.identity(), config("restored").identity());
        write("restored", 0, 4);
        assertEquals(4, bytes.places.get("there")[0]);
        // It is tried again all the time.
        Eventually.isEqual(BackstoreStatus.State.AWAY, () -> fixture.stateOf("disk"));
    }

    private static final CompletableFuture<Void> LOST =
            CompletableFuture.failedFuture(new BackstoreException(Fault.WRITE_FAILED, "the power was gone"));

    /** A flush fails, and all later ones succeed, as those of the system do. */
    private void loseAFlush() {
        bytes.flushes.put("old", () -> LOST);
        flushFails("disk");
        bytes.flushes.clear();
    }

    private void flushFails(String name) {
        CompletionException failed = assertThrows(
                CompletionException.class,
                () -> fixture.volume(name).flush().toCompletableFuture().join());
        assertTrue(failed.toString(), failed.getMessage().contains("the power was gone"));
    }

    private void isReadOnly(String name) throws Exception {
        Eventually.isEqual(BackstoreStatus.State.READ_ONLY, () -> fixture.stateOf(name));
        flushFails(name);
    }

    @Test
    public void aMoveDoesNotMakeADiskWellThatHasLostSomething() throws Exception {
        move("new", SLOW);
        Eventually.isTrue(() -> status().copiedBytes() > 0);
        loseAFlush();
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        isReadOnly("disk");
        fixture.gateway.reopenBackstore("disk", false);
        write(0, 5);
        assertEquals(5, bytes.places.get("new")[0]);
    }

    @Test
    public void newStorageThatCannotBeFlushedIsNotTriedOnceMore() throws Exception {
        bytes.flushes.put("new", () -> {
            bytes.flushes.clear();
            return LOST;
        });
        move("new", 0);
        ends(MoveStatus.State.FAILED);
        assertEquals("the new storage cannot be flushed: the power was gone", status().problem());
        write(0, 5);
        assertEquals(5, bytes.places.get("old")[0]);
    }

    @Test
    public void newStorageWhoseFlushGivesNothingEndsTheMove() throws Exception {
        bytes.flushes.put("new", () -> null);
        move("new", 0);
        ends(MoveStatus.State.FAILED);
        assertTrue(status().problem(), status().problem().endsWith("its bundle has a bug: it gave no stage"));
        write(0, 5);
        assertEquals(5, bytes.places.get("old")[0]);
    }

    /** The configuration names the new storage in the same moment. */
    @Test
    public void aBundleThatGoesWhileTheMoveIsSavedIsLeftSoon() throws Exception {
        fixture.gateway.createBackstore(new BackstoreRequest(
                "other", "fake", SIZE, 512, 0, false, false, false, false, 0, Map.of("place", "here")));
        Path held = fixture.document().resolveSibling("gateway.json.last-good");
        Files.delete(held);
        assertEquals(0, new ProcessBuilder("mkfifo", held.toString()).start().waitFor());
        fixture.gateway.moveBackstore("other", "bytes", Map.of("place", "new"), 0);
        OutputStream saving = CompletableFuture.supplyAsync(() -> opened(held)).get(20, TimeUnit.SECONDS);
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(bytes));
        Eventually.isTrue(() -> !bytes.open.contains("old"));
        saving.close();
        gone.get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), fixture.logged("not awaited any more"));
        assertEquals(MoveStatus.State.DONE, status().state());
        assertEquals(Set.of(), bytes.open);
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("other"));
        assertEquals(Set.of("old", "new"), bytes.open);
    }

    /** Returns when somebody reads. */
    private static OutputStream opened(Path pipe) {
        try {
            return Files.newOutputStream(pipe);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Who names other storage knows of it; the old one is what it is, whatever its name. */
    @Test
    public void aDiskThatHasLostSomethingIsReplacedByOneThatIsWell() throws Exception {
        create("restored", "there", SIZE);
        loseAFlush();
        fixture.gateway.replaceLun(TARGET, 0, "restored");
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("restored"));
        write("restored", 0, 4);
        assertEquals(4, bytes.places.get("there")[0]);
        isReadOnly("disk");
        fixture.gateway.reopenBackstore("disk", false);
        write("disk", 0, 5);
    }

    /** As a write of LUN 0 does that is to be whole or to have never been. */
    private void keepAside(int value) throws Exception {
        byte[] kept = new byte[512];
        Arrays.fill(kept, (byte) value);
        ScsiTarget target = fixture.published.get(0);
        ScsiTarget.Port port = target.ports().get(0);
        Nexus nexus = target.open(
                new InitiatorPort("iqn.2026-11.io.sluice:host", 1),
                new TargetPort(target.name(), port.groupTag(), port.number()),
                NexusRights.ALL);
        ((NexusView) nexus)
                .mapping(0)
                .unit()
                .writeIntents()
                .keep(1, 2, ByteBuffer.wrap(kept))
                .toCompletableFuture()
                .join();
        target.close(nexus);
    }

    private List<String> filesKeptAside() throws Exception {
        try (Stream<Path> files = Files.list(fixture.state())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(".intent-") || name.contains(".exchange"))
                    .toList();
        }
    }

    /** An atomic write to the former blocks could be neither finished nor undone. */
    @Test
    public void whatIsKeptAsideGoesWithTheBlocksThatItIsOf() throws Exception {
        create("other", "there", SIZE);
        keepAside(9);
        fixture.gateway.replaceLun(TARGET, 0, "other");
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals("it is put back", 9, bytes.places.get("old")[512]);
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
        assertEquals(List.of(), filesKeptAside());
        fixture.gateway.reopenBackstore("other", false);
        fixture.restart();
        come();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("other"));
        assertArrayEquals(new byte[SIZE], bytes.places.get("there"));
    }

    @Test
    public void itStaysWhereItIsWhenTheBlocksDo() throws Exception {
        create("other", "there", SIZE);
        keepAside(9);
        List<String> before = filesKeptAside();
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + " ");
        String notSaved = notReplaced("other");
        assertTrue(notSaved, notSaved.contains("was changed by someone else"));
        assertEquals(before, filesKeptAside());
    }

    private String notReplaced(String other) {
        return assertThrows(ConfigException.class, () -> fixture.gateway.replaceLun(TARGET, 0, other))
                .getMessage();
    }

    @Test
    public void aLunThatCannotGoOverGoesOn() throws Exception {
        create("small", "small", SIZE / 2);
        assertEquals("backstore disk is there already: name another one", notReplaced("disk"));
        assertTrue(notReplaced("small"), notReplaced("small").contains("has 2097152 bytes, fewer than"));
        assertTrue(notReplaced("nosuch"), notReplaced("nosuch").contains("there is no backstore nosuch"));
        create("other", "other", SIZE);
        fixture.gateway.mapLun(TARGET, new LunConfig(1, "other", false));
        assertTrue(notReplaced("other"), notReplaced("other").contains("is in use as " + TARGET + " lun 1"));
        fixture.gateway.unmapLun(TARGET, 1, true);
        // Somebody else has changed the document: it cannot be saved.
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + " ");
        String notSaved = notReplaced("other");
        assertTrue(notSaved, notSaved.contains("was changed by someone else"));
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("other"));
        assertEquals(BackstoreStatus.State.ONLINE, fixture.stateOf("disk"));
        write(0, 1);
        assertEquals(1, bytes.places.get("old")[0]);
    }
}
