package io.sluice.scsi.internal.tpc;

import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.internal.task.BackgroundCopy;
import io.sluice.scsi.internal.task.Ending;
import io.sluice.scsi.internal.task.Execution;
import io.sluice.scsi.internal.task.FaultSense;
import io.sluice.scsi.internal.unit.BlockDevice;
import io.sluice.scsi.internal.unit.LunMapping;
import io.sluice.scsi.internal.unit.RepresentationOfData;
import io.sluice.scsi.internal.unit.UnitAccess;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Copies ranges between units, one chunk after the other: each chunk is read, then written. */
final class Copy implements BackgroundCopy {

    private static final Logger LOG = LoggerFactory.getLogger(Copy.class);

    /** Bytes of a chunk: no more than a unit's maximum transfer, and a multiple of every block size. */
    private static final int CHUNK_BYTES = 1 << 20;

    private static final int CHUNKS_OF_A_PIECE = 4;

    private final Execution execution;
    private final List<Segment> segments;
    private final RepresentationOfData source;
    private final CopyStatus status;
    private final ByteBuffer buffer;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    /** When the copy began, by the {@link UnitAccess} of each unit: it ends with the time of any of them. */
    private final Map<BlockDevice, Short> eras = new HashMap<>();

    /** The end of a copy that goes on without its command. */
    private final CompletableFuture<Ending> over = new CompletableFuture<>();

    private BooleanSupplier stopped = this::halted;

    /** Whether a copy that goes on without its command is to go no further. */
    private volatile boolean halted;

    /** Whether the destination is being changed, or may be yet. */
    private volatile boolean changing;

    /** Aborts the read or write that was begun last: it may wait, because the initiator has a limit. */
    private volatile Runnable abortLast = () -> {};

    private int index;
    private long doneBytes;

    /**
     * One range.
     *
     * @param from what is read; null for zeros
     * @param fromLba its first block
     * @param to what is written
     * @param toLba its first block
     * @param bytes how much, in whole blocks of both units
     */
    record Segment(LunMapping from, long fromLba, LunMapping to, long toLba, long bytes) {}

    /**
     * @param execution the command; it ends with BUSY status if there is no memory
     * @param source what a token stands for, whose revocation ends the copy; null without a token
     */
    Copy(Execution execution, List<Segment> segments, RepresentationOfData source, CopyStatus status) {
        this.execution = execution;
        this.segments = segments;
        this.source = source;
        this.status = status;
        this.buffer = execution.scratch(CHUNK_BYTES);
        for (Segment segment : segments) {
            note(segment.from());
            note(segment.to());
        }
    }

    private void note(LunMapping mapping) {
        if (mapping != null) {
            eras.put(mapping.unit(), mapping.unit().access().era());
        }
    }

    private short era(LunMapping mapping) {
        return eras.get(mapping.unit());
    }

    /** Refuses a size that is no whole number of blocks of a unit. */
    static void requireWholeBlocks(long bytes, LunMapping mapping) throws CheckConditionException {
        if (bytes % mapping.unit().geometry().blockSize() != 0) {
            throw new CheckConditionException(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE);
        }
    }

    /**
     * Copies for a command, which ends with the copy or at once.
     *
     * @param immediate whether the command ends at once; the copy then goes on as long as its nexus is there and the unit
     *     is not reset
     * @param fail ends the command if a read or write failed in a way that is not that of a command
     */
    void perform(boolean immediate, Consumer<Throwable> fail) {
        if (immediate) {
            execution.task().keepBuffers();
            execution.taskManager().keep(this);
            // A reset that has found the command in the task set may not have found the copy.
            if (execution.stopped()) {
                halted = true;
            }
        }
        run(!immediate).whenComplete((copied, failure) -> {
            noteEnd(FaultSense.cause(failure));
            if (failure != null) {
                LOG.warn(
                        "unit={} a copy for {} failed: {}",
                        execution.unit().name(),
                        execution.nexus(),
                        failure.getMessage());
            }
            if (immediate) {
                execution.task().releaseBuffers();
                over.complete(execution.ending());
            } else {
                end(failure, fail);
            }
        });
        if (immediate) {
            execution.good();
        }
    }

    /** Nobody waits for a read, whose disk may not answer: nothing comes after it. */
    @Override
    public void stop() {
        halted = true;
        abortLast.run();
        if (!changing) {
            over.complete(Ending.OVER);
        }
    }

    @Override
    public CompletionStage<Ending> over() {
        return over;
    }

    private boolean halted() {
        return halted;
    }

    /** Keeps how the copy has ended: who asks later has no other answer (SPC-5 6.25). */
    private void noteEnd(Throwable cause) {
        if (cause == null) {
            status.end(Status.GOOD, new byte[0]);
        } else if (cause instanceof CancellationException) {
            status.end(Status.TASK_ABORTED, new byte[0]);
        } else if (cause instanceof CopyTask.FailedException refused) {
            status.end(refused.status(), refused.sense());
        } else {
            SenseData sense = cause instanceof CheckConditionException answer
                    ? answer.senseData()
                    : SenseData.of(Sense.INTERNAL_TARGET_FAILURE);
            status.end(Status.CHECK_CONDITION, sense.encode(execution.unit().descriptorSense()));
        }
    }

    private void end(Throwable failure, Consumer<Throwable> fail) {
        Throwable cause = FaultSense.cause(failure);
        if (cause == null) {
            execution.good();
        } else if (!(cause instanceof CopyTask.FailedException refused)) {
            fail.accept(cause);
        } else if (refused.status() != Status.TASK_ABORTED) {
            execution.relay(refused.status(), refused.sense());
        } else if (execution.stopped()) {
            fail.accept(new CancellationException());
        } else {
            // The nexus that the other unit was reached through has ended, or somebody has cleared its tasks.
            execution.fail(SenseData.of(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE));
        }
    }

    /** Copies for EXTENDED COPY, whose failures all have one sense (SPC-5 5.18.5.3). */
    void performExtended() {
        run(true).whenComplete((copied, failure) -> {
            noteEnd(FaultSense.cause(failure));
            if (failure == null) {
                execution.good();
            } else if (execution.stopped()) {
                execution.fail(new CancellationException());
            } else {
                LOG.warn(
                        "unit={} a copy for {} failed: {}",
                        execution.unit().name(),
                        execution.nexus(),
                        failure.getMessage());
                execution.fail(SenseData.of(Sense.COPY_TARGET_DEVICE_NOT_REACHABLE));
            }
        });
    }

    private CompletionStage<Void> run(boolean withCommand) {
        if (withCommand) {
            stopped = execution::stopped;
            execution.onAbort(() -> abortLast.run());
        }
        CompletableFuture.runAsync(this::piece);
        return result;
    }

    /** A command that was aborted before this finds nothing to abort. */
    private void begun(Runnable abort) {
        abortLast = abort;
        if (stopped.getAsBoolean()) {
            abort.run();
        }
    }

    /**
     * Copies some chunks and lets others have the thread before the rest: a copy is never on the thread that brought its
     * command, and chunks that are copied at once take no stack.
     */
    private void piece() {
        try {
            for (int i = 0; i < CHUNKS_OF_A_PIECE && !result.isDone(); i++) {
                if (!chunkIsDone()) {
                    return;
                }
            }
        } catch (Throwable failure) {
            result.completeExceptionally(failure);
        }
        if (!result.isDone()) {
            CompletableFuture.runAsync(this::piece);
        }
    }

    /** Begins the next chunk; returns whether it is done, or there is none. Otherwise the copy goes on when it is. */
    private boolean chunkIsDone() {
        if (stopped.getAsBoolean()) {
            throw new CancellationException("aborted");
        }
        CompletionStage<Void> chunk = next();
        if (chunk == null) {
            result.complete(null);
            return true;
        }
        CompletableFuture<Void> future = chunk.toCompletableFuture();
        if (future.isDone() && !future.isCompletedExceptionally()) {
            return true;
        }
        chunk.whenComplete((copied, failure) -> {
            if (failure == null) {
                piece();
            } else {
                result.completeExceptionally(failure);
            }
        });
        return false;
    }

    private CompletionStage<Void> next() {
        while (index < segments.size() && doneBytes == segments.get(index).bytes()) {
            index++;
            doneBytes = 0;
            status.segmentDone();
        }
        if (index == segments.size()) {
            return null;
        }
        Segment segment = segments.get(index);
        long offset = doneBytes;
        long rest = segment.bytes() - offset;
        int toSize = segment.to().unit().geometry().blockSize();
        long toLba = segment.toLba() + offset / toSize;
        if (segment.from() == null) {
            long blocks = Math.min(rest / toSize, segment.to().unit().limits().maximumWriteSameLength());
            doneBytes += blocks * toSize;
            requireNotStopped();
            return CopyTask.zero(execution, segment.to(), era(segment.to()), toLba, blocks, this::begun)
                    .thenRun(() -> changed(blocks * toSize));
        }
        int length = (int) Math.min(CHUNK_BYTES, rest);
        ByteBuffer chunk = buffer.duplicate().clear().limit(length);
        doneBytes += length;
        int fromSize = segment.from().unit().geometry().blockSize();
        return CopyTask.read(
                        execution,
                        segment.from(),
                        era(segment.from()),
                        segment.fromLba() + offset / fromSize,
                        length / fromSize,
                        chunk,
                        this::begun)
                .thenCompose(read -> write(segment.to(), toLba, length / toSize, chunk))
                .thenRun(() -> changed(length));
    }

    private CompletionStage<Void> write(LunMapping to, long lba, long blocks, ByteBuffer chunk) {
        if (revoked()) {
            return CompletableFuture.failedFuture(
                    new CheckConditionException(Sense.INVALID_TOKEN_OPERATION_TOKEN_REVOKED));
        }
        requireNotStopped();
        return CopyTask.write(execution, to, era(to), lba, blocks, chunk, this::begun);
    }

    /** Who stops the copy in the same moment sees that it is changing something, or is seen here. */
    private void requireNotStopped() {
        changing = true;
        if (stopped.getAsBoolean()) {
            changing = false;
            throw new CancellationException("aborted");
        }
    }

    /** What has failed may still be at the medium: how it ends is known with the end of the copy. */
    private void changed(long bytes) {
        changing = false;
        status.transferred(bytes);
    }

    /** What was read before a revocation is what the token stands for; what is read after it may not be. */
    private boolean revoked() {
        return source != null && source.revoked();
    }
}
