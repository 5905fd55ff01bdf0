package io.sluice.scsi.internal.task;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.unit.BlockDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The task manager of a logical unit (SAM-5 4.7, 7): ends tasks early, and tells whom it has to tell. Thread-safe. */
public final class TaskManager {

    private final TaskSet taskSet;
    private final BlockDevice unit;
    private final Set<BackgroundCopy> copies = ConcurrentHashMap.newKeySet();

    TaskManager(TaskSet taskSet, BlockDevice unit) {
        this.taskSet = taskSet;
        this.unit = unit;
    }

    /** Aborts one task (SAM-5 7.2); null if it is not in the task set. */
    public CompletionStage<Ending> abortTask(Task task) {
        Predicate<RunningTask> named = execution -> execution.task() == task;
        return taskSet.contains(named) ? taskSet.abort(named, execution -> false) : null;
    }

    /** Aborts the tasks of a nexus (SAM-5 7.3). */
    public CompletionStage<Ending> abortTasks(Nexus nexus) {
        return taskSet.abort(execution -> execution.nexus() == nexus, execution -> false);
    }

    /** Aborts the tasks of all nexuses; the others than the asking one are told (SAM-5 7.5). */
    public CompletionStage<Ending> clearTaskSet(Nexus asking) {
        return abortFor(asking, execution -> true);
    }

    /** Aborts the tasks of preempted nexuses, other than the one that preempts (SPC-5 5.14.11.2.4). */
    public CompletionStage<Ending> abortPreempted(Predicate<Nexus> preempted, RunningTask asking) {
        return abortFor(asking.nexus(), execution -> execution != asking && preempted.test(execution.nexus()));
    }

    /** After a CHECK CONDITION, aborts the other tasks that QERR names (SPC-5 7.5.13). */
    void applyQueueErrorManagement(RunningTask failed) {
        switch (unit.modePages().queueErrorManagement()) {
            case ALL -> abortFor(failed.nexus(), execution -> execution != failed);
            case SAME_NEXUS ->
                abortFor(failed.nexus(), execution -> execution != failed && execution.nexus() == failed.nexus());
            case NONE -> {
                return;
            }
        }
    }

    /** Keeps what goes on without its command until it has ended; to be called while the command is in the task set. */
    public void keep(BackgroundCopy copy) {
        copies.add(copy);
        copy.over().whenComplete((ending, failure) -> copies.remove(copy));
    }

    /** Aborts all tasks and copies for a reset, which is a unit attention of its own (SAM-5 6.3.3). */
    public CompletionStage<Ending> abortAll(Nexus asking) {
        boolean withStatus = unit.modePages().taskAbortedStatus();
        List<CompletionStage<Ending>> ends = new ArrayList<>();
        ends.add(taskSet.abort(execution -> true, execution -> withStatus && execution.nexus() != asking));
        for (BackgroundCopy copy : copies) {
            copy.stop();
            ends.add(copy.over());
        }
        return Ending.all(ends);
    }

    /** Aborts tasks on behalf of a nexus; those of others get TASK ABORTED, or without TAS a unit attention (SAM-5 5.6). */
    private CompletionStage<Ending> abortFor(Nexus asking, Predicate<RunningTask> which) {
        boolean withStatus = unit.modePages().taskAbortedStatus();
        if (!withStatus) {
            unit.attention(
                    nexus -> nexus != asking
                            && taskSet.contains(
                                    which.and(execution -> execution.nexus() == nexus && !execution.answered())),
                    Sense.COMMANDS_CLEARED_BY_ANOTHER_INITIATOR);
        }
        return taskSet.abort(which, execution -> withStatus && execution.nexus() != asking);
    }
}
