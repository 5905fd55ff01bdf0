package io.sluice.scsi.internal.task;

import io.sluice.volume.claim.Claim;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/** The tasks that a logical unit has not ended yet (SAM-5 4.9). Thread-safe. */
public final class TaskSet {

    /** An initiator could have any number of them if they did not count. */
    private static final int MOST_THAT_GO_ON = 64;

    private final Set<RunningTask> tasks = ConcurrentHashMap.newKeySet();

    /** Tasks that have been answered and go on. */
    private final AtomicInteger goOn = new AtomicInteger();

    /** Shows the claims of the tasks in the set at the blocks of the volume. */
    public Consumer<Consumer<Claim>> blockClaims() {
        return claims(RunningTask::blocks);
    }

    void enter(RunningTask task) {
        tasks.add(task);
    }

    /** Returns whether another task may go on after its answer; if so, it says when it {@link #wentOn went on} to its end. */
    boolean mayGoOn() {
        if (goOn.incrementAndGet() <= MOST_THAT_GO_ON) {
            return true;
        }
        goOn.decrementAndGet();
        return false;
    }

    void wentOn() {
        goOn.decrementAndGet();
    }

    void leave(RunningTask task) {
        tasks.remove(task);
    }

    /** Shows the claims of the tasks in the set. */
    Consumer<Consumer<Claim>> claims(Function<RunningTask, Claim> claimOf) {
        return each -> tasks.forEach(task -> each.accept(claimOf.apply(task)));
    }

    /**
     * Aborts the tasks that match.
     *
     * @param withStatus which of them are answered with TASK ABORTED
     * @return the aborted ones' end
     */
    CompletionStage<Ending> abort(Predicate<RunningTask> which, Predicate<RunningTask> withStatus) {
        return each(which, task -> task.abort(withStatus.test(task)));
    }

    /** Ends the tasks that came through mappings which are gone. */
    CompletionStage<Ending> evictGone() {
        return each(task -> task.mapping().gone(), RunningTask::evict);
    }

    private CompletionStage<Ending> each(
            Predicate<RunningTask> which, Function<RunningTask, CompletionStage<Ending>> end) {
        List<CompletionStage<Ending>> ends = new ArrayList<>();
        for (RunningTask task : tasks) {
            if (which.test(task)) {
                ends.add(end.apply(task));
            }
        }
        return Ending.all(ends);
    }

    /** Returns how many tasks match. */
    int count(Predicate<RunningTask> which) {
        return (int) tasks.stream().filter(which).count();
    }

    /** Returns whether a task is in the set. */
    boolean contains(Predicate<RunningTask> which) {
        return tasks.stream().anyMatch(which);
    }
}
