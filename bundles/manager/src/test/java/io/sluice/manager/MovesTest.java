package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.Fault;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.MoveStatus;
import io.sluice.scsi.target.LogicalUnit;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Backstores that go over to other storage while they are in use. */
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
    private final BytesDisks disks = new BytesDisks(fixture, bytes);

    @Before
    public void makeADisk() throws Exception {
        disks.come();
        disks.create("disk", "old", SIZE);
        new Random(1).nextBytes(bytes.places.get("old"));
        fixture.gateway.createTarget(TARGET, List.of("disk"));
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
        BackstoreConfig before = disks.config("disk");
        LogicalUnit unit = fixture.gateway.disk("disk").logicalUnit();
        move("new", 0);
        ends(MoveStatus.State.DONE);
        assertEquals(before.withOption("place", "new"), disks.config("disk"));
        assertSame(unit, fixture.gateway.disk("disk").logicalUnit());
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
        Eventually.isEqual(Set.of("new"), () -> bytes.open);
        disks.write("disk", 0, 5);
        assertEquals(5, bytes.places.get("new")[0]);
        assertEquals(List.of(), filesOfMoves());
        fixture.restart();
        disks.come();
        disks.isOnline("disk");
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

    private Void copy() {
        try {
            fixture.gateway.createBackstore(new BackstoreRequest(
                    "copy",
                    "bytes",
                    SIZE,
                    512,
                    0,
                    false,
                    false,
                    false,
                    false,
                    0,
                    Map.of("place", "copy", "createFrom", "disk")));
            return null;
        } catch (ConfigException refused) {
            throw new IllegalStateException(refused.getMessage());
        }
    }

    /** The new storage has the same name, and is half of a copy itself. */
    @Test
    public void whatIsMovedIsNotCopiedAndWhatIsCopiedIsNotMoved() throws Exception {
        move("new", SLOW);
        assertEquals(
                "backstore disk is being moved, which backstore:move-cancel ends: wait until that is over",
                assertThrows(IllegalStateException.class, this::copy).getMessage());
        fixture.gateway.cancelMove("disk");
        ends(MoveStatus.State.CANCELLED);
        Eventually.isEqual(Set.of("old"), () -> bytes.places.keySet());
        CompletableFuture<Void> making = new CompletableFuture<>();
        bytes.makings.put("copy", making);
        CompletableFuture<Void> copied = CompletableFuture.supplyAsync(this::copy);
        Eventually.isTrue(() -> bytes.places.containsKey("copy"));
        assertEquals("backstore disk is being copied: wait until that is over", refused("new"));
        making.complete(null);
        copied.get(20, TimeUnit.SECONDS);
        move("new", 0);
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
        disks.write("disk", 0, 1);
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
        disks.write("disk", 0, 1);
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
        disks.come();
        Eventually.isTrue(() -> !fixture.gateway.moves().isEmpty());
        disks.isOnline("disk");
        assertTrue("what is copied is known", status().dirtyBytes() < SIZE);
        disks.write("disk", 0, 6);
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
        disks.come();
        disks.isOnline("disk");
        disks.write("disk", 0, 6);
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
        disks.come();
        disks.isOnline("disk");
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        assertArrayEquals(bytes.places.get("old"), bytes.places.get("new"));
    }

    @Test
    public void aMoveDoesNotMakeADiskWellThatHasLostSomething() throws Exception {
        move("new", SLOW);
        Eventually.isTrue(() -> status().copiedBytes() > 0);
        disks.loseAFlush("disk", "old");
        fixture.gateway.setMoveRate("disk", 0);
        ends(MoveStatus.State.DONE);
        disks.isReadOnly("disk");
        fixture.gateway.reopenBackstore("disk", false);
        disks.write("disk", 0, 5);
        assertEquals(5, bytes.places.get("new")[0]);
    }

    @Test
    public void newStorageThatCannotBeFlushedIsNotTriedOnceMore() throws Exception {
        bytes.flushes.put("new", () -> {
            bytes.flushes.clear();
            return BytesDisks.LOST;
        });
        move("new", 0);
        ends(MoveStatus.State.FAILED);
        assertEquals("the new storage cannot be flushed: the power was gone", status().problem());
        disks.write("disk", 0, 5);
        assertEquals(5, bytes.places.get("old")[0]);
    }

    @Test
    public void newStorageWhoseFlushGivesNothingEndsTheMove() throws Exception {
        bytes.flushes.put("new", () -> null);
        move("new", 0);
        ends(MoveStatus.State.FAILED);
        assertTrue(status().problem(), status().problem().endsWith("its bundle has a bug: it gave no stage"));
        disks.write("disk", 0, 5);
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
        disks.come();
        disks.isOnline("other");
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
}
