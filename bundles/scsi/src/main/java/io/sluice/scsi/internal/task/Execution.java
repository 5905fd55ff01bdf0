package io.sluice.scsi.internal.task;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.Status;
import io.sluice.scsi.Task;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.volume.Volume;
import io.sluice.volume.claim.Claim;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** One task while it is in the task set of a unit: what its handler works with. A handler runs on one thread at a time. */
public final class Execution extends RunningTask {

    /** Whether no initiator has sent it to this unit: then it belongs to a task that has passed a task set's order already. */
    private final boolean internal;

    private final boolean part;

    private NextStep stepAtBlocks;
    private Volume store;
    private boolean writes;
    private boolean changes;

    /** When it began, by {@code UnitAccess}, or the task did that it belongs to. */
    private short era;

    /** A command of an initiator. */
    Execution(UnitTasks tasks, Task task, LunMapping mapping) {
        super(tasks, task, mapping);
        this.internal = false;
        this.part = false;
    }

    /** A command of the copy manager, as a part of its own, or one that came through another gateway. */
    Execution(UnitTasks tasks, Task task, LunMapping mapping, short era, boolean part) {
        super(tasks, task, mapping);
        this.internal = true;
        this.part = part;
        this.era = era;
    }

    /** What comes after the Data-Out has arrived. */
    @FunctionalInterface
    public interface DataOutHandler {

        /**
         * Goes on with the command; may throw to end it with sense data.
         *
         * @param data buffers that hold the data one after the other, valid until the execution ends
         */
        void accept(ByteBuffer[] data) throws CheckConditionException;
    }

    /** What comes after an operation of the backstore has succeeded. */
    @FunctionalInterface
    public interface NextStep {

        /** Goes on with the command; may throw to end it with sense data. */
        void run() throws CheckConditionException;
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

    /** What comes after an operation of the store has found something out. */
    @FunctionalInterface
    public interface ResultStep<T> {

        /** Goes on with the command; may throw as {@link Command#execute} may. */
        void run(T result) throws CheckConditionException;
    }

    /** What a command does with its parameter list. */
    @FunctionalInterface
    public interface ParameterHandler {

        /** Goes on with the command; may throw to end it with sense data. */
        void accept(byte[] parameters) throws CheckConditionException;
    }

    /** Returns the store; only for commands whose row says that they need the medium. */
    public Volume store() {
        return store;
    }

    @Override
    public boolean internal() {
        return internal;
    }

    @Override
    boolean part() {
        return part;
    }

    /** Returns when the command began, by {@code UnitAccess}. */
    public short era() {
        return era;
    }

    @Override
    public boolean inTime() {
        return unit().access().era() == era;
    }

    /** As the store's write, of what was made of what is on the medium: if that is another one, nothing is written. */
    public CompletionStage<Void> writeBack(long lba, ByteBuffer[] data, Durability durability) {
        return store.writeIf(this::inTime, lba, data, durability);
    }

    /** Gives the command the store that it works on. */
    public void use(Volume readyStore, boolean forWriting) {
        this.store = readyStore;
        this.writes = forWriting;
    }

    /**
     * Goes on when no atomic command is at any of the blocks; until the end no atomic command gets at them. To be called
     * once, when all data is there: nobody shall wait for a slow initiator.
     */
    public void atBlocks(long lba, long count, NextStep next) throws CheckConditionException {
        stepAtBlocks = next;
        if (unit().blockGate().share(blocks(), lba, lba + count)) {
            at(next);
        } else {
            waitsFor(unit().blockGate(), blocks());
        }
    }

    /**
     * As {@link #atBlocks(long, long, NextStep)}, for blocks in several places.
     *
     * @param ranges first block of each range and the one behind its last
     */
    public void atBlocks(long[] ranges, NextStep next) throws CheckConditionException {
        stepAtBlocks = next;
        if (unit().blockGate().share(blocks(), ranges)) {
            at(next);
        } else {
            waitsFor(unit().blockGate(), blocks());
        }
    }

    /** As {@link #atBlocks(long, long, NextStep)}, for an atomic command: until the end nobody else gets at the blocks. */
    public void atBlocksAlone(long lba, long count, NextStep next) throws CheckConditionException {
        stepAtBlocks = next;
        unit().endLending();
        if (unit().blockGate().exclude(blocks(), lba, lba + count)) {
            at(next);
        } else {
            waitsFor(unit().blockGate(), blocks());
        }
    }

    /** Hands the task to the device server; its turn has come. */
    void start() {
        task().begun();
        if (!internal) {
            era = unit().access().era();
        }
        proceed(null, () -> tasks().dispatcher().dispatch(this));
    }

    @Override
    public void granted(Claim claim) {
        if (claim == order()) {
            start();
        } else {
            proceed(null, () -> at(stepAtBlocks));
        }
    }

    /** While the data was on its way the medium may have begun to be erased, and the right to write may be gone. */
    private void at(NextStep next) throws CheckConditionException {
        unit().access().requireSame(era);
        unit().erasure().requireNone();
        unit().writeIntents().requireOpen(blocks(), writes);
        if (writes) {
            requireRightToWrite();
            unit().representations().changed(blocks());
        }
        task().begun();
        next.run();
    }

    /** The command changes something for others, and is refused if the right to that is gone before its data is here. */
    public void needsRightToWrite() throws CheckConditionException {
        changes = true;
        requireRightToWrite();
    }

    private void requireRightToWrite() throws CheckConditionException {
        if (mapping().readOnly()) {
            throw new CheckConditionException(Sense.WRITE_PROTECTED);
        }
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
            task().dataInBuffer(length).put(data, 0, length);
        }
        good();
    }

    /** Ends with RESERVATION CONFLICT status. */
    public void reservationConflict() {
        unit().noteReservationConflict(nexus());
        end(Status.RESERVATION_CONFLICT, NO_SENSE_BYTES);
    }

    /**
     * Ends with GOOD status at once, and stays in the task set until an operation of the backstore has ended, whose failure
     * is a deferred error (SPC-5 4.4.5). What has ended already is told as it is.
     */
    public void goodBefore(CompletionStage<?> operation) {
        if (operation.toCompletableFuture().isDone() || !answerEarly()) {
            endAfter(operation);
            return;
        }
        waitsFor(operation);
        operation.whenComplete((done, failure) -> endAnswered(failure));
    }

    /** Ends when an operation of the backstore does: with GOOD status or its failure. */
    public void endAfter(CompletionStage<?> operation) {
        if (operation == Backstore.done()) {
            good();
        } else {
            new Waiting(null).waitFor(operation);
        }
    }

    /** As {@link #endAfter}, after blocks have been written: the space that the unit takes may have grown. */
    public void endAfterWrite(CompletionStage<Void> operation, long bytes) {
        if (unit().options().thresholdPercent() == 0) {
            endAfter(operation);
        } else {
            then(operation, () -> {
                unit().threshold().wrote(bytes);
                good();
            });
        }
    }

    /** Goes on after an operation of the backstore, unless that failed or the task has been stopped. */
    public void then(CompletionStage<?> operation, NextStep next) {
        new Waiting(next).waitFor(operation);
    }

    /** As {@link #then(CompletionStage, NextStep)}, for an operation that finds something out. */
    public <T> void then(CompletionStage<T> operation, ResultStep<T> next) {
        then(operation, () -> next.run(operation.toCompletableFuture().join()));
    }

    /** As {@link #then(CompletionStage, NextStep)}, also when the task has been stopped: what was found is given back. */
    public <T> void thenAlways(CompletionStage<T> operation, Consumer<T> next) {
        waitsFor(operation);
        operation.whenComplete((result, failure) -> {
            if (failure != null) {
                fail(failure);
                return;
            }
            try {
                next.accept(result);
            } catch (Throwable thrown) {
                fail(thrown);
            }
        });
    }

    /** As {@link #then}, for what is not at the medium, such as saving: a task that is stopped does not wait for it. */
    public void thenUnlessStopped(CompletionStage<?> stage, NextStep next) {
        CompletableFuture<Object> response = new CompletableFuture<>();
        stage.whenComplete((done, failure) -> {
            if (failure == null) {
                response.complete(done);
            } else {
                response.completeExceptionally(failure);
            }
        });
        onAbort(() -> response.completeExceptionally(new CancellationException()));
        then(response, next);
    }

    /**
     * Performs operations until there are no more, one fails or the task is stopped, then ends. Operations that complete
     * at once take no stack, however many there are.
     */
    public void endAfterAll(Operations operations) throws CheckConditionException {
        while (!stopped()) {
            unit().access().requireSame(era);
            CompletionStage<Void> operation = operations.next();
            if (operation == null) {
                good();
                return;
            }
            if (operation != Backstore.done()) {
                Waiting waiting = new Waiting(() -> endAfterAll(operations));
                if (!waiting.isOver(operation)) {
                    return;
                }
                if (waiting.failure != null) {
                    fail(waiting.failure);
                    return;
                }
            }
        }
        throw new CancellationException();
    }

    /** What goes on, once, when an operation completes, however often its store says so. */
    private final class Waiting extends AtomicInteger implements BiConsumer<Object, Throwable> {

        private static final long serialVersionUID = 1L;
        private static final int WAITING = 1;
        private static final int OVER = 2;

        /** What to do; null for the end of the command. */
        private final transient NextStep next;

        private Throwable failure;

        private Waiting(NextStep next) {
            this.next = next;
        }

        private void waitFor(CompletionStage<?> operation) {
            if (isOver(operation)) {
                goOn();
            }
        }

        /** Returns whether the operation is over already; otherwise this goes on by itself. */
        private boolean isOver(CompletionStage<?> operation) {
            waitsFor(operation);
            operation.whenComplete(this);
            return !compareAndSet(0, WAITING);
        }

        @Override
        public void accept(Object result, Throwable failed) {
            if (get() == OVER) {
                return;
            }
            failure = failed;
            if (getAndSet(OVER) == WAITING) {
                goOn();
            }
        }

        /** What the store has done is done: the end of a command does not ask whether it was stopped. */
        private void goOn() {
            if (next != null) {
                proceed(failure, next);
            } else if (failure == null) {
                good();
            } else {
                fail(failure);
            }
        }
    }

    /** Collects Data-Out and goes on, unless that failed or the task has been stopped. */
    public void receive(int length, DataOutHandler handler) {
        CompletableFuture<ByteBuffer[]> collected =
                task().receiveDataOut(length).toCompletableFuture();
        if (collected.isDone() && !collected.isCompletedExceptionally()) {
            ByteBuffer[] data = collected.join();
            proceed(null, () -> handler.accept(data));
            return;
        }
        collected.whenComplete((data, failure) -> proceed(failure, () -> handler.accept(data)));
        if (stopped()) {
            // It was stopped before there was anything to cancel.
            task().cancelDataOut();
        }
    }

    /**
     * Collects a parameter list in one buffer and goes on; for lists that are small.
     *
     * @throws CheckConditionException PARAMETER LIST LENGTH ERROR if the initiator offers fewer bytes than the CDB says
     */
    public void receiveParameters(int length, ParameterHandler handler) throws CheckConditionException {
        receiveParametersInAnyState(length, inTime(handler));
    }

    /** As {@link #receiveParameters}, for a command that changes nothing that is kept, whoever serves the medium by then. */
    public void receiveParametersInAnyState(int length, ParameterHandler handler) throws CheckConditionException {
        transfers(length);
        if (task().dataOutLength() < length) {
            throw new CheckConditionException(Sense.PARAMETER_LIST_LENGTH_ERROR);
        }
        if (length == 0) {
            good();
            return;
        }
        collect(length, handler);
    }

    /** As {@link #receive}, in one array; for data that is small. */
    public void receiveInOne(int length, ParameterHandler handler) {
        collect(length, inTime(handler));
    }

    /** While the list was on its way others may have served the medium, and saved something; or the right to write is gone. */
    private ParameterHandler inTime(ParameterHandler handler) {
        return list -> {
            unit().access().requireSame(era);
            if (changes) {
                requireRightToWrite();
            }
            handler.accept(list);
        };
    }

    private void collect(int length, ParameterHandler handler) {
        receive(length, data -> {
            ByteBuffer whole = ByteBuffer.allocate(length);
            for (ByteBuffer part : data) {
                whole.put(part);
            }
            handler.accept(whole.array());
        });
    }
}
