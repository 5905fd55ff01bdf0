package io.sluice.scsi.internal.task;

import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.volume.OverdueException;
import io.sluice.volume.Volume;
import io.sluice.volume.claim.Claim;
import io.sluice.volume.claim.Claimant;
import io.sluice.volume.claim.Gate;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task on its way to its end, and the one place where it ends (SAM-5 5.6). {@link #abort} may come from any thread;
 * whoever is first, the handler or the abort, decides whether there is a response.
 */
abstract class RunningTask implements Claimant {

    private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);
    static final byte[] NO_SENSE_BYTES = new byte[0];

    private enum State {
        RUNNING,
        /** Ends in silence. */
        ABORTED,
        /** Ends with TASK ABORTED status. */
        ABORTED_WITH_STATUS,
        ENDED
    }

    private final UnitTasks tasks;
    private final Task task;
    private final LunMapping mapping;
    private final Claim order = new Claim(this);
    private final Claim blocks = new Claim(this);
    private final long begunNanos = System.nanoTime();
    private long transferLength;

    /** Guarded by this, like {@link #ended}. */
    private State state = State.RUNNING;

    private CompletableFuture<Ending> ended;

    /** Whether its status has been sent while it goes on; guarded by this. */
    private boolean answered;

    /** What a long command does when it is aborted. */
    private Runnable onAbort;

    /** The operation of the store that was begun last, unless it ended at once. */
    private volatile CompletionStage<?> operation;

    /** Whether an operation of the store was given up that may still be at the medium. */
    private volatile boolean givenUp;

    RunningTask(UnitTasks tasks, Task task, LunMapping mapping) {
        this.tasks = tasks;
        this.task = task;
        this.mapping = mapping;
    }

    /** Returns the task. */
    public final Task task() {
        return task;
    }

    /** Returns the CDB. */
    public final byte[] cdb() {
        return task.cdb();
    }

    /** Returns the nexus that the command came through. */
    public final Nexus nexus() {
        return task.nexus();
    }

    /** Returns whether the copy manager issued it: then it is no command of an initiator, and is not counted as one. */
    public abstract boolean internal();

    /** Returns whether it is a part of another command, which has a status that its initiator sees. */
    abstract boolean part();

    /** Returns whether the medium is the one that it was when the command began, and was served here all the time. */
    public abstract boolean inTime();

    /** Returns the unit that performs the command. */
    public final BlockDevice unit() {
        return tasks.unit();
    }

    /** Returns what aborts tasks. */
    public final TaskManager taskManager() {
        return tasks.manager();
    }

    final UnitTasks tasks() {
        return tasks;
    }

    /** Returns how the unit is mapped for this initiator. */
    public final LunMapping mapping() {
        return mapping;
    }

    final Claim order() {
        return order;
    }

    final Claim blocks() {
        return blocks;
    }

    /**
     * States how many bytes the command as it is in the CDB transfers, so that residuals are right whatever happens
     * from here on.
     */
    public final void transfers(long lengthBytes) {
        this.transferLength = lengthBytes;
    }

    /**
     * Returns memory for the command's own work, which is let go with the task; to be called once.
     *
     * @throws NoMemoryException if there is none now; the command then ends with BUSY status
     */
    public final ByteBuffer scratch(int length) {
        ByteBuffer memory = task.scratch(length);
        if (memory == null) {
            throw new NoMemoryException();
        }
        return memory;
    }

    /** Returns whether the command is to go no further: its task was aborted, or the way that it came by is gone. */
    public final boolean stopped() {
        return mapping.gone() || aborted();
    }

    /** Returns whether the task has been aborted. */
    final synchronized boolean aborted() {
        return state == State.ABORTED || state == State.ABORTED_WITH_STATUS;
    }

    /** States what stops a long command early; it may run at once, and on any thread. */
    public final void onAbort(Runnable stop) {
        synchronized (this) {
            onAbort = stop;
        }
        if (stopped()) {
            stop.run();
        }
    }

    /**
     * Aborts the task.
     *
     * @param withStatus whether its initiator is told by TASK ABORTED status; otherwise it has no response
     * @return completes when it can change the medium no more, or what is left was given up
     */
    final CompletionStage<Ending> abort(boolean withStatus) {
        CompletableFuture<Ending> end = ended();
        synchronized (this) {
            if (state != State.RUNNING) {
                return end;
            }
            state = withStatus ? State.ABORTED_WITH_STATUS : State.ABORTED;
        }
        stopWaiting();
        return end;
    }

    /**
     * Ends the task if it waits for data or for its turn, because its mapping is gone; an operation of the store that runs is
     * awaited, and no other begins.
     *
     * @return completes when it can change the medium no more, or what is left was given up
     */
    final CompletionStage<Ending> evict() {
        CompletableFuture<Ending> end = ended();
        stopWaiting();
        return end;
    }

    private void stopWaiting() {
        Runnable stop;
        synchronized (this) {
            if (state == State.ENDED) {
                return;
            }
            stop = onAbort;
        }
        task.cancelDataOut();
        Volume.withdraw(operation);
        if (stop != null) {
            stop.run();
        }
        if (tasks.orderGate().withdraw(order) || unit().blockGate().withdraw(blocks)) {
            fail(new CancellationException());
        }
    }

    /**
     * To be called when a claim has to wait: it may have been stopped before there was anything to withdraw.
     *
     * @throws CancellationException if it does not wait any more
     */
    final void waitsFor(Gate gate, Claim claim) {
        if (stopped() && gate.withdraw(claim)) {
            throw new CancellationException();
        }
    }

    /** To be called when an operation may have to wait for the store: a task that is stopped takes it back. */
    final void waitsFor(CompletionStage<?> begun) {
        operation = begun;
        if (stopped()) {
            Volume.withdraw(begun);
        }
    }

    /**
     * Sends GOOD status while the task goes on. It stays in the set, so that whoever ends tasks, or waits for them, waits for
     * what it still does.
     *
     * @return false if it has been aborted, or so many go on already that it has to wait for its end like others
     */
    final boolean answerEarly() {
        if (!tasks.set().mayGoOn()) {
            return false;
        }
        synchronized (this) {
            answered = state == State.RUNNING;
        }
        if (!answered()) {
            tasks.set().wentOn();
            return false;
        }
        answer(Status.GOOD, NO_SENSE_BYTES, transferLength);
        return true;
    }

    /** Returns whether its initiator takes it for ended. */
    final synchronized boolean answered() {
        return answered;
    }

    /** Ends a task that was answered early; a failure is told later, unless it is the end that somebody has wanted. */
    final void endAnswered(Throwable failure) {
        Throwable cause = FaultSense.cause(failure);
        givenUp = cause instanceof OverdueException;
        if (cause != null && !(cause instanceof CancellationException)) {
            unit().deferError(nexus(), FaultSense.of(cause, this));
        }
        end(Status.GOOD, NO_SENSE_BYTES);
    }

    /** Returns a stage that completes when the task has ended. */
    final synchronized CompletableFuture<Ending> ended() {
        if (ended == null) {
            ended = new CompletableFuture<>();
            if (state == State.ENDED) {
                ended.complete(ending());
            }
        }
        return ended;
    }

    /** Returns whether an operation of the store was given up that belongs to it. */
    public final Ending ending() {
        return givenUp ? Ending.GIVEN_UP : Ending.OVER;
    }

    /** Has the buffers kept until the store has let go of an operation that was given up. */
    private void keepBuffersUntil(CompletionStage<Void> over) {
        keepBuffers();
        over.whenComplete((answered, failure) -> releaseBuffers());
    }

    /**
     * An operation was given up that may still use the buffers and be at the medium, which those who wait for the end of the
     * task are told; to be called before that end, or while the transport is to keep the buffers anyway.
     */
    public final void keepBuffers() {
        givenUp = true;
        task.keepBuffers();
    }

    /** Such an operation is over. */
    public final void releaseBuffers() {
        task.releaseBuffers();
    }

    /** Ends with the sense data that belongs to an exception. */
    public final void fail(Throwable failure) {
        Throwable cause = FaultSense.cause(failure);
        if (cause instanceof OverdueException overdue) {
            keepBuffersUntil(overdue.over());
        }
        if (FaultSense.isBusy(cause)) {
            end(Status.BUSY, NO_SENSE_BYTES);
        } else {
            fail(FaultSense.of(cause, this));
        }
    }

    /** Ends with CHECK CONDITION status. */
    public final void fail(SenseData senseData) {
        relay(Status.CHECK_CONDITION, senseData.encode(unit().descriptorSense()));
    }

    /** Ends with a status, which may be that of another task. */
    public final void relay(Status status, byte[] sense) {
        boolean counts = status == Status.CHECK_CONDITION && !part() && !aborted();
        end(status, sense);
        if (counts) {
            tasks.manager().applyQueueErrorManagement(this);
        }
    }

    /** Ends with a status, unless the task was aborted. */
    final void end(Status status, byte[] sense) {
        State before;
        CompletableFuture<Ending> waiters;
        synchronized (this) {
            before = state;
            state = State.ENDED;
            waiters = ended;
        }
        if (before == State.ENDED) {
            LOG.error("unit={} {} ended twice", unit().name(), this, new IllegalStateException());
            return;
        }
        unit().blockGate().leave(blocks);
        tasks.set().leave(this);
        if (answered()) {
            tasks.set().wentOn();
        } else {
            tell(before, status, sense);
        }
        tasks.orderGate().leave(order);
        if (waiters != null) {
            waiters.complete(ending());
        }
    }

    private void tell(State before, Status status, byte[] sense) {
        try {
            switch (before) {
                case RUNNING -> answer(status, sense, transferLength);
                case ABORTED_WITH_STATUS -> answer(Status.TASK_ABORTED, NO_SENSE_BYTES, 0);
                case ABORTED, ENDED -> endInSilence();
            }
        } catch (Throwable bug) {
            LOG.error("unit={} {} has ended, and its transport failed", unit().name(), this, bug);
        }
    }

    private void answer(Status status, byte[] sense, long length) {
        if (!internal()) {
            mapping.traffic().answered(task, status, sense, length, System.nanoTime() - begunNanos);
        }
        task.complete(status, sense, length);
    }

    private void endInSilence() {
        if (!internal()) {
            mapping.traffic().aborted();
        }
        task.aborted();
    }

    /** Runs one step of the command; whatever it throws ends the task, be it an error of a plug-in. */
    final void proceed(Throwable failure, Execution.NextStep step) {
        if (failure != null) {
            fail(failure);
        } else if (aborted()) {
            fail(new CancellationException());
        } else if (mapping.gone()) {
            fail(SenseData.of(Sense.LOGICAL_UNIT_NOT_SUPPORTED));
        } else {
            try {
                step.run();
            } catch (Throwable thrown) {
                fail(thrown);
            }
        }
    }

    @Override
    public final String toString() {
        return tasks.dispatcher().name(task.cdb()) + " from " + task.nexus();
    }
}
