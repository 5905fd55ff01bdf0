package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.TARGET;
import static io.sluice.manager.GatewayFixture.request;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.backstore.BackstoreContext;
import io.sluice.config.BackstoreConfig;
import io.sluice.config.ConfigException;
import io.sluice.management.BackstoreRequest;
import io.sluice.management.Gateway;
import io.sluice.management.JobManagement;
import io.sluice.management.JobStatus;
import io.sluice.management.JobStatus.State;
import io.sluice.manager.audit.AuditTrail;
import io.sluice.manager.audit.AuditedGateway;
import io.sluice.manager.history.Author;
import io.sluice.manager.job.Jobs;
import io.sluice.manager.job.Work;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.Rule;
import org.junit.Test;

/** What goes on for longer is seen by everybody, and can be cancelled where that leaves nothing half done. */
public class JobsTest {

    private static final String MAKING = "making backstore disk";

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private final List<String> audited = new CopyOnWriteArrayList<>();

    private Gateway gateway() {
        AuditTrail trail = new AuditTrail(() -> "alice", audited::add);
        fixture.gateway.listen(trail::over);
        return new AuditedGateway(fixture.gateway, trail);
    }

    private JobStatus job(String id) {
        return fixture.gateway.jobs().list().stream()
                .filter(job -> job.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Returns the moves: where a disk is slow, other things may have taken long enough to be remembered, too. */
    private List<JobStatus> moves() {
        return fixture.gateway.jobs().list().stream()
                .filter(job -> job.what().startsWith("moving "))
                .toList();
    }

    /** Returns the job that somebody was told of. */
    private String goesOn(Gateway.Change<?> change) {
        ConfigException told =
                assertThrows(ConfigException.class, () -> gateway().jobs().within(Duration.ZERO, change));
        assertEquals(told.getMessage(), ConfigException.Kind.GOES_ON, told.kind());
        return told.job();
    }

    private String makeOne() {
        fixture.provider.making = config -> fixture.end.thenApply(end -> config);
        return goesOn(() -> gateway().createBackstore(request("disk")));
    }

    private String refused(String id) {
        return assertThrows(ConfigException.class, () -> fixture.gateway.jobs().cancel(id))
                .getMessage();
    }

    @Test
    public void aChangeThatNobodyWaitsForIsAJobUntilItIsDone() throws Exception {
        String id = makeOne();
        JobStatus job = job(id);
        assertEquals(MAKING, job.what());
        assertEquals("alice", job.author());
        assertEquals(State.RUNNING, job.state());
        assertTrue(job.ended().isEmpty());
        assertEquals(OptionalDouble.empty(), job.progress());
        assertTrue(job.cancellable());
        fixture.end.complete(null);
        Eventually.isEqual(State.DONE, () -> job(id).state());
        assertEquals("backstore disk", job(id).result());
        assertFalse(job(id).cancellable());
        assertEquals(1, fixture.gateway.backstores().size());
        Eventually.isEqual(2, audited::size);
        String order = "alice create backstore disk (type fake, 1 MiB, with place): ";
        assertEquals(
                List.of(
                        order + MAKING + " is still going on after 0 s: gateway:jobs shows it as job " + id,
                        order + "done"),
                audited);
        assertEquals("job " + id + " is over: gateway:jobs " + id + " shows how", refused(id));
    }

    @Test
    public void whatFailsInTheEndSaysWhy() throws Exception {
        CompletableFuture<BackstoreConfig> made = new CompletableFuture<>();
        fixture.provider.making = config -> made;
        String id = goesOn(() -> gateway().createBackstore(request("disk")));
        made.completeExceptionally(new ConfigException("the disk is full"));
        Eventually.isEqual(State.FAILED, () -> job(id).state());
        assertEquals("the disk is full", job(id).problem());
        Eventually.isEqual(2, audited::size);
        assertTrue(audited.toString(), audited.get(1).endsWith(": failed: the disk is full"));
    }

    @Test
    public void aBugIsLoggedAlthoughNobodyWaits() throws Exception {
        CompletableFuture<BackstoreConfig> made = new CompletableFuture<>();
        fixture.provider.making = config -> made;
        String id = goesOn(() -> gateway().createBackstore(request("disk")));
        made.completeExceptionally(new IllegalStateException("oops"));
        Eventually.isEqual(State.FAILED, () -> job(id).state());
        Eventually.isEqual(1, () -> fixture.logged(MAKING + ", met a bug").size());
    }

    @Test
    public void aDiskThatIsBeingMadeCanBeCancelled() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        fixture.provider.making = config -> {
            begun.complete(null);
            return fixture.end.thenApply(end -> config);
        };
        String id = goesOn(() -> gateway().createBackstore(request("disk")));
        begun.get(10, TimeUnit.SECONDS);
        gateway().jobs().cancel(id);
        assertEquals(State.CANCELLED, job(id).state());
        assertEquals("", job(id).problem());
        assertEquals("alice cancel job " + id + ": done", audited.get(audited.size() - 1));
        fixture.provider.making = null;
        // Its bundle is at it still: nobody else is let to the same storage.
        assertEquals(
                "backstore disk is being made: wait until that is over",
                assertThrows(ConfigException.class, () -> fixture.create("disk"))
                        .getMessage());
        fixture.create("other");
        fixture.end.complete(null);
        Eventually.isTrue(() -> {
            try {
                fixture.create("disk");
                return true;
            } catch (ConfigException busy) {
                assertTrue(busy.getMessage(), busy.getMessage().contains("wait until that is over"));
                return false;
            }
        });
        assertEquals(2, fixture.gateway.backstores().size());
    }

    @Test
    public void whoMakesItTellsHowFarItIsAndIsToldThatItIsNotWanted() throws Exception {
        fixture.drain = Duration.ofSeconds(30);
        fixture.restart();
        CompletableFuture<BackstoreContext> context = new CompletableFuture<>();
        FakeProvider patient = new FakeProvider() {
            @Override
            public CompletionStage<BackstoreConfig> create(BackstoreConfig config, BackstoreContext given) {
                context.complete(given);
                return fixture.end.thenApply(end -> config);
            }
        };
        fixture.gateway.addProvider(patient).toCompletableFuture().join();
        String id = goesOn(() -> gateway().createBackstore(request("disk")));
        BackstoreContext given = context.get(10, TimeUnit.SECONDS);
        assertEquals(OptionalDouble.empty(), job(id).progress());
        for (double told : new double[] {0.5, 0.25, -1, 2, Double.NaN}) {
            given.progress(told);
            assertEquals(OptionalDouble.of(0.5), job(id).progress());
        }
        assertFalse(given.isCancelled());
        CompletableFuture<Void> cancelled = CompletableFuture.runAsync(() -> {
            try {
                fixture.gateway.jobs().cancel(id);
            } catch (ConfigException refused) {
                throw new CompletionException(refused);
            }
        });
        Eventually.isTrue(given::isCancelled);
        assertFalse("it is waited until nothing is left of it", cancelled.isDone());
        assertEquals(State.RUNNING, job(id).state());
        fixture.end.complete(null);
        cancelled.get(10, TimeUnit.SECONDS);
        assertEquals(State.CANCELLED, job(id).state());
        assertEquals(List.of(), fixture.gateway.backstores());
        assertEquals(Set.of(), patient.open);
    }

    @Test
    public void whatWaitsForItsTurnCanBeCancelled() throws Exception {
        CompletableFuture<Void> first = new CompletableFuture<>();
        CompletableFuture<Void> begun = new CompletableFuture<>();
        new Thread(() -> {
                    try {
                        fixture.gateway.changeIf(
                                config -> {
                                    begun.complete(null);
                                    first.join();
                                    return true;
                                },
                                () -> {
                                    fixture.gateway.createTarget(TARGET, List.of());
                                    return null;
                                });
                    } catch (ConfigException refused) {
                        first.completeExceptionally(refused);
                    }
                })
                .start();
        begun.join();
        String id = goesOn(() -> gateway().createBackstore(request("disk")));
        goesOn(() -> {
            gateway().jobs().cancel(id);
            return null;
        });
        // The order that waits is called off before its turn: nothing of it is made.
        fixture.provider.making = config -> CompletableFuture.failedFuture(new AssertionError("it was made"));
        first.complete(null);
        Eventually.isEqual(State.CANCELLED, () -> job(id).state());
    }

    @Test
    public void whatCannotBeTakenBackSaysSo() throws Exception {
        fixture.create("disk");
        CompletableFuture<Void> turn = new CompletableFuture<>();
        String id = goesOn(() -> fixture.gateway.changeIf(
                config -> {
                    turn.join();
                    return true;
                },
                () -> {
                    fixture.gateway.deleteBackstore("disk");
                    return null;
                }));
        assertFalse(job(id).cancellable());
        assertEquals("job " + id + " cannot be cancelled: what it has begun is done to its end", refused(id));
        assertEquals("there is no job 1: gateway:jobs shows those that there are", refused("1"));
        turn.complete(null);
        Eventually.isEqual(State.DONE, () -> job(id).state());
    }

    @Test
    public void whatIsShortIsNoJob() throws Exception {
        long begin = System.nanoTime();
        fixture.create("disk");
        gateway().jobs().within(Duration.ofSeconds(10), () -> {
            fixture.gateway.deleteBackstore("disk");
            return null;
        });
        List<JobStatus> jobs = fixture.gateway.jobs().list();
        boolean wasShort = System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(1);
        assertTrue(jobs.toString(), jobs.isEmpty() || !wasShort);
    }

    @Test
    public void aMoveIsAJobWithProgress() throws Exception {
        BytesProvider bytes = new BytesProvider();
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
        fixture.gateway.createBackstore(new BackstoreRequest(
                "disk", "bytes", 4 << 20, 512, 0, false, false, false, false, 0, Map.of("place", "old")));
        gateway().moveBackstore("disk", "bytes", Map.of("place", "new"), 256 << 10);
        JobStatus job = moves().get(0);
        assertEquals("moving backstore disk to of type bytes", job.what());
        assertEquals("alice", job.author());
        assertTrue(job.progress().isPresent());
        assertTrue(job.cancellable());
        gateway().jobs().cancel(job.id());
        assertEquals(State.CANCELLED, job(job.id()).state());
        assertEquals(
                List.of(
                        "alice move backstore disk to type bytes: begun",
                        "alice move backstore disk to type bytes: cancelled",
                        "alice cancel job " + job.id() + ": done"),
                audited);
        gateway().moveBackstore("disk", "bytes", Map.of("place", "new"), 0);
        Eventually.isEqual(State.DONE, () -> moves().get(1).state());
        Eventually.isEqual("alice move backstore disk to type bytes: done", () -> audited.get(audited.size() - 1));
    }

    @Test
    public void aMoveThatGoesOnAfterARestartIsAnotherJob() throws Exception {
        BytesProvider bytes = new BytesProvider();
        fixture.gateway.addProvider(bytes).toCompletableFuture().join();
        fixture.gateway.createBackstore(new BackstoreRequest(
                "disk", "bytes", 4 << 20, 512, 0, false, false, false, false, 0, Map.of("place", "old")));
        gateway().moveBackstore("disk", "bytes", Map.of("place", "new"), 256 << 10);
        JobStatus before = moves().get(0);
        fixture.restart();
        Eventually.isTrue(() -> !moves().isEmpty());
        assertEquals("gateway", moves().get(0).author());
        assertNotEquals(before.id(), moves().get(0).id());
        assertEquals("its end is not told of", 1, audited.size());
    }

    @Test
    public void onlyTheLastOnesAreRemembered() {
        Jobs jobs = new Jobs();
        for (int i = 0; i < JobManagement.MOST_OVER + 7; i++) {
            jobs.beginLong("work " + i, Author.GATEWAY, CompletableFuture.completedFuture(""), Work.PLAIN);
        }
        assertEquals(JobManagement.MOST_OVER, jobs.list().size());
        assertEquals("work 7", jobs.list().get(0).what());
    }
}
