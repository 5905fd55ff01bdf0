package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Durability;
import io.sluice.backstore.ability.Unmap;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.RunningErasure;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitState.Erasure;
import io.sluice.scsi.internal.state.DurableState;
import io.sluice.volume.Volume;
import io.sluice.volume.claim.Claim;
import io.sluice.volume.job.Job;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Erases the whole medium in the background, for FORMAT UNIT and SANITIZE (SBC-4 4.11, 5.5, 5.30). Nothing stops it but
 * its end: not an abort, not a reset, not a restart, after which it begins anew, as it does at a gateway that takes the
 * medium over. Until then the medium cannot be used. Thread-safe.
 */
public final class MediumErasure {

    /** Stands for FORMAT UNIT in place of a SERVICE ACTION of SANITIZE. */
    public static final int FORMAT = 0x00;
    /** SERVICE ACTION: writes a pattern, as often as asked for. */
    public static final int OVERWRITE = 0x01;
    /** SERVICE ACTION: gives all blocks back. */
    public static final int BLOCK_ERASE = 0x02;
    /** SERVICE ACTION: the key of the blocks is destroyed; where that is not possible, zeros are written instead. */
    public static final int CRYPTOGRAPHIC_ERASE = 0x03;

    private static final Logger LOG = LoggerFactory.getLogger(MediumErasure.class);
    private static final int CHUNK_BYTES = 1 << 20;
    private static final long WHOLE_PROGRESS = 1L << 16;

    private final BlockDevice unit;
    private final DurableState durable;

    /** What the medium is refused for; null when it can be used. */
    private volatile Erasure current;

    /** What is at work now; written while this is locked. */
    private volatile Run run;

    private volatile Consumer<RunningErasure> listener = begun -> {};

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

    /** Somebody is told of each erasure when it begins, and must not wait. */
    public void listen(Consumer<RunningErasure> told) {
        listener = told;
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
     * @param era when the command began, by {@link UnitAccess}
     * @return completes when it has begun, and fails if that cannot be saved. What it completes with does so when the medium
     *     is erased and stable, and fails if that has failed, or with NOT READY if the store or the medium goes before.
     * @throws CheckConditionException if another erasure goes on, or the medium is not what it was when the command began
     */
    public CompletionStage<CompletionStage<Void>> begin(Volume store, Erasure erasure, short era)
            throws CheckConditionException {
        unit.writeIntents().requireOpen();
        synchronized (this) {
            unit.access().requireSame(era);
            if (running()) {
                requireNone();
            }
            if (beginning != null) {
                throw new CheckConditionException(state(beginning));
            }
            beginning = erasure;
        }
        return durable.update(state -> state.withErasure(erasure))
                .thenCompose(saved -> begun(new Run(store, erasure), era))
                .whenComplete((begun, failure) -> {
                    if (failure != null) {
                        notBegun();
                    }
                });
    }

    /** It is saved. Whoever serves the medium by now, if that is not this one any more, finds it there, and does it. */
    private CompletionStage<CompletionStage<Void>> begun(Run begun, short era) {
        synchronized (this) {
            if (unit.access().era() != era) {
                return CompletableFuture.failedFuture(
                        new CheckConditionException(unit.access().over()));
            }
            beginning = null;
            current = begun.erasure;
            run = begun;
        }
        unit.representations().changed(0, Long.MAX_VALUE);
        return CompletableFuture.completedFuture(start(begun));
    }

    private synchronized void notBegun() {
        beginning = null;
    }

    /** The medium is served here no more: what is at work ends, and whoever serves it next begins anew. */
    void lose() {
        Run lost;
        synchronized (this) {
            lost = run;
            run = null;
        }
        if (lost != null) {
            LOG.warn("unit={} the erasure of its medium ends here: it is served elsewhere", unit.name());
            lost.forget();
        }
    }

    /**
     * The blocks are to be other ones, of which none is to be erased by what began before.
     *
     * @return false if there is an erasure, or one is about to begin: then nothing has changed
     */
    synchronized boolean leave() {
        if (current != null || beginning != null) {
            return false;
        }
        unit.access().exchange();
        return true;
    }

    /** Begins anew with what another gateway has saved. */
    void reload() {
        current = durable.get().erasure();
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

    /** Goes on with what was interrupted: where it was if the store had gone, from the beginning after a restart. */
    void resume(Volume store) {
        Run now;
        Run anew = null;
        synchronized (this) {
            now = run;
            if (now == null && running() && !unit.access().standby()) {
                anew = new Run(store, current);
                run = anew;
            }
        }
        if (now != null) {
            now.job.resume();
        } else if (anew != null) {
            LOG.warn("unit={} begins anew to erase its medium: it was interrupted", unit.name());
            start(anew);
        }
    }

    private CompletionStage<Void> start(Run begun) {
        boolean format = begun.erasure.serviceAction() == FORMAT;
        listener.accept(new RunningErasure(format, begun.job::progress, begun.over));
        begun.start();
        return begun.result;
    }

    /** One erasure on its way through the medium. */
    private final class Run implements Job.Work {
        private final Volume store;
        private final Erasure erasure;
        private final int blockSize;
        private final long passBytes;
        private final CompletableFuture<Void> result = new CompletableFuture<>();

        /** As the result, but not before the end. */
        private final CompletableFuture<Void> over = new CompletableFuture<>();

        private final Claim claim = new Claim(granted -> begin());
        private final boolean unmaps;
        private final ByteBuffer pattern;
        private final Job job;

        /** Whether the key of the blocks goes, and with it what they have; those that can be given back are, too. */
        private final boolean keyGoes;

        private boolean keyGone;
        private boolean inverted;

        /** How much of the medium is stable; the job works on one piece at a time. */
        private long stableBytes;

        private Run(Volume store, Erasure erasure) {
            this.store = store;
            this.erasure = erasure;
            this.blockSize = store.geometry().blockSize();
            this.passBytes = store.geometry().sizeBytes();
            boolean givesBack = erasure.serviceAction() == BLOCK_ERASE || erasure.serviceAction() == FORMAT;
            this.keyGoes = erasure.serviceAction() == CRYPTOGRAPHIC_ERASE && unit.erasesKey();
            this.unmaps = (givesBack || keyGoes) && unit.provisioned() && store.can(Unmap.class);
            this.pattern = unmaps || keyGoes ? null : pattern();
            this.job =
                    new Job(store.runtime(), this, unmaps ? 0 : unit.options().erasureBytesPerSecond());
        }

        private ByteBuffer pattern() {
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
            job.start().result().whenComplete((done, failure) -> end(failure));
        }

        private int progress() {
            return (int) Math.min(WHOLE_PROGRESS - 1, (long) (job.progress() * WHOLE_PROGRESS));
        }

        @Override
        public long totalBytes() {
            return passBytes * erasure.passes();
        }

        /** Each pass is stable before the next one begins. */
        @Override
        public CompletionStage<Long> next(long doneBytes) {
            if (keyGoes && !keyGone) {
                return store.eraseKey().thenApply(erased -> {
                    keyGone = true;
                    return 0L;
                });
            }
            if (keyGoes && !unmaps) {
                return null;
            }
            if (doneBytes % passBytes == 0 && doneBytes > stableBytes) {
                return store.flush().thenApply(flushed -> {
                    stableBytes = doneBytes;
                    return 0L;
                });
            }
            if (doneBytes == totalBytes()) {
                return null;
            }
            long lba = doneBytes % passBytes / blockSize;
            long blocks = Math.min(passBytes / blockSize - lba, chunkBlocks());
            if (lba == 0 && pattern != null) {
                fill((int) (doneBytes / passBytes));
            }
            return erase(lba, blocks).thenApply(erased -> blocks * blockSize);
        }

        private long chunkBlocks() {
            return unmaps ? unit.limits().maximumUnmapLbaCount() : pattern.capacity() / blockSize;
        }

        private CompletionStage<Void> erase(long lba, long count) {
            if (unmaps) {
                return store.unmap(lba, count);
            }
            ByteBuffer source = pattern.duplicate().clear().limit((int) count * blockSize);
            return store.write(lba, new ByteBuffer[] {source}, Durability.CACHED);
        }

        /** Every second pass has the pattern inverted, if that was asked for; a piece may be done again. */
        private void fill(int pass) {
            if (erasure.invert() && inverted != (pass % 2 == 1)) {
                inverted = !inverted;
                for (int i = 0; i < pattern.capacity(); i++) {
                    pattern.put(i, (byte) ~pattern.get(i));
                }
            }
        }

        /** It goes no further, and nobody is to know of its end: the piece that is under way is the last one. */
        private void forget() {
            result.completeExceptionally(new CheckConditionException(Sense.ACCESS_STATE_STANDBY));
            job.cancel();
            over.completeExceptionally(new CancellationException("the medium is served by another gateway"));
        }

        /** Whoever waits for the end is told that the store is away; the erasure goes on when it is back. */
        @Override
        public void rests() {
            result.completeExceptionally(new CheckConditionException(Sense.LOGICAL_UNIT_IS_BECOMING_READY));
        }

        private void end(Throwable failure) {
            Erasure after = failure == null ? null : failed();
            durable.update(state -> run == this ? state.withErasure(after) : state)
                    .whenComplete((saved, unsaved) ->
                            ended(unsaved == null ? after : failed(), failure == null ? unsaved : failure));
        }

        private void ended(Erasure after, Throwable reason) {
            synchronized (MediumErasure.this) {
                if (run != this) {
                    return;
                }
                current = after;
                run = null;
            }
            if (reason == null) {
                over.complete(null);
                result.complete(null);
            } else {
                LOG.error("unit={} its medium could not be erased", unit.name(), reason);
                over.completeExceptionally(reason);
                result.completeExceptionally(new CheckConditionException(state(current)));
            }
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
