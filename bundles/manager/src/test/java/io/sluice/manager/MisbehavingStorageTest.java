package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreOption;
import io.sluice.backstore.BackstoreProvider;
import io.sluice.backstore.Durability;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.config.LunConfig;
import io.sluice.management.BackstoreStatus.State;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.junit.Rule;
import org.junit.Test;

/** Bundles with storage that hang, throw, give nothing or too much, come late or vanish: each costs its own disk only. */
public class MisbehavingStorageTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    /** Makes two disks and starts anew with an opening of the first that misbehaves. */
    private void restartWith(BiFunction<BackstoreConfig, BackstoreContext, CompletionStage<Backstore>> opening)
            throws Exception {
        fixture.create("bad");
        fixture.create("good");
        fixture.provider.opening = (config, context) -> config.name().equals("bad")
                ? opening.apply(config, context)
                : CompletableFuture.completedFuture(fixture.provider.store(config, context));
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("good"));
    }

    /** Everything that only tells something answers at once. */
    private void listsAnswer() {
        long begun = System.nanoTime();
        fixture.gateway.status();
        fixture.gateway.backstores();
        fixture.gateway.backstoreTypes();
        fixture.gateway.targets();
        fixture.gateway.portals();
        fixture.gateway.sessions();
        fixture.gateway.config();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        assertTrue("took " + millis + " ms", millis < 1000);
    }

    private void comesBackWhenMended(String problem) throws Exception {
        String line = problem + ": it is tried again, or use backstore:reopen bad";
        Eventually.isEqual(line, () -> fixture.status("bad").problem());
        assertEquals(State.AWAY, fixture.stateOf("bad"));
        Eventually.isTrue(() -> fixture.provider.openings.get() > 6);
        assertEquals(
                "once for each reason", 1, fixture.logged("backstore=bad away").size());
        fixture.provider.opening = null;
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    @Test
    public void openingThatThrowsAnError() throws Exception {
        restartWith((config, context) -> {
            throw new NoSuchMethodError("of another version");
        });
        comesBackWhenMended("java.lang.NoSuchMethodError: of another version");
    }

    @Test
    public void openingThatGivesNoStage() throws Exception {
        restartWith((config, context) -> null);
        comesBackWhenMended("java.lang.IllegalStateException: its bundle has a bug: it gave no stage");
    }

    @Test
    public void openingThatGivesNoStore() throws Exception {
        restartWith((config, context) -> CompletableFuture.completedFuture(null));
        comesBackWhenMended("java.lang.IllegalStateException: its bundle has a bug: it gave nothing");
    }

    @Test
    public void openingThatGivesAStoreThatDoesNotFit() throws Exception {
        restartWith((config, context) ->
                CompletableFuture.completedFuture(fixture.provider.store(config.withSizeBytes(SIZE / 2), context)));
        comesBackWhenMended("the store has 524288 bytes, fewer than the 1048576 of its configuration");
        assertEquals(Set.of("bad", "good"), fixture.provider.open);
    }

    @Test
    public void openingThatNeverEndsIsToldAndALateSuccessIsUsed() throws Exception {
        AtomicReference<BackstoreContext> given = new AtomicReference<>();
        CompletableFuture<Backstore> late = new CompletableFuture<>();
        restartWith((config, context) -> {
            given.set(context);
            return late;
        });
        listsAnswer();
        assertEquals(State.OPENING, fixture.stateOf("bad"));
        Eventually.isTrue(() -> fixture.status("bad").problem().startsWith("its storage is still being opened, since"));
        readsTheSameLater();
        fixture.create("other");
        late.complete(fixture.provider.store(fixture.status("bad").config(), given.get()));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    /** Whoever looks for changes finds none where there is none. */
    private void readsTheSameLater() throws Exception {
        String problem = fixture.status("bad").problem();
        Duration later = fixture.gateway.status().uptime().plusSeconds(2);
        Eventually.isTrue(() -> fixture.gateway.status().uptime().compareTo(later) > 0);
        assertEquals(problem, fixture.status("bad").problem());
    }

    @Test
    public void openingThatBlocks() throws Exception {
        restartWith((config, context) -> {
            fixture.end.join();
            return CompletableFuture.completedFuture(fixture.provider.store(config, context));
        });
        listsAnswer();
        fixture.create("other");
        fixture.end.complete(null);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    @Test
    public void openingThatEndsTwice() throws Exception {
        restartWith((config, context) -> new Twice(fixture.provider.store(config, context)));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    /** Tells whoever asks of a success and then of a failure. */
    private static final class Twice extends CompletableFuture<Backstore> {
        private final Backstore store;

        Twice(Backstore store) {
            this.store = store;
        }

        @Override
        public CompletableFuture<Backstore> whenComplete(BiConsumer<? super Backstore, ? super Throwable> action) {
            action.accept(store, null);
            action.accept(null, new IllegalStateException("again"));
            return this;
        }
    }

    @Test
    public void aStoreThatComesAfterItsBundleHasGoneIsClosed() throws Exception {
        AtomicReference<BackstoreContext> given = new AtomicReference<>();
        CompletableFuture<Backstore> late = new CompletableFuture<>();
        restartWith((config, context) -> {
            given.set(context);
            return late;
        });
        fixture.gateway.removeProvider(fixture.provider);
        assertEquals(GatewayFixture.NOT_INSTALLED, fixture.status("bad").problem());
        late.complete(fixture.provider.store(fixture.status("bad").config(), given.get()));
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
        assertEquals(State.AWAY, fixture.stateOf("bad"));
    }

    /** Who opens the same storage after it, perhaps the same bundle in its next version, finds nobody there. */
    @Test
    public void aBundleThatGoesWhileItOpensAStoreIsAwaited() throws Exception {
        fixture.drain = Duration.ofMinutes(1);
        AtomicReference<BackstoreContext> given = new AtomicReference<>();
        CompletableFuture<Backstore> late = new CompletableFuture<>();
        restartWith((config, context) -> {
            given.set(context);
            return late;
        });
        BackstoreConfig bad = fixture.status("bad").config();
        Thread framework = new Thread(() -> fixture.gateway.removeProvider(fixture.provider));
        framework.start();
        Eventually.isEqual(
                GatewayFixture.NOT_INSTALLED, () -> fixture.status("bad").problem());
        Eventually.isEqual(Thread.State.TIMED_WAITING, framework::getState);
        late.complete(fixture.provider.store(bad, given.get()));
        framework.join();
        assertEquals(Set.of(), fixture.provider.open);
    }

    @Test
    public void aCloseThatNeverEndsHoldsUpNobody() throws Exception {
        fixture.create("bad");
        fixture.create("good");
        fixture.provider.closing = store -> store == fixture.provider.stores.get("bad")
                ? fixture.end.thenCompose(end -> store.closeWell())
                : store.closeWell();
        long begun = System.nanoTime();
        fixture.gateway.removeProvider(fixture.provider);
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 2000);
        Eventually.isEqual(Set.of("bad"), () -> fixture.provider.open);
        listsAnswer();
        Eventually.isTrue(() -> fixture.status("bad").problem().contains("its storage is still being closed, since"));
        readsTheSameLater();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("good"));
        fixture.end.complete(null);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    @Test
    public void aCloseThatBlocksHoldsUpNobody() throws Exception {
        for (int i = 0; i < 6; i++) {
            fixture.create("bad" + i);
        }
        fixture.create("good");
        fixture.provider.closing = store -> {
            if (store != fixture.provider.stores.get("good")) {
                fixture.end.join();
            }
            return store.closeWell();
        };
        fixture.gateway.removeProvider(fixture.provider);
        listsAnswer();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("good"));
        fixture.end.complete(null);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad5"));
    }

    @Test
    public void aCloseThatThrows() throws Exception {
        fixture.create("bad");
        fixture.provider.closing = store -> {
            store.closeWell();
            throw new NoSuchMethodError("of another version");
        };
        fixture.gateway.removeProvider(fixture.provider);
        Eventually.isEqual(
                1, () -> fixture.logged("backstore=bad was not closed well").size());
        fixture.gateway.addProvider(fixture.provider);
        // Nobody knows whether it was flushed.
        Eventually.isEqual(State.READ_ONLY, () -> fixture.stateOf("bad"));
        fixture.gateway.reopenBackstore("bad", false);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    @Test
    public void aFlushThatFailsIsAProblemUntilTheOperatorOpensTheStoreAnewWhateverTheStoreSays() throws Exception {
        fixture.create("bad");
        fixture.create("good");
        fixture.provider.stores.get("bad").flushing = CompletableFuture.failedFuture(new IllegalStateException("lost"));
        assertTrue(fixture.volume("bad").flush().toCompletableFuture().isCompletedExceptionally());
        assertEquals(State.READ_ONLY, fixture.stateOf("bad"));
        assertTrue(fixture.gateway.status().problems().toString().contains("then use backstore:reopen bad"));
        fixture.gateway.removeProvider(fixture.provider);
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.READ_ONLY, () -> fixture.stateOf("bad"));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("good"));
        fixture.gateway.reopenBackstore("bad", false);
        assertEquals(State.ONLINE, fixture.stateOf("bad"));
        fixture.volume("bad").flush().toCompletableFuture().join();
    }

    @Test
    public void aStopWithAHungStoreEnds() throws Exception {
        fixture.create("bad");
        fixture.create("good");
        fixture.gateway.createTarget(TARGET, List.of("bad", "good"));
        FakeProvider.Store hung = fixture.provider.stores.get("bad");
        hung.writing = fixture.end;
        CompletionStage<Void> write =
                fixture.volume("bad").write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
        long begun = System.nanoTime();
        fixture.gateway.close();
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 3000);
        Eventually.isEqual(Set.of("bad"), () -> fixture.provider.open);
        fixture.end.complete(null);
        write.toCompletableFuture().get(60, TimeUnit.SECONDS);
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    @Test
    public void aDrainGivesUpAndTheStoreIsClosedWhenItsLastOperationHasEnded() throws Exception {
        fixture.create("bad");
        fixture.gateway.createTarget(TARGET, List.of("bad"));
        fixture.provider.stores.get("bad").writing = fixture.end;
        fixture.volume("bad").write(0, new ByteBuffer[] {ByteBuffer.allocate(512)}, Durability.CACHED);
        fixture.gateway.unmapLun(TARGET, 0, true);
        fixture.gateway.deleteBackstore("bad");
        assertEquals(List.of(), fixture.gateway.backstores());
        assertEquals(Set.of("bad"), fixture.provider.open);
        listsAnswer();
        fixture.end.complete(null);
        Eventually.isEqual(Set.of(), () -> fixture.provider.open);
    }

    @Test
    public void aHungStoreHoldsUpNoChange() throws Exception {
        fixture.drain = Duration.ofSeconds(8);
        fixture.restart();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        fixture.create("bad");
        fixture.create("good");
        fixture.gateway.createTarget(TARGET, List.of("bad"));
        fixture.transport.ending = fixture.end;
        Thread slow = new Thread(() -> assertThrows(AssertionError.class, () -> {
            fixture.gateway.setTargetEnabled(TARGET, false);
            throw new AssertionError("done");
        }));
        slow.start();
        Eventually.isTrue(() ->
                fixture.transport.account.contains("close sessions of " + TARGET + " because of TARGET_DISABLED"));
        listsAnswer();
        long begun = System.nanoTime();
        fixture.gateway.mapLun(TARGET, new LunConfig(5, "good", false));
        assertTrue(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) < 2000);
        assertTrue(slow.isAlive());
        fixture.end.complete(null);
        slow.join();
    }

    @Test
    public void questionsThatHangOrThrow() throws Exception {
        fixture.create("bad");
        fixture.create("good");
        FakeProvider.Store bad = fixture.provider.stores.get("bad");
        bad.allocated = new CompletableFuture<>();
        Eventually.isTrue(() -> fixture.status("good").space().usedBytes().isPresent());
        listsAnswer();
        bad.health = null;
        Eventually.isEqual(State.FAILED, () -> fixture.stateOf("bad"));
        assertTrue(
                fixture.status("bad").problem(), fixture.status("bad").problem().contains("its bundle has a bug"));
        bad.health = BackstoreHealth.HEALTHY;
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("bad"));
    }

    @Test
    public void bundlesThatCannotSayWhatTheyAre() throws Exception {
        fixture.gateway.addProvider(new Nameless(null, List.of()));
        fixture.gateway.addProvider(new Nameless("good", null));
        fixture.gateway.addProvider(new Nameless("../etc", List.of()));
        FakeProvider second = new FakeProvider();
        fixture.gateway.addProvider(second);
        Eventually.isEqual(3, () -> fixture.logged("a bundle for backstores cannot be used")
                .size());
        assertEquals(1, fixture.gateway.backstoreTypes().size());
        fixture.create("good");
        Eventually.isEqual(1, () -> fixture.logged("there is a second bundle for backstores of the type fake")
                .size());
    }

    @Test
    public void aBundleThatDoesNotSayWhatItIsIsToldOf() throws Exception {
        fixture.gateway.addProvider(new FakeProvider() {
            @Override
            public String type() {
                fixture.end.join();
                return super.type();
            }
        });
        Eventually.isEqual(1, () -> fixture.logged("asking a bundle for backstores what it offers, "
                        + getClass().getName() + "$")
                .size());
    }

    private record Nameless(String type, List<BackstoreOption> options) implements BackstoreProvider {
        @Override
        public String description() {
            return "";
        }

        @Override
        public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext context) {
            throw new AssertionError();
        }

        @Override
        public CompletionStage<Backstore> open(BackstoreConfig config, BackstoreContext context) {
            throw new AssertionError();
        }
    }

    @Test
    public void makingThatThrowsGivesNothingOrChangesWhatWasAskedFor() throws Exception {
        fixture.provider.making = config -> {
            throw new NoSuchMethodError("of another version");
        };
        assertTrue(refused("bad").contains("of another version"));
        fixture.provider.making = config -> null;
        assertTrue(refused("bad").contains("it gave no stage"));
        fixture.provider.making = config -> CompletableFuture.completedFuture(
                config.toBuilder().readOnly(true).build());
        assertTrue(refused("bad").contains("it has changed the configuration"));
        fixture.provider.making = null;
        fixture.provider.opening = (config, context) -> {
            throw new NoSuchMethodError("of another version");
        };
        assertTrue(refused("bad").contains("of another version"));
        fixture.provider.opening = (config, context) ->
                CompletableFuture.completedFuture(fixture.provider.store(config.withSizeBytes(SIZE / 2), context));
        assertEquals("the store has 524288 bytes, fewer than the 1048576 of its configuration", refused("bad"));
        assertEquals("undone", Set.of(), fixture.provider.made);
        assertEquals(Set.of(), fixture.provider.open);
        fixture.provider.opening = null;
        fixture.create("bad");
        assertFalse(fixture.gateway.backstores().isEmpty());
    }

    @Test
    public void makingThatNeverEndsIsOverWhenItsBundleGoes() throws Exception {
        CompletableFuture<BackstoreConfig> late = new CompletableFuture<>();
        AtomicReference<BackstoreConfig> asked = new AtomicReference<>();
        fixture.provider.making = config -> {
            fixture.provider.made.add(config.name());
            asked.set(config);
            return late;
        };
        AtomicReference<String> told = new AtomicReference<>();
        Thread console = new Thread(() -> told.set(refused("bad")));
        console.start();
        Eventually.isTrue(() -> asked.get() != null);
        fixture.gateway.removeProvider(fixture.provider);
        console.join();
        assertEquals("the bundle for type fake went away", told.get());
        late.complete(asked.get());
        Eventually.isEqual(Set.of(), () -> fixture.provider.made);
        assertEquals(Set.of(), fixture.provider.open);
    }

    private String refused(String name) {
        ConfigException refused = assertThrows(ConfigException.class, () -> fixture.create(name));
        assertFalse(refused.getMessage().contains("\n"));
        return refused.getMessage();
    }
}
