package io.sluice.scsi.internal.task;

import io.sluice.backstore.pace.Pacer;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.LunTraffic;
import io.sluice.volume.claim.Gate;
import java.util.concurrent.CompletionStage;

/** The tasks of a logical unit: their set, the order in which they have their turn (SAM-5 8.6), and what ends them early. */
public final class UnitTasks {

    private final BlockDevice unit;
    private final TaskSet set;
    private final Gate orderGate;
    private final TaskManager manager;
    private final Dispatcher dispatcher;

    /**
     * @param unit whose tasks they are
     * @param set where they are; the unit's gate for blocks was made with it
     * @param dispatcher performs those whose turn has come
     */
    public UnitTasks(BlockDevice unit, TaskSet set, Dispatcher dispatcher) {
        this.unit = unit;
        this.set = set;
        this.orderGate = new Gate(set.claims(RunningTask::order));
        this.manager = new TaskManager(set, unit);
        this.dispatcher = dispatcher;
    }

    /** Returns what aborts tasks. */
    public TaskManager manager() {
        return manager;
    }

    BlockDevice unit() {
        return unit;
    }

    TaskSet set() {
        return set;
    }

    Gate orderGate() {
        return orderGate;
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    /** Performs a command that was addressed to the unit, in the order that its task attribute asks for. */
    public void execute(Task task, LunMapping mapping) {
        Execution execution = new Execution(this, task, mapping);
        if (enters(execution) && mayBegin(execution) && hasItsTurn(execution)) {
            execution.start();
        }
    }

    /**
     * Performs a command of the copy manager, or one that came through another gateway: a command that it belongs to has had its
     * turn.
     *
     * @param era when that one began, by {@code UnitAccess}
     * @param part whether that one ends with CHECK CONDITION itself if this does, and has QERR applied
     * @return aborts it
     */
    public Runnable executeInternally(Task task, LunMapping mapping, short era, boolean part) {
        Execution execution = new Execution(this, task, mapping, era, part);
        if (enters(execution) && mayBegin(execution)) {
            execution.start();
        }
        return () -> execution.abort(false);
    }

    private boolean mayBegin(Execution execution) {
        Pacer pacer = execution.mapping().view().pacer();
        return pacer == null || PacedStart.mayBegin(this, execution, pacer);
    }

    /** Whatever ends the nexus or the mapping now finds the task in the set, or the task finds out by itself. */
    private boolean enters(Execution execution) {
        if (!execution.nexus().isOpen()) {
            execution.task().aborted();
            return false;
        }
        set.enter(execution);
        if (!execution.nexus().isOpen()) {
            execution.abort(false);
        }
        return true;
    }

    /** Returns whether the turn of a task has come; otherwise it begins when it has, or has ended. */
    boolean hasItsTurn(Execution execution) {
        try {
            if (execution.internal() || asksForTurn(execution, execution.task().attribute())) {
                return true;
            }
            execution.waitsFor(orderGate, execution.order());
        } catch (CheckConditionException | RuntimeException | Error refused) {
            execution.fail(refused);
        }
        return false;
    }

    /** Returns whether a task with an attribute passes nobody, and nobody passes it. */
    boolean needsTurnAlone(TaskAttribute attribute) {
        return attribute == TaskAttribute.ORDERED
                || attribute == TaskAttribute.SIMPLE && unit.modePages().restrictedReordering();
    }

    private boolean asksForTurn(Execution execution, TaskAttribute attribute) throws CheckConditionException {
        return switch (attribute) {
            case SIMPLE, ORDERED ->
                needsTurnAlone(attribute) ? hasItsTurnAlone(execution) : orderGate.share(execution.order(), 0, 1);
            case HEAD_OF_QUEUE -> {
                orderGate.excludeAtHead(execution.order(), 0, 1);
                yield true;
            }
            case ACA -> throw new CheckConditionException(Sense.INVALID_MESSAGE_ERROR);
        };
    }

    private boolean hasItsTurnAlone(Execution execution) {
        unit.endLending();
        return orderGate.exclude(execution.order(), 0, 1);
    }

    /** Returns how many commands that came through a LUN have not been answered; they are counted when somebody asks. */
    public int underWay(LunTraffic lun) {
        return set.count(task -> task.mapping().traffic().lun() == lun && !task.internal() && !task.answered());
    }

    /** Ends the tasks that came through mappings which are gone; completes when they have ended. */
    public CompletionStage<Ending> evictGone() {
        return set.evictGone();
    }
}
