package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Capability;
import io.sluice.backstore.Durability;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.state.DurableState;
import io.sluice.volume.claim.Claim;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases the whole medium in the background, for FORMAT UNIT and SANITIZE (SBC-4 4.11, 5.5, 5.30). Nothing stops it but
 * its end: not an abort, not a reset, not a restart, after which it begins anew. Until then the medium cannot be used.
 * Thread-safe.
 */
public final class MediumErasure {

    /** Stands for FORMAT UNIT in place of a SERVICE ACTION of SANITIZE. */
    public static final int FORMAT = 0x00;
    /** SERVICE ACTION: writes a pattern, as often as asked for. */
    public static final int OVERWRITE = 0x01;
    /** SERVICE ACTION: gives all blocks back. */
    public static final int BLOCK_ERASE = 0x02;
    /** SERVICE ACTION: the blocks are not encrypted, so zeros are written instead of a key being changed. */
    public static final int CRYPTOGRAPHIC_ERASE = 0x03;

    private static final Logger LOG = LoggerFactory.getLogger(MediumErasure.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long WHOLE_PROGRESS = 1L << 16;

    private final BlockDevice unit;
    private final DurableState durable;

    /** What the medium is refused for; null when it can be used. */
    private volatile Erasure current;

    private volatile Run run;

    /** What is about to begin, as soon as that is saved; guarded by this. */
    private Erasure beginning;

    MediumErasure(BlockDevice unit, DurableState durable) {
        this.unit = unit;
        this.durable = durable;
        this.current = durable.get().erasure();
    }

    /**
     * Refuses a command that needs the medium while it is being erased, or after that has failed.
     *
     * @throws CheckConditionException with the reason, and how far it is
     */
    public void requireNone() throws CheckConditionException {
        Erasure erasure = current;
        if (erasure != null) {
            throw new CheckConditionException(state(erasure));
        }
    }

    /** Returns what REQUEST SENSE tells of the erasure, or null if there is none. */
    public SenseData state() {
        Erasure erasure = current;
        return erasure == null ? null : state(erasure);
    }

    private SenseData state(Erasure erasure) {
        boolean format = erasure.serviceAction() == FORMAT;
        if (erasure.failed()) {
            return SenseData.of(format ? Sense.FORMAT_COMMAND_FAILED : Sense.SANITIZE_COMMAND_FAILED);
        }
        Run now = run;
        return SenseData.withProgress(
                format ? Sense.FORMAT_IN_PROGRESS : Sense.SANITIZE_IN_PROGRESS, now == null ? 0 : now.progress());
    }

    /** Returns whether an erasure goes on now; one that has failed does not. */
    public boolean running() {
        Erasure erasure = current;
        return erasure != null && !erasure.failed();
    }

    /**
     * Begins to erase.
     *
     * @return completes when it has begun, and fails if that cannot be saved. What it completes with does so when the medium
     *     is erased and stable, and fails if that has failed, or with NOT READY if the store goes before.
     * @throws CheckConditionException if another erasure goes on
     */
    public CompletionStage<CompletionStage<Void>> begin(Backstore store, Erasure erasure)
            throws CheckConditionException {
        unit.writeIntents().requireNone();
        synchronized (this) {
            if (running()) {
                requireNone();
            }
            if (beginning != null) {
                throw new CheckConditionException(state(beginning));
            }
            beginning = erasure;
        }
        return durable.update(state -> state.withErasure(erasure))
                .whenComplete((saved, failure) -> begun(failure == null ? erasure : null))
                .thenApply(saved -> start(store, erasure));
    }

    private synchronized void begun(Erasure saved) {
        beginning = null;
        if (saved != null) {
            current = saved;
            unit.representations().changed(0, Long.MAX_VALUE);
        }
    }

    /** Leaves the state after a failure, as EXIT FAILURE MODE asks for; the data is whatever is there. */
    public CompletionStage<Void> exitFailure() {
        return durable.update(state -> state.withErasure(null)).thenRun(() -> current = null);
    }

    /** Returns what is told of an erasure that has failed, or null. */
    public SenseData failure() {
        Erasure erasure = current;
        return erasure == null || !erasure.failed() ? null : state(erasure);
    }

    /** Returns whether a failure may be left without erasing again: nothing has failed, or AUSE was set. */
    public boolean mayExitFailure() {
        Erasure erasure = current;
        return erasure == null || erasure.unrestricted();
    }

    /** Goes on, from the beginning, with what was interrupted when the store went away. */
    void resume(Backstore store) {
        if (running()) {
            LOG.warn("unit={} begins anew to erase its medium: it was interrupted", unit.name());
            start(store, current);
        }
    }

    /** Stops using the store; completes when that is so. */
    synchronized CompletionStage<Void> suspend() {
        Run now = run;
        return now == null ? CompletableFuture.completedFuture(null) : now.suspend();
    }

    /** A store that goes at this moment is not used: then the erasure begins when it is back. */
    private CompletionStage<Void> start(Backstore store, Erasure erasure) {
        Run begun = new Run(store, erasure);
        synchronized (this) {
            if (unit.store() != store) {
                return CompletableFuture.failedFuture(new CheckConditionException(Sense.LOGICAL_UNIT_NOT_READY));
            }
            run = begun;
        }
        begun.start();
        return begun.result;
    }

    /** One erasure on its way through the medium. */
    private final class Run {
        private final Backstore store;
        private final Erasure erasure;
        private final BlockGeometry geometry;
        private final long total;
        private final CompletableFuture<Void> result = new CompletableFuture<>();
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final Claim claim = new Claim(granted -> begin());
        private final boolean unmaps;
        private final ByteBuffer pattern;
        private final long beganNanos = System.nanoTime();
        private volatile boolean suspending;
        private volatile long done;

        private Run(Backstore store, Erasure erasure) {
            this.store = store;
            this.erasure = erasure;
            this.geometry = store.geometry();
            this.total = geometry.blocks() * erasure.passes();
            boolean givesBack = erasure.serviceAction() == BLOCK_ERASE || erasure.serviceAction() == FORMAT;
            this.unmaps =
                    givesBack && unit.provisioned() && store.capabilities().contains(Capability.UNMAP);
            this.pattern = unmaps ? null : pattern();
        }

        private ByteBuffer pattern() {
            int blockSize = geometry.blockSize();
            byte[] given = HexFormat.of().parseHex(erasure.pattern());
            ByteBuffer chunk = ByteBuffer.allocateDirect(Math.max(1, CHUNK_BYTES / blockSize) * blockSize);
            for (int i = 0; given.length > 0 && i < chunk.capacity(); i++) {
                // The pattern repeats within a block and begins anew with the next one (SBC-4 5.30.2.4).
                chunk.put(i, given[i % blockSize % given.length]);
            }
            return chunk;
        }

        /** Commands that are at the medium already end first; later ones are refused. */
        private void start() {
            if (unit.blockGate().exclude(claim, 0, Long.MAX_VALUE)) {
                begin();
            }
        }

        private void begin() {
            unit.blockGate().leave(claim);
            CompletableFuture.runAsync(this::step);
        }

        private int progress() {
            return (int) Math.min(WHOLE_PROGRESS - 1, (long) ((double) done / total * WHOLE_PROGRESS));
        }

        private CompletionStage<Void> suspend() {
            suspending = true;
            result.completeExceptionally(new CheckConditionException(Sense.LOGICAL_UNIT_NOT_READY));
            return stopped;
        }

        private void step() {
            if (suspending) {
                stopped.complete(null);
                return;
            }
            if (done == total) {
                perform(store::flush, () -> end(null));
                return;
            }
            long lba = done % geometry.blocks();
            long count = Math.min(geometry.blocks() - lba, chunkBlocks());
            if (lba == 0 && done > 0 && erasure.invert()) {
                invert();
            }
            perform(() -> erase(lba, count), () -> {
                done += count;
                next();
            });
        }

        /** A failure of a store that goes is not one of the erasure. */
        private void perform(Supplier<CompletionStage<Void>> operation, Runnable next) {
            try {
                operation.get().whenComplete((performed, failure) -> {
                    if (failure == null) {
                        next.run();
                    } else if (suspending) {
                        stopped.complete(null);
                    } else {
                        end(failure);
                    }
                });
            } catch (Throwable bug) {
                end(bug);
            }
        }

        private long chunkBlocks() {
            return unmaps ? unit.limits().maximumUnmapLbaCount() : pattern.capacity() / geometry.blockSize();
        }

        private CompletionStage<Void> erase(long lba, long count) {
            if (unmaps) {
                return store.unmap(lba, count);
            }
            ByteBuffer source = pattern.duplicate().clear().limit((int) count * geometry.blockSize());
            return store.write(lba, new ByteBuffer[] {source}, Durability.CACHED);
        }

        private void invert() {
            for (int i = 0; i < pattern.capacity(); i++) {
                pattern.put(i, (byte) ~pattern.get(i));
            }
        }

        private void next() {
            long rate = unit.options().erasureBytesPerSecond();
            long aheadNanos = rate == 0 || unmaps
                    ? 0
                    : (long) ((double) done * geometry.blockSize() / rate * 1e9) - (System.nanoTime() - beganNanos);
            if (aheadNanos > 0) {
                CompletableFuture.delayedExecutor(aheadNanos, TimeUnit.NANOSECONDS)
                        .execute(this::step);
            } else {
                CompletableFuture.runAsync(this::step);
            }
        }

        private void end(Throwable failure) {
            Erasure after = failure == null ? null : failed();
            durable.update(state -> state.withErasure(after)).whenComplete((saved, unsaved) -> {
                current = unsaved == null ? after : failed();
                ended(failure == null ? unsaved : failure);
            });
        }

        private void ended(Throwable reason) {
            run = null;
            if (reason == null) {
                result.complete(null);
            } else {
                LOG.error("unit={} its medium could not be erased", unit.name(), reason);
                result.completeExceptionally(new CheckConditionException(state(current)));
            }
            stopped.complete(null);
        }

        private Erasure failed() {
            return new Erasure(
                    erasure.serviceAction(),
                    erasure.pattern(),
                    erasure.passes(),
                    erasure.invert(),
                    erasure.unrestricted(),
                    true);
        }
    }
}
