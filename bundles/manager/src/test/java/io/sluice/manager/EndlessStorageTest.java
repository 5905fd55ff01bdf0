package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.SIZE;
import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreContext;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreStatus.State;
import io.sluice.management.ConfigurationManagement;
import io.sluice.management.Gateway;
import io.sluice.management.JobStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;

/** What storage never does is refused in the end, whether a document wants it or somebody; and others have their turn after it. */
public class EndlessStorageTest {

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final CompletableFuture<BackstoreConfig> late = new CompletableFuture<>();
    private ConfigurationManagement configuration;

    @Before
    public void serve() throws Exception {
        fixture.gateway.close();
        fixture.making = Duration.ofSeconds(3);
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isTrue(() -> !fixture.gateway.backstoreTypes().isEmpty());
        fixture.gateway.createTarget(TARGET, request("disk"));
        fixture.create("spare");
        configuration = fixture.gateway.configuration();
    }

    private static String part(String... backstores) {
        return "{\"version\": 1, \"part\": true, \"backstores\": [" + String.join(",", backstores) + "]}";
    }

    private static String disk(String name, long size, String colour) {
        return "{\"name\": \"" + name + "\", \"type\": \"fake\", \"sizeBytes\": " + size
                + ", \"options\": {\"place\": \"here\"" + colour + "}}";
    }

    private void refused(String message, String document) {
        assertEquals(
                message,
                assertThrows(ConfigException.class, () -> configuration.apply(document, true, ""))
                        .getMessage());
    }

    @Test
    public void whatIsMadeTooLateIsUndoneAndWhatWasClosedIsBack() throws Exception {
        BackstoreConfig spare = fixture.status("spare").config();
        fixture.provider.making = config -> {
            fixture.provider.made.add(config.name());
            return config.name().equals("new")
                    ? late.thenApply(gone -> config)
                    : CompletableFuture.completedFuture(config);
        };
        String document = part(disk("spare", SIZE, ", \"colour\": \"red\""), disk("new", SIZE, ""));
        refused(
                "making backstore new was not over after 3 s, and nothing was changed: see to its storage, and apply the"
                        + " configuration once more",
                document);
        assertEquals(spare, fixture.status("spare").config());
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        configuration.apply(part(disk("other", SIZE, "")), true, "");
        assertEquals(State.ONLINE, fixture.stateOf("other"));
        refused("backstore new is being changed: wait until that is over", document);
        late.complete(null);
        Eventually.isTrue(() -> !fixture.provider.made.contains("new"));
        fixture.provider.making = null;
        Eventually.isTrue(() -> {
            try {
                return !configuration.apply(document, true, "").isEmpty();
            } catch (ConfigException busy) {
                assertTrue(busy.getMessage(), busy.getMessage().contains("wait until that is over"));
                return false;
            }
        });
        assertEquals(Set.of("disk", "spare", "other", "new"), fixture.provider.open);
    }

    @Test
    public void whatIsCancelledIsOverAndOthersAreApplied() throws Exception {
        CompletableFuture<Void> making = new CompletableFuture<>();
        fixture.provider.making = config -> {
            making.complete(null);
            return late;
        };
        startAnew(Duration.ofMinutes(1));
        String document = part(disk("new", SIZE, ""));
        ConfigException told = assertThrows(
                ConfigException.class,
                () -> fixture.gateway.jobs().within(Duration.ZERO, () -> configuration.apply(document, true, "")));
        making.join();
        fixture.gateway.jobs().cancel(told.job());
        assertEquals(JobStatus.State.CANCELLED, job(told.job()).state());
        fixture.provider.making = null;
        configuration.apply(part(disk("other", SIZE, "")), true, "");
        assertEquals(State.ONLINE, fixture.stateOf("other"));
    }

    private void startAnew(Duration making) throws Exception {
        fixture.gateway.close();
        fixture.making = making;
        fixture.start();
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("spare"));
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        configuration = fixture.gateway.configuration();
    }

    private BackstoreConfig move() throws ConfigException {
        return fixture.gateway.moveBackstore("disk", "fake", Map.of("place", "there"), 0);
    }

    private Void resize() throws ConfigException {
        fixture.gateway.resizeBackstore("disk", 2 * SIZE);
        return null;
    }

    private static final String MOVED =
            "backstore disk is being moved, which backstore:move-cancel ends: wait until that is over";

    /** Begins a move whose new storage is not there before {@code late}, and returns the job of who has asked for it. */
    private String moveForLong() throws Exception {
        startAnew(Duration.ofMinutes(1));
        CompletableFuture<Void> making = new CompletableFuture<>();
        fixture.provider.making = config -> {
            making.complete(null);
            return late.thenApply(gone -> config);
        };
        String job = assertThrows(
                        ConfigException.class, () -> fixture.gateway.jobs().within(Duration.ZERO, this::move))
                .job();
        making.get(20, TimeUnit.SECONDS);
        assertEquals(MOVED, refused(this::resize));
        return job;
    }

    private void isFree() throws Exception {
        Eventually.isTrue(() -> {
            try {
                resize();
                return true;
            } catch (ConfigException busy) {
                assertEquals(MOVED, busy.getMessage());
                return false;
            }
        });
    }

    @Test
    public void aMoveWhoseStorageIsNeverMadeIsRefused() throws Exception {
        startAnew(Duration.ofMillis(300));
        fixture.provider.making = config -> late.thenApply(gone -> config);
        assertEquals(
                "making storage for backstore disk was not over after 0 s, and nothing was changed: see to its storage,"
                        + " and try again",
                refused(this::move));
        assertEquals(MOVED, refused(this::resize));
        late.complete(null);
        isFree();
        assertEquals(State.ONLINE, fixture.stateOf("disk"));
    }

    @Test
    public void aMoveIsCancelledWhileItsStorageIsMade() throws Exception {
        moveForLong();
        String cancelling = assertThrows(
                        ConfigException.class, () -> fixture.gateway.jobs().within(Duration.ZERO, () -> {
                            fixture.gateway.cancelMove("disk");
                            return null;
                        }))
                .job();
        late.complete(null);
        Eventually.isEqual(JobStatus.State.DONE, () -> job(cancelling).state());
        resize();
        assertEquals(List.of(), fixture.gateway.moves());
    }

    @Test
    public void aMoveIsCancelledAsTheJobThatItIsWhileItsStorageIsMade() throws Exception {
        String job = moveForLong();
        fixture.gateway.jobs().cancel(job);
        assertEquals(JobStatus.State.CANCELLED, job(job).state());
        late.complete(null);
        isFree();
    }

    @Test
    public void aMoveWhoseBundleGoesWhileItsStorageIsMadeIsOver() throws Exception {
        String job = moveForLong();
        fixture.gateway.removeProvider(fixture.provider);
        Eventually.isEqual("the bundle for type fake went away", () -> job(job).problem());
        fixture.gateway.addProvider(fixture.provider);
        Eventually.isEqual(State.ONLINE, () -> fixture.stateOf("disk"));
        resize();
        late.complete(null);
    }

    private JobStatus job(String id) {
        return fixture.gateway.jobs().list().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String refused(Gateway.Change<?> change) {
        return assertThrows(ConfigException.class, change::make).getMessage();
    }

    @Test
    public void aBackstoreThatIsNeverMadeIsRefusedAndItsNameIsFreeWhenNothingIsLeftOfIt() throws Exception {
        fixture.provider.making = config -> {
            fixture.provider.made.add(config.name());
            return late.thenApply(gone -> config);
        };
        assertEquals(
                "making backstore new was not over after 3 s, and nothing was changed: see to its storage, and try again",
                refused(() -> fixture.gateway.createBackstore(request("new"))));
        assertEquals(
                "backstore new is being made: wait until that is over",
                refused(() -> fixture.gateway.createBackstore(request("new"))));
        fixture.provider.making = null;
        fixture.create("other");
        late.complete(null);
        Eventually.isTrue(() -> !fixture.provider.made.contains("new"));
        Eventually.isTrue(() -> {
            try {
                fixture.create("new");
                return true;
            } catch (ConfigException busy) {
                assertTrue(busy.getMessage(), busy.getMessage().contains("wait until that is over"));
                return false;
            }
        });
        assertEquals(Set.of("disk", "spare", "other", "new"), fixture.provider.open);
    }

    @Test
    public void aBackstoreThatNeverBecomesLargerIsRefused() throws Exception {
        fixture.provider.stores.get("disk").resizing = late.thenAccept(gone -> {});
        Gateway.Change<Void> larger = () -> {
            fixture.gateway.resizeBackstore("disk", 2 * SIZE);
            return null;
        };
        assertEquals(
                "resizing backstore disk was not over after 3 s, and nothing was changed: see to its storage, and try"
                        + " again",
                refused(larger));
        assertEquals("backstore disk is being resized: wait until that is over", refused(larger));
        assertEquals(SIZE, fixture.status("disk").config().sizeBytes());
        fixture.create("other");
        late.complete(null);
        Eventually.isTrue(() -> {
            try {
                larger.make();
                return true;
            } catch (ConfigException busy) {
                assertTrue(busy.getMessage(), busy.getMessage().contains("wait until that is over"));
                return false;
            }
        });
        assertEquals(2 * SIZE, fixture.status("disk").config().sizeBytes());
    }

    @Test
    public void whatGetsOnMayTakeLongerUntilItStandsStill() throws Exception {
        CompletableFuture<BackstoreContext> context = new CompletableFuture<>();
        FakeProvider slow = new FakeProvider() {
            @Override
            public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext given) {
                context.complete(given);
                return late.thenApply(gone -> config);
            }
        };
        fixture.gateway.close();
        fixture.making = Duration.ofSeconds(2);
        fixture.start();
        fixture.gateway.addProvider(slow).toCompletableFuture().join();
        CompletableFuture<String> told =
                CompletableFuture.supplyAsync(() -> refused(() -> fixture.gateway.createBackstore(request("new"))));
        BackstoreContext given = context.get(10, TimeUnit.SECONDS);
        Duration limit = fixture.gateway.status().uptime().plusSeconds(3);
        AtomicInteger steps = new AtomicInteger();
        Eventually.isTrue(() -> {
            given.progress(steps.incrementAndGet() / 1e6);
            return fixture.gateway.status().uptime().compareTo(limit) > 0;
        });
        assertFalse("it gets on", told.isDone() || given.isCancelled());
        assertEquals(
                "making backstore new did not get on for 2 s, and nothing was changed: see to its storage, and try again",
                told.get(10, TimeUnit.SECONDS));
        assertTrue(given.isCancelled());
        late.complete(null);
    }

    @Test
    public void whatNeverBecomesLargerStaysAsItIs() throws Exception {
        fixture.provider.stores.get("disk").resizing = late.thenAccept(gone -> {});
        refused(
                "resizing backstore disk was not over after 3 s, and nothing was changed: see to its storage, and apply"
                        + " the configuration once more",
                part(disk("disk", 2 * SIZE, "")));
        assertEquals(SIZE, fixture.status("disk").config().sizeBytes());
        configuration.apply(part(disk("other", SIZE, "")), true, "");
        late.complete(null);
    }
}
