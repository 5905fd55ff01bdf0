package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertSame;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.Durability;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreStatus;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.Rule;
import org.junit.Test;

/** How a disk is made, fails, is lost, comes back, is opened anew and grows. */
public class DiskLifeTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private CompletionStage<Void> write(String name) {
        return fixture.volume(name).write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
    }

    private String refused(org.junit.function.ThrowingRunnable change) {
        ConfigException refused = assertThrows(ConfigException.class, change);
        assertFalse(refused.getMessage(), refused.getMessage().contains("\n"));
        return refused.getMessage();
    }

    @Test
    public void aDiskWhoseStorageComesLaterComesBackByItself() throws Exception {
        fixture.create("disk");
        fixture.provider.refuseToOpen = true;
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> fixture.provider.openings.get() >= 5);
        assertEquals(State.AWAY, fixture.stateOf("disk"));
        // While it is being tried there is nothing to say of trying again.
        Eventually.isEqual(
                List.of("backstore disk: the place is locked: it is tried again, or use backstore:reopen disk"),
                () -> fixture.gateway.status().problems());
        assertEquals(1, fixture.gateway.status().away());
        assertEquals(
                1, fixture.logged("backstore=disk away: the place is locked").size());
        fixture.provider.refuseToOpen = false;
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(List.of(), fixture.gateway.status().problems());
    }

    @Test
    public void aStoreThatIsLostIsOpenedAnew() throws Exception {
        fixture.create("disk");
        fixture.create("other");
        fixture.provider.refuseToOpen = true;
        fixture.provider.stores.get("disk").lose("the cable is out");
        Eventually.isEqual(State.AWAY, () -> fixture.stateOf("disk"));
        CompletionStage<Void> waiting = write("disk");
        Eventually.isTrue(() -> fixture.provider.openings.get() >= 4);
        assertEquals(1, fixture.status("disk").operations().held());
        fixture.provider.refuseToOpen = false;
        waiting.toCompletableFuture().get(60, TimeUnit.SECONDS);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(1, fixture.logged("backstore=disk away: the cable is out").size());
        assertEquals(
                "the other one was not touched",
                1,
                fixture.logged("backstore=other online").size());
    }

    @Test
    public void aLatchedDiskIsAProblemAndIsClearedAlone() throws Exception {
        fixture.create("disk");
        fixture.create("other");
        FakeProvider.Store latched = fixture.provider.stores.get("disk");
        latched.turn(BackstoreHealth.State.READ_ONLY, "a flush has failed");
        Eventually.isEqual(State.READ_ONLY, () -> fixture.stateOf("disk"));
        assertEquals(
                List.of("backstore disk: a flush has failed: mend that, then use backstore:reopen disk"),
                fixture.gateway.status().problems());
        fixture.gateway.reopenBackstore("disk", false);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        assertFalse(latched == fixture.provider.stores.get("disk"));
        assertEquals(3, fixture.provider.openings.get());
    }

    @Test
    public void reopeningWhatIsWellIsNoticedByNobody() throws Exception {
        fixture.create("disk");
        Volume volume = fixture.volume("disk");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger written = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread initiator = new Thread(() -> {
            while (!over.get()) {
                try {
                    write("disk").toCompletableFuture().get(60, TimeUnit.SECONDS);
                    written.incrementAndGet();
                } catch (Exception failed) {
                    failure.set(failed);
                }
            }
        });
        initiator.start();
        for (int i = 0; i < 100; i++) {
            fixture.gateway.reopenBackstore("disk", false);
        }
        over.set(true);
        initiator.join();
        assertEquals(null, failure.get());
        assertEquals(101, fixture.provider.openings.get());
        assertTrue(written.get() > 100);
        assertEquals(volume, fixture.volume("disk"));
        assertEquals(Set.of("disk"), fixture.provider.open);
    }

    @Test
    public void aReopenThatNeverEndsIsGivenUpWhenItsBundleGoes() throws Exception {
        fixture.create("disk");
        CompletableFuture<Backstore> late = new CompletableFuture<>();
        CompletableFuture<Backstore> closed = new CompletableFuture<>();
        CompletableFuture<BackstoreContext> asked = new CompletableFuture<>();
        fixture.provider.opening = (config, context) -> {
            asked.complete(context);
            return late;
        };
        CompletableFuture<String> told =
                CompletableFuture.supplyAsync(() -> refused(() -> fixture.gateway.reopenBackstore("disk", false)));
        BackstoreContext context = asked.get(1, TimeUnit.MINUTES);
        fixture.gateway.removeProvider(fixture.provider);
        assertEquals("backstore disk is not reopened: " + GatewayFixture.NOT_INSTALLED, told.get(1, TimeUnit.MINUTES));
        fixture.provider.opening = null;
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        long waited = withdrawalsInVain();
        fixture.gateway.removeProvider(fixture.provider);
        assertEquals("what another bundle has begun is not awaited", waited, withdrawalsInVain());
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        fixture.provider.closing = store -> {
            closed.complete(store);
            return Backstore.done();
        };
        Backstore store = fixture.provider.new Store(fixture.status("disk").config(), context);
        late.complete(store);
        assertSame(store, closed.get(1, TimeUnit.MINUTES));
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    private long withdrawalsInVain() {
        return fixture.logged("not over after").size();
    }

    @Test
    public void reopeningWhatIsAwayTriesAtOnceAndSaysWhy() throws Exception {
        fixture.create("disk");
        fixture.provider.refuseToOpen = true;
        assertEquals(
                "backstore disk is not reopened: the place is locked",
                refused(() -> fixture.gateway.reopenBackstore("disk", false)));
        assertEquals(
                "backstore disk is not reopened: the place is locked",
                refused(() -> fixture.gateway.reopenBackstore("disk", false)));
        fixture.provider.refuseToOpen = false;
        fixture.gateway.reopenBackstore("disk", false);
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        fixture.gateway.removeProvider(fixture.provider);
        Eventually.isEqual(
                "backstore disk is not reopened: " + GatewayFixture.NOT_INSTALLED,
                () -> refused(() -> fixture.gateway.reopenBackstore("disk", false)));
        assertEquals(
                "there is no backstore x: backstore:list shows those that there are",
                refused(() -> fixture.gateway.reopenBackstore("x", false)));
    }

    @Test
    public void aFencedDiskIsNotReopened() throws Exception {
        fixture.deadline = Duration.ofMillis(100);
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        fixture.create("disk");
        fixture.provider.stores.get("disk").writing = fixture.end;
        write("disk");
        Eventually.isEqual(State.FENCED, () -> fixture.stateOf("disk"));
        BackstoreStatus status = fixture.status("disk");
        assertEquals(1, status.operations().overdue());
        assertTrue(status.problem(), status.problem().endsWith("look after the storage below it"));
        assertEquals(1, fixture.gateway.status().fenced());
        assertTrue(
                refused(() -> fixture.gateway.reopenBackstore("disk", false)).contains("has not answered 1 operation"));
        fixture.end.complete(null);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        assertEquals(1, fixture.provider.openings.get());
    }

    @Test
    public void whatCannotUnmapIsMadeThick() throws Exception {
        BackstoreConfig thick = fixture.gateway.createBackstore(request("thick", Map.of("place", "here"), true));
        assertFalse(thick.thin() || thick.unmap());
        assertEquals(0, thick.thresholdPercent());
        fixture.provider.unmaps = true;
        BackstoreConfig thin = fixture.gateway.createBackstore(request("thin", Map.of("place", "here"), true));
        assertTrue(thin.thin() && thin.unmap());
        assertEquals(80, thin.thresholdPercent());
        assertEquals(List.of(thick, thin), fixture.gateway.config().backstores());
        assertEquals(State.ONLINE, fixture.stateOf("thick"));
    }

    @Test
    public void aSecretIsAFileAndIsNeverShown() throws Exception {
        String secret = "correct-horse-battery";
        Path file = fixture.folder.getRoot().toPath().resolve("key");
        Files.writeString(file, secret);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        for (String value : List.of(secret, file.toString(), "\0")) {
            String line = refused(() ->
                    fixture.gateway.createBackstore(request("disk", Map.of("place", "here", "key", value), false)));
            assertTrue(line, line.startsWith("option key of backstore disk has to name a file"));
            assertFalse(line, line.contains(value));
        }
        assertEquals(Set.of(), fixture.provider.made);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        fixture.gateway.createBackstore(request("disk", Map.of("place", "here", "key", file.toString()), false));
        assertEquals(List.of(), fixture.logged(secret));
    }

    @Test
    public void afterARefusedSaveNothingHasGrown() throws Exception {
        fixture.create("disk");
        Path inTheWay = fixture.document().resolveSibling(".gateway.json.new").resolve("x");
        Files.createDirectories(inTheWay);
        assertTrue(
                refused(() -> fixture.gateway.resizeBackstore("disk", 2 * SIZE)).contains("cannot be written"));
        assertEquals(SIZE, fixture.volume("disk").geometry().sizeBytes());
        assertEquals(SIZE, fixture.status("disk").config().sizeBytes());
        Files.delete(inTheWay);
        fixture.gateway.resizeBackstore("disk", 2 * SIZE);
        assertEquals(2 * SIZE, fixture.volume("disk").geometry().sizeBytes());
    }

    @Test
    public void whoWaitsMayBeInterruptedWithoutHarm() throws Exception {
        AtomicBoolean storageInterrupted = new AtomicBoolean();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        fixture.provider.making = config -> {
            begun.complete(null);
            fixture.end.join();
            storageInterrupted.set(Thread.currentThread().isInterrupted());
            return CompletableFuture.completedFuture(config);
        };
        AtomicReference<String> told = new AtomicReference<>();
        Thread console = new Thread(() -> told.set(refused(() -> fixture.create("disk"))));
        console.start();
        begun.get(60, TimeUnit.SECONDS);
        assertEquals("backstore disk is being made: wait until that is over", refused(() -> fixture.create("disk")));
        console.interrupt();
        console.join();
        assertTrue(told.get(), told.get().startsWith("making backstore disk goes on, but nobody waits for it: "));
        fixture.end.complete(null);
        Eventually.isEqual(1, () -> fixture.gateway.backstores().size());
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
        assertFalse(storageInterrupted.get());
    }

    @Test
    public void whatTakesLongIsToldAndGoesOn() throws Exception {
        fixture.change = Duration.ofSeconds(1);
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        fixture.provider.making = config -> fixture.end.thenApply(end -> config);
        assertTrue(refused(() -> fixture.gateway.createTarget(TARGET, request("disk")))
                .startsWith("making backstore disk is still going on after"));
        fixture.gateway.createTarget(TARGET, List.of());
        fixture.gateway.deleteTarget(TARGET, false);
        fixture.end.complete(null);
        Eventually.isEqual(1, () -> fixture.gateway.targets().size());
    }

    @Test
    public void whatIsMadeAfterAStopIsUndone() throws Exception {
        CompletableFuture<BackstoreConfig> late = new CompletableFuture<>();
        AtomicReference<BackstoreConfig> asked = new AtomicReference<>();
        fixture.provider.making = config -> {
            asked.set(config);
            fixture.provider.made.add(config.name());
            return late;
        };
        Thread console = new Thread(() -> assertThrows(ConfigException.class, () -> fixture.create("disk")));
        console.start();
        Eventually.isTrue(() -> asked.get() != null);
        fixture.gateway.close();
        late.complete(asked.get());
        console.join();
        Eventually.isEqual(Set.of(), () -> fixture.provider.made);
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
        assertFalse(Files.exists(fixture.document()));
    }

    @Test
    public void spaceInUseIsAskedForBehindTheBackOfWhoLooks() throws Exception {
        fixture.create("disk");
        Eventually.isEqual(
                OptionalLong.of(4096), () -> fixture.status("disk").space().usedBytes());
        fixture.provider.stores.get("disk").allocated = CompletableFuture.completedFuture(8192L);
        Eventually.isEqual(
                OptionalLong.of(8192), () -> fixture.status("disk").space().usedBytes());
    }

    @Test
    public void oneDamagedStateKeepsOnlyItsOwnDiskAway() throws Exception {
        fixture.create("bad");
        fixture.create("good");
        fixture.gateway.createTarget(TARGET, List.of("bad", "good"));
        Path state = fixture.state()
                .resolve(fixture.status("bad").config().identity().naa() + ".json");
        Files.createDirectories(state.getParent());
        Files.writeString(
                state,
                "{\"version\": 1, \"persistThroughPowerLoss\": true, \"registrations\": [],"
                        + " \"reservation\": {\"type\": 5, \"holder\": 7}}");
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("good"));
        assertEquals(State.FAILED, fixture.stateOf("bad"));
        String problem = fixture.status("bad").problem();
        assertTrue(problem, problem.startsWith(state + " is not valid: its reservation has no holder: restore it"));
        assertTrue(
                refused(() -> fixture.gateway.reopenBackstore("bad", false)).contains("its reservation has no holder"));
        assertEquals(Set.of("good"), fixture.provider.open);
    }

    @Test
    public void portalsCloseFirstWhenTheGatewayStops() throws Exception {
        fixture.create("disk");
        fixture.gateway.createTarget(TARGET, List.of("disk"));
        fixture.transport.account.clear();
        fixture.gateway.close();
        assertEquals(
                List.of(
                        "unlisten " + GatewayFixture.PORTAL,
                        "close sessions of " + TARGET + " because of GATEWAY_STOPS",
                        "withdraw " + TARGET),
                fixture.transport.account);
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    @Test
    public void theEndOfADiskIsThatOfTheStoreWhichItIsLeaving() throws Exception {
        BytesProvider bytes = new BytesProvider();
        BytesDisks disks = new BytesDisks(fixture, bytes);
        disks.come();
        disks.create("disk", "place", 1 << 20);
        CompletableFuture<Void> closing = new CompletableFuture<>();
        bytes.closings.put("place", closing);
        CompletableFuture<Void> gone = CompletableFuture.runAsync(() -> fixture.gateway.removeProvider(bytes));
        Eventually.isTrue(() -> bytes.closing.contains("place"));
        CompletableFuture<Void> closed =
                fixture.gateway.disk("disk").close("nobody wants it").toCompletableFuture();
        assertFalse("it would be open twice", closed.isDone());
        closing.complete(null);
        closed.get(20, TimeUnit.SECONDS);
        gone.get(20, TimeUnit.SECONDS);
    }
}
