package io.sluice.scsi.internal.task;

import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.pace.Pacer;
import io.sluice.backstore.pace.Pacer.Direction;
import io.sluice.scsi.Task;
import io.sluice.scsi.TaskAttribute;
import io.sluice.scsi.internal.unit.LunMapping;
import java.util.concurrent.CancellationException;

/**
 * A command that waits until the limit of its initiator lets it begin. It is in the task set, so that whoever ends tasks finds
 * it, and has claimed nothing: no turn among the tasks of the unit, for which other hosts would wait then, no blocks, and no
 * data, so that nothing is solicited for it. All commands of an initiator wait in one line, and have their turn at the unit in
 * this order; what need not wait passes only those that it may pass (SAM-5 8.6).
 */
final class PacedStart extends Pacer.Turn {

    private final UnitTasks tasks;
    private final Execution execution;
    private final Pacer pacer;
    private final boolean ordered;

    private PacedStart(
            UnitTasks tasks,
            Execution execution,
            Pacer pacer,
            long length,
            boolean counted,
            boolean urgent,
            boolean ordered) {
        super(Direction.WRITE, length, counted, urgent);
        this.tasks = tasks;
        this.execution = execution;
        this.pacer = pacer;
        this.ordered = ordered;
    }

    /** Returns whether a command may begin now; otherwise it begins, or ends with BUSY status, later. */
    static boolean mayBegin(UnitTasks tasks, Execution execution, Pacer pacer) {
        TaskAttribute attribute = execution.task().attribute();
        boolean counted = tasks.dispatcher().movesBlocks(execution.cdb());
        boolean urgent = attribute == TaskAttribute.HEAD_OF_QUEUE;
        boolean ordered = !execution.internal() && tasks.needsTurnAlone(attribute);
        if (!counted && (urgent || !execution.mapping().holdsBack(ordered))) {
            return true;
        }
        long length = counted ? length(execution) : 0;
        return counted && pacer.takeIfMayBegin(Direction.WRITE, length)
                || !new PacedStart(tasks, execution, pacer, length, counted, urgent, ordered).waits();
    }

    /** An initiator may announce any length, and others may share its limit: no more counts than a command can move. */
    private static long length(Execution execution) {
        Task task = execution.task();
        long most = (long) execution.unit().limits().maximumTransferLength()
                * execution.unit().geometry().blockSize();
        return Math.min(most, task.dataInLength() + task.dataOutLength());
    }

    private boolean waits() {
        mapping().hold(ordered);
        execution.onAbort(this::stop);
        if (pacer.await(this)) {
            mapping().letGo(ordered);
            return false;
        }
        if (execution.stopped()) {
            stop();
        }
        return true;
    }

    private LunMapping mapping() {
        return execution.mapping();
    }

    private void stop() {
        if (pacer.withdraw(this)) {
            mapping().letGo(ordered);
            execution.fail(new CancellationException());
        }
    }

    /** It has its place among the tasks of the unit before anything that comes later; what it does takes another thread. */
    @Override
    protected void begin() {
        boolean starts = tasks.hasItsTurn(execution);
        mapping().letGo(ordered);
        if (starts) {
            pacer.execute(execution::start);
        }
    }

    @Override
    protected void refused(BackstoreException busy) {
        mapping().letGo(ordered);
        execution.fail(busy);
    }
}
