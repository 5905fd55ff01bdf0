package io.sluice.scsi.internal;

import io.sluice.backstore.Backstore;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Nexus;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.volume.OverdueException;
import io.sluice.volume.Volume;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One task while it is in the task set of a unit: what its handler works with, and the one place where it ends.
 *
 * <p>A handler runs on one thread at a time. {@link #abort} may come from any other thread; whoever ends the execution
 * first, the handler or the abort, decides whether there is a response.
 */
public final class Execution implements Gate.Claimant, BiConsumer<Object, Throwable> {

    private enum State {
        RUNNING,
        ABORTED,
        ENDED
    }

    private static final byte[] NO_SENSE_BYTES = new byte[0];

    private final DeviceServer unit;
    private final Task task;
    private final LunMapping mapping;

    /** Whether the copy manager issued it: then it belongs to a task that has passed the task set's order already. */
    private final boolean internal;

    private final Gate.Claim order = new Gate.Claim(this);
    private final Gate.Claim blocks = new Gate.Claim(this);
    private NextStep stepAtBlocks;
    private Volume store;
    private boolean writes;

    /** The operation of the store that was begun last. */
    private volatile CompletionStage<?> waitingFor;

    private long transferLength;

    /** Guarded by this, like {@link #ended}. */
    private State state = State.RUNNING;

    private CompletableFuture<Void> ended;

    /** Whether an abort is to be answered with TASK ABORTED. */
    private boolean abortHasStatus;

    /** What a long command does when it is aborted. */
    private Runnable onAbort;

    Execution(DeviceServer unit, Task task, LunMapping mapping, boolean internal) {
        this.unit = unit;
        this.task = task;
        this.mapping = mapping;
        this.internal = internal;
    }

    /** What comes after the Data-Out has arrived. */
    @FunctionalInterface
    public interface DataOutHandler {

        /**
         * Goes on with the command; may throw as {@link Command#execute} may.
         *
         * @param data buffers that hold the data one after the other, valid until the execution ends
         */
        void accept(ByteBuffer[] data) throws CheckConditionException;
    }

    /** What comes after an operation of the backstore has succeeded. */
    @FunctionalInterface
    public interface NextStep {

        /** Goes on with the command; may throw as {@link Command#execute} may. */
        void run() throws CheckConditionException;
    }

    /** What comes after an operation of the backstore has found something out. */
    @FunctionalInterface
    public interface ResultStep<T> {

        /** Goes on with the command; may throw as {@link Command#execute} may. */
        void run(T result) throws CheckConditionException;
    }

    /** A command that takes several operations of the backstore, one after the other. */
    @FunctionalInterface
    public interface Operations {

        /**
         * Begins the next operation.
         *
         * @return its stage, or null when there is nothing left to do
         */
        CompletionStage<Void> next() throws CheckConditionException;
    }

    /** Returns the CDB. */
    public byte[] cdb() {
        return task.cdb();
    }

    /** Returns the task. */
    public Task task() {
        return task;
    }

    /** Returns the nexus that the command came through. */
    public Nexus nexus() {
        return task.nexus();
    }

    /** Returns the unit that performs the command. */
    public DeviceServer unit() {
        return unit;
    }

    /** Returns how the unit is mapped for this initiator. */
    public LunMapping mapping() {
        return mapping;
    }

    /** Returns the store; only for commands whose row says that they need the medium. */
    public Volume store() {
        return store;
    }

    boolean internal() {
        return internal;
    }

    Gate.Claim order() {
        return order;
    }

    Gate.Claim blocks() {
        return blocks;
    }

    void use(Volume readyStore, boolean forWriting) {
        this.store = readyStore;
        this.writes = forWriting;
    }

    /**
     * States how many bytes the command as it is in the CDB transfers, so that residuals are right whatever happens
     * from here on.
     */
    public void transfers(long lengthBytes) {
        this.transferLength = lengthBytes;
    }

    /**
     * Goes on when no atomic command is at any of the blocks; until the end no atomic command gets at them. To be called
     * once, when all data is there: nobody shall wait for a slow initiator.
     */
    public void atBlocks(long lba, long count, NextStep next) throws CheckConditionException {
        stepAtBlocks = next;
        if (unit.blockGate().share(blocks, lba, lba + count)) {
            at(next);
        }
    }

    /** As {@link #atBlocks}, for an atomic command: until the end no other command gets at the blocks at all. */
    public void atBlocksAlone(long lba, long count, NextStep next) throws CheckConditionException {
        stepAtBlocks = next;
        unit.endLending();
        if (unit.blockGate().exclude(blocks, lba, lba + count)) {
            at(next);
        }
    }

    /** Hands the task to the device server; its turn has come. */
    void start() {
        proceed(null, () -> unit.dispatch(this));
    }

    @Override
    public void granted(Gate.Claim claim) {
        if (claim == order) {
            start();
        } else {
            proceed(null, () -> at(stepAtBlocks));
        }
    }

    /** The medium may have begun to be erased while the data was on its way. */
    private void at(NextStep next) throws CheckConditionException {
        unit.erasure().requireNone();
        if (writes) {
            unit.representations().changed(blocks.from(), blocks.to());
        }
        next.run();
    }

    /** Ends with GOOD status. */
    public void good() {
        end(Status.GOOD, NO_SENSE_BYTES);
    }

    /** Ends with GOOD status and a copy of as much of the data as the allocation length takes (SPC-5 4.2.5.6). */
    public void respond(byte[] data, long allocationLength) {
        int length = (int) Math.min(data.length, allocationLength);
        transfers(length);
        if (length > 0) {
            task.dataInBuffer(length).put(data, 0, length);
        }
        good();
    }

    /** Ends with RESERVATION CONFLICT status. */
    public void reservationConflict() {
        unit.noteReservationConflict(nexus());
        end(Status.RESERVATION_CONFLICT, NO_SENSE_BYTES);
    }

    /** Ends with CHECK CONDITION status. */
    public void fail(SenseData senseData) {
        boolean counts = !aborted();
        end(Status.CHECK_CONDITION, senseData.encode(unit.descriptorSense()));
        if (counts) {
            unit.taskManager().applyQueueErrorManagement(this);
        }
    }

    /** Ends with the sense data that belongs to an exception. */
    public void fail(Throwable failure) {
        keepBuffersOf(failure);
        fail(FaultSense.of(failure, this));
    }

    /** A store that has been given up may still read or fill the buffers of the task. */
    private void keepBuffersOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof OverdueException overdue) {
            task.keepBuffers();
            overdue.over().whenComplete((over, ignored) -> task.releaseBuffers());
        }
    }

    /** Tells the initiator of a failure after the command has ended with GOOD status (SPC-5 4.4.5). */
    public void failLater(Throwable failure) {
        unit.deferError(nexus(), FaultSense.of(failure, this));
    }

    /** Ends when an operation of the backstore does: with GOOD status or its failure. */
    public void endAfter(CompletionStage<Void> operation) {
        if (operation == Backstore.done()) {
            good();
        } else {
            awaited(operation).whenComplete(this);
        }
    }

    /** As {@link #endAfter}, after blocks have been written: the space that the unit takes may have grown. */
    public void endAfterWrite(CompletionStage<Void> operation, long bytes) {
        if (unit.options().thresholdPercent() == 0) {
            endAfter(operation);
        } else {
            then(operation, () -> {
                unit.threshold().wrote(bytes);
                good();
            });
        }
    }

    /** Ends with what a task of the copy manager ended with. */
    public void relay(Status status, byte[] sense) {
        end(status, sense);
    }

    /** Ends the execution with the result of a backstore operation. */
    @Override
    public void accept(Object result, Throwable failure) {
        if (failure == null) {
            good();
        } else {
            fail(failure);
        }
    }

    /** Goes on after an operation of the backstore, unless that failed or the task has been aborted. */
    public void then(CompletionStage<Void> operation, NextStep next) {
        awaited(operation).whenComplete((done, failure) -> proceed(failure, next));
    }

    /** As {@link #then}, for an operation that finds something out. */
    public <T> void then(CompletionStage<T> operation, ResultStep<T> next) {
        awaited(operation).whenComplete((result, failure) -> proceed(failure, () -> next.run(result)));
    }

    /** As {@link #then}, also when the task has been aborted: what was found has to be given back. */
    public <T> void thenAlways(CompletionStage<T> operation, Consumer<T> next) {
        awaited(operation).whenComplete((result, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            try {
                next.accept(result);
            } catch (RuntimeException | Error thrown) {
                fail(thrown);
            }
        });
    }

    /** An abort takes an operation back that waits for the store. */
    private <T> CompletionStage<T> awaited(CompletionStage<T> operation) {
        waitingFor = operation;
        if (aborted()) {
            Volume.withdraw(operation);
        }
        return operation;
    }

    /**
     * Performs operations until there are no more, one fails or the task is aborted, then ends. Operations that complete
     * at once take no stack, however many there are.
     */
    public void endAfterAll(Operations operations) throws CheckConditionException {
        while (!aborted()) {
            CompletionStage<Void> operation = operations.next();
            if (operation == null) {
                good();
                return;
            }
            CompletableFuture<Void> future = operation.toCompletableFuture();
            if (!future.isDone() || future.isCompletedExceptionally()) {
                then(operation, () -> endAfterAll(operations));
                return;
            }
        }
        fail(new CancellationException());
    }

    /** Collects Data-Out and goes on, unless that failed or the task has been aborted. */
    public void receive(int length, DataOutHandler handler) {
        CompletableFuture<ByteBuffer[]> collected = task.receiveDataOut(length).toCompletableFuture();
        if (collected.isDone() && !collected.isCompletedExceptionally()) {
            ByteBuffer[] data = collected.join();
            proceed(null, () -> handler.accept(data));
        } else {
            collected.whenComplete((data, failure) -> proceed(failure, () -> handler.accept(data)));
        }
    }

    /**
     * Collects a parameter list in one buffer and goes on; for lists that are small.
     *
     * @throws CheckConditionException PARAMETER LIST LENGTH ERROR if the initiator offers fewer bytes than the CDB says
     */
    public void receiveParameters(int length, ParameterHandler handler) throws CheckConditionException {
        transfers(length);
        if (task.dataOutLength() < length) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        if (length == 0) {
            good();
            return;
        }
        receive(length, data -> {
            ByteBuffer list = ByteBuffer.allocate(length);
            for (ByteBuffer part : data) {
                list.put(part);
            }
            handler.accept(list.array());
        });
    }

    /** What a command does with its parameter list. */
    @FunctionalInterface
    public interface ParameterHandler {

        /** Goes on with the command; may throw as {@link Command#execute} may. */
        void accept(byte[] parameters) throws CheckConditionException;
    }

    /** Runs one step of the command; whatever it throws ends the execution. */
    void proceed(Throwable failure, NextStep step) {
        if (failure != null) {
            fail(failure);
            return;
        }
        if (aborted()) {
            fail(new CancellationException());
            return;
        }
        try {
            step.run();
        } catch (CheckConditionException | RuntimeException thrown) {
            fail(thrown);
        }
    }

    /** Returns whether the task has been aborted, so that a long command can stop early. */
    public synchronized boolean aborted() {
        return state == State.ABORTED;
    }

    /** States what stops a long command early; it may run at once, and on any thread. */
    public void onAbort(Runnable stop) {
        boolean now;
        synchronized (this) {
            onAbort = stop;
            now = state == State.ABORTED;
        }
        if (now) {
            stop.run();
        }
    }

    /**
     * Aborts the task.
     *
     * @param withStatus whether its initiator is told by TASK ABORTED status; otherwise it has no response
     * @return completes when it can change the medium no more; completed already if it has ended
     */
    CompletionStage<Void> abort(boolean withStatus) {
        CompletableFuture<Void> end = ended();
        Runnable stop;
        synchronized (this) {
            if (state != State.RUNNING) {
                return end;
            }
            state = State.ABORTED;
            abortHasStatus = withStatus;
            stop = onAbort;
        }
        task.cancelDataOut();
        Volume.withdraw(waitingFor);
        if (stop != null) {
            stop.run();
        }
        if (unit.orderGate().cancel(order) || unit.blockGate().cancel(blocks)) {
            fail(new CancellationException());
        }
        return end;
    }

    /** Returns a stage that completes when the execution has ended. */
    synchronized CompletableFuture<Void> ended() {
        if (ended == null) {
            ended = new CompletableFuture<>();
            if (state == State.ENDED) {
                ended.complete(null);
            }
        }
        return ended;
    }

    private void end(Status status, byte[] sense) {
        boolean respond;
        CompletableFuture<Void> waiters;
        synchronized (this) {
            if (state == State.ENDED) {
                throw new IllegalStateException("ended twice: " + this);
            }
            respond = state == State.RUNNING;
            state = State.ENDED;
            waiters = ended;
        }
        unit.blockGate().leave(blocks);
        unit.taskSet().leave(this);
        if (respond) {
            task.complete(status, sense, transferLength);
        } else if (abortHasStatus) {
            task.complete(Status.TASK_ABORTED, NO_SENSE_BYTES, 0);
        } else {
            task.aborted();
        }
        unit.orderGate().leave(order);
        if (waiters != null) {
            waiters.complete(null);
        }
    }

    @Override
    public String toString() {
        CommandDescriptor row = CommandTable.find(task.cdb());
        return (row == null ? String.format("opcode %02xh", task.cdb()[0]) : row.name()) + " from " + task.nexus();
    }
}
