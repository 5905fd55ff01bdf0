package io.sluice.scsi.history;

import io.sluice.backstore.BlockGeometry;
import io.sluice.scsi.InitiatorPort;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.NexusRights;
import io.sluice.scsi.TargetPort;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import io.sluice.scsi.TestUnit;
import io.sluice.scsi.UnitOptions;
import io.sluice.scsi.history.Client.Running;
import io.sluice.scsi.history.Plan.Sabotage;
import io.sluice.scsi.target.LogicalUnit;
import io.sluice.scsi.target.ScsiTarget;
import io.sluice.scsi.target.TargetUnavailableException;
import io.sluice.volume.Volume;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Lets clients loose on one unit, aborts and resets among them, and returns what happened. */
final class History {

    /** Whose random numbers they are; clients have their number. */
    private static final int DISTURBER = 100;

    private static final int STORE = 101;
    private static final int PATIENCE_SECONDS = 60;
    private static final int LONGEST_PAUSE_MICROS = 600;

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "history");
        thread.setDaemon(true);
        return thread;
    });

    private final Plan plan;
    private final List<Client> clients = new ArrayList<>();
    private final Random random;

    private History(Plan plan) {
        this.plan = plan;
        this.random = plan.random(DISTURBER);
        ScatteringStore store = new ScatteringStore(
                new BlockGeometry(8, Commands.BLOCK_SIZE), plan.random(STORE), fault(plan.sabotage()));
        ScsiTarget target = target(store);
        ScsiTarget other = plan.sabotage() == Sabotage.NO_GATE ? target(store) : target;
        for (int i = 0; i < plan.clients(); i++) {
            ScsiTarget mine = i % 2 == 0 ? target : other;
            clients.add(new Client(mine, login(mine, i), plan, i));
        }
    }

    static List<Event> record(Plan plan) {
        return new History(plan).record();
    }

    private static ScatteringStore.Fault fault(Sabotage sabotage) {
        return switch (sabotage) {
            case STORE_TEARS -> ScatteringStore.Fault.TEARS;
            case STORE_ANSWERS_EARLY -> ScatteringStore.Fault.ANSWERS_EARLY;
            default -> ScatteringStore.Fault.NONE;
        };
    }

    private static ScsiTarget target(ScatteringStore store) {
        Volume volume = TestUnit.volume("unit", store.geometry());
        LogicalUnit unit = new LogicalUnit(volume, TestUnit.IDENTITY, new UnitOptions(true, false, false));
        volume.attach(store).toCompletableFuture().join();
        ScsiTarget target = new ScsiTarget(TestUnit.TARGET);
        target.map(0, unit, false);
        return target;
    }

    /** Two or three nexuses are of one host, so that tokens and ways to a unit are shared. */
    private static Nexus login(ScsiTarget target, int number) {
        String host = "iqn.2026-11.io.sluice:host" + number % 2;
        try {
            return target.open(new InitiatorPort(host, number), new TargetPort(TestUnit.TARGET, 1, 1), NexusRights.ALL);
        } catch (TargetUnavailableException refused) {
            throw new AssertionError(refused);
        }
    }

    private List<Event> record() {
        List<CompletableFuture<Void>> under = new ArrayList<>();
        clients.forEach(client -> under.add(CompletableFuture.runAsync(client, THREADS)));
        under.add(CompletableFuture.runAsync(this::disturb, THREADS));
        CompletableFuture.allOf(under.toArray(new CompletableFuture<?>[0]))
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        List<Event> events = new ArrayList<>();
        clients.forEach(client -> events.addAll(client.events));
        return events;
    }

    private void disturb() {
        for (int left = random.nextInt(4); left > 0; left--) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(LONGEST_PAUSE_MICROS)));
            Client victim = clients.get(random.nextInt(clients.size()));
            if (random.nextInt(3) > 0) {
                Running running = victim.running;
                if (running != null) {
                    manage(TaskManagementFunction.ABORT_TASK, victim, running.task(), List.of(running));
                }
            } else {
                List<Running> all = clients.stream()
                        .filter(client -> client.target == victim.target)
                        .map(client -> client.running)
                        .filter(Objects::nonNull)
                        .toList();
                manage(TaskManagementFunction.LOGICAL_UNIT_RESET, victim, null, all);
            }
        }
    }

    /** What a function has covered does not change anything after its answer. */
    private void manage(TaskManagementFunction function, Client by, RecordedTask task, List<Running> covered) {
        by.target
                .manage(function, by.nexus, 0, task)
                .thenAccept(response -> {
                    long tick = plan.clock().incrementAndGet();
                    if (response == TaskManagementResponse.FUNCTION_COMPLETE) {
                        covered.forEach(running -> running.event().coveredUntil(tick));
                    }
                })
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }
}
