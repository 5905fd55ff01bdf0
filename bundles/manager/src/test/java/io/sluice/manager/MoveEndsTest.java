package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Durability;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.JobStatus;
import io.sluice.management.MoveStatus;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** Moves that do not end as they should, in their last moment: no store is used when it is closed, and hosts go on. */
public class MoveEndsTest {

    private static final int SIZE = 4 << 20;
    private static final int REGION_BLOCKS = (256 << 10) / 512;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** What ends here ends soon after it may. */
    public MoveEndsTest() {
        fixture.drain = Duration.ofMinutes(1);
    }

    private final BytesProvider bytes = new BytesProvider();

    /** What the new storage answers to the flush before hosts wait, and later to writes. */
    private final CompletableFuture<Void> flushed = new CompletableFuture<>();

    private final CompletableFuture<Void> written = new CompletableFuture<>();

    @Before
    public void moveADisk() throws Exception {
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
        fixture.gateway.createBackstore(new BackstoreRequest(
                "disk", "bytes", SIZE, 512, 0, false, false, false, false, 0, Map.of("place", "old")));
        bytes.flushes.put("new", () -> flushed);
        fixture.gateway.moveBackstore("disk", "bytes", Map.of("place", "new"), 0);
        Eventually.isEqual(MoveStatus.State.SWITCHING, () -> status().state());
    }

    @After
    public void nothingWasUsedAfterItsEnd() {
        assertEquals(List.of(), bytes.misuse);
    }

    private MoveStatus status() {
        return fixture.gateway.moves().get(0);
    }

    private void write(long lba, int value) throws Exception {
        byte[] block = new byte[512];
        Arrays.fill(block, (byte) value);
        fixture.volume("disk")
                .write(lba, new ByteBuffer[] {ByteBuffer.wrap(block)}, Durability.CACHED)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    /** Hosts have changed several regions, and the new storage works on the first of them. */
    private void lastCopyHangs() throws Exception {
        for (int region = 0; region < 3; region++) {
            write(region * REGION_BLOCKS, 7);
        }
        bytes.answers.put("new", written);
        flushed.complete(null);
        Eventually.isTrue(() -> bytes.writing.contains("new"));
    }

    /** Who closes it too early does so in a moment. */
    private void newStorageStaysOpen() {
        for (long until = System.nanoTime() + LOOK_NANOS; System.nanoTime() < until; LockSupport.parkNanos(1_000_000)) {
            assertTrue("it is being written", bytes.open.contains("new"));
        }
    }

    private CompletableFuture<Void> cancel() {
        return CompletableFuture.runAsync(() -> {
            try {
                fixture.gateway.cancelMove("disk");
            } catch (ConfigException refused) {
                throw new IllegalStateException(refused);
            }
        });
    }

    @Test
    public void whatIsCancelledInItsLastCopyIsClosedAfterIt() throws Exception {
        lastCopyHangs();
        CompletableFuture<Void> cancelled = cancel();
        write(0, 8);
        newStorageStaysOpen();
        assertFalse(cancelled.isDone());
        written.complete(null);
        cancelled.get(10, TimeUnit.SECONDS);
        assertEquals(MoveStatus.State.CANCELLED, status().state());
        Eventually.isEqual(Set.of("old"), () -> bytes.open);
        write(0, 9);
        assertEquals(9, bytes.places.get("old")[0]);
    }

    @Test
    public void aBundleThatGoesInTheLastCopyIsLeftAfterIt() throws Exception {
        lastCopyHangs();
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(bytes));
        Eventually.isTrue(() -> !bytes.open.contains("old"));
        newStorageStaysOpen();
        written.complete(null);
        gone.get(10, TimeUnit.SECONDS);
        Eventually.isEqual(Set.of(), () -> bytes.open);
        bytes.answers.clear();
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
        Eventually.isEqual(BackstoreStatus.State.ONLINE, () -> fixture.stateOf("disk"));
        Eventually.isEqual(MoveStatus.State.DONE, () -> status().state());
        assertEquals(7, bytes.places.get("new")[2 * REGION_BLOCKS * 512]);
    }

    /** Returns when it has been asked for, and goes on. */
    private String cancelSoon() {
        return assertThrows(ConfigException.class, () -> fixture.gateway.jobs().within(Duration.ZERO, () -> {
                    fixture.gateway.cancelMove("disk");
                    return null;
                }))
                .job();
    }

    @Test
    public void aBundleThatGoesWhileTheMoveIsCancelledIsLeftAfterIt() throws Exception {
        lastCopyHangs();
        cancelSoon();
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(bytes));
        Eventually.isTrue(() -> !bytes.open.contains("old"));
        written.complete(null);
        gone.get(20, TimeUnit.SECONDS);
        assertEquals(List.of(), fixture.logged("not awaited any more"));
        assertEquals(MoveStatus.State.CANCELLED, status().state());
        assertEquals(Set.of(), bytes.open);
        assertFalse("it is undone", bytes.places.containsKey("new"));
    }

    @Test
    public void whoCancelsAMoveThatComesBackIsToldOfIt() throws Exception {
        Path order = fixture.state()
                .resolve(fixture.status("disk").config().identity().naa() + ".move");
        Files.delete(order);
        Files.createDirectories(order.resolve("in the way"));
        String job = cancelSoon();
        flushed.complete(null);
        Eventually.isEqual(MoveStatus.State.CANCELLED, () -> status().state());
        String back = "its move would go on after a restart: remove " + order;
        assertEquals(back, status().problem());
        Eventually.isEqual(
                List.of("backstore disk is not moved now, but " + back), () -> fixture.gateway.jobs().list().stream()
                        .filter(ended -> ended.id().equals(job))
                        .map(JobStatus::problem)
                        .toList());
    }

    private String jobOfTheMove() {
        return fixture.gateway.jobs().list().stream()
                .filter(job -> job.what().startsWith("moving backstore disk"))
                .map(JobStatus::id)
                .findFirst()
                .orElseThrow();
    }

    private JobStatus job(String id) {
        return fixture.gateway.jobs().list().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private Path order(String disk) {
        return fixture.state().resolve(fixture.status(disk).config().identity().naa() + ".move");
    }

    @Test
    public void theJobOfAMoveThatComesBackSaysSo() throws Exception {
        Path order = order("disk");
        Files.delete(order);
        Files.createDirectories(order.resolve("in the way"));
        String id = jobOfTheMove();
        CompletableFuture<String> told = CompletableFuture.supplyAsync(() -> assertThrows(
                        ConfigException.class, () -> fixture.gateway.jobs().cancel(id))
                .getMessage());
        Eventually.isTrue(() -> fixture.gateway.jobs().list().stream()
                .anyMatch(job -> job.what().equals("cancelling job " + id)));
        flushed.complete(null);
        String back = "backstore disk is not moved now, but its move would go on after a restart: remove " + order;
        assertEquals(back, told.get(20, TimeUnit.SECONDS));
        assertEquals(back, job(id).problem());
        assertEquals(JobStatus.State.FAILED, job(id).state());
    }

    /** What has not come to stable storage there would be taken for copied by the next process. */
    @Test
    public void whatIsStillBeingClosedWhenTheGatewayStopsIsNotKnownToBeCopied() throws Exception {
        CompletableFuture<Void> closing = new CompletableFuture<>();
        bytes.closings.put("new", closing);
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(bytes));
        Eventually.isTrue(() -> !bytes.open.contains("old"));
        flushed.complete(null);
        Eventually.isTrue(() -> bytes.closing.contains("new"));
        Path order = order("disk");
        Path dirty =
                order.resolveSibling(fixture.status("disk").config().identity().naa() + ".dirty");
        fixture.gateway.close();
        assertFalse("it may not be stable yet", Files.exists(dirty));
        closing.completeExceptionally(new IllegalStateException("the power was gone"));
        gone.get(20, TimeUnit.SECONDS);
        assertFalse("the files may be another gateway's", Files.exists(dirty));
        assertTrue("it goes on", Files.exists(order));
    }

    /** It waits for its bundle, and its disk works on what a host has written. */
    @Test
    public void aMoveThatIsBeingCancelledWhenTheGatewayStopsIsNoSuccess() throws Exception {
        flushed.complete(null);
        Eventually.isEqual(MoveStatus.State.DONE, () -> status().state());
        fixture.create("other");
        fixture.gateway.moveBackstore("other", "bytes", Map.of("place", "third"), 1 << 10);
        fixture.gateway.removeProvider(bytes);
        CompletableFuture<Void> working = new CompletableFuture<>();
        fixture.provider.stores.get("other").writing = working;
        fixture.volume("other").write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
        Path order = order("other");
        CompletableFuture<Boolean> there = CompletableFuture.supplyAsync(() -> {
            try {
                fixture.gateway.cancelMove("other");
                return Files.exists(order);
            } catch (ConfigException refused) {
                return !refused.getMessage().contains("would go on after a restart: remove " + order);
            }
        });
        Eventually.isTrue(
                () -> !fixture.logged("backstore=other is not moved: cancelled").isEmpty());
        fixture.gateway.close();
        working.complete(null);
        assertFalse("the next process goes on, and nobody is told", there.get(20, TimeUnit.SECONDS));
    }

    @Test
    public void whoeverEndsAMoveOfAGatewayThatHasStoppedIsToldThatItGoesOn() throws Exception {
        flushed.complete(null);
        Eventually.isEqual(MoveStatus.State.DONE, () -> status().state());
        fixture.create("other");
        fixture.gateway.moveBackstore("other", "bytes", Map.of("place", "third"), 1 << 10);
        Path order = order("other");
        fixture.gateway.close();
        ConfigException told = assertThrows(ConfigException.class, () -> fixture.gateway.cancelMove("other"));
        assertTrue(told.getMessage(), told.getMessage().contains("would go on after a restart: remove " + order));
    }

    @Test
    public void theGatewayStopsInTheLastCopy() throws Exception {
        lastCopyHangs();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> fixture.gateway.close());
        Eventually.isTrue(() -> !bytes.open.contains("old"));
        newStorageStaysOpen();
        written.complete(null);
        stopped.get(10, TimeUnit.SECONDS);
        Eventually.isEqual(Set.of(), () -> bytes.open);
    }

    @Test
    public void aLastCopyThatTakesTooLongIsDoneLater() throws Exception {
        lastCopyHangs();
        write(REGION_BLOCKS, 8);
        written.complete(null);
        bytes.answers.clear();
        Eventually.isEqual(MoveStatus.State.DONE, () -> status().state());
        Eventually.isEqual(Set.of("new"), () -> bytes.open);
        assertEquals(8, bytes.places.get("new")[REGION_BLOCKS * 512]);
        assertEquals(7, bytes.places.get("new")[2 * REGION_BLOCKS * 512]);
    }
}
