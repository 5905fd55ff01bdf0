package io.sluice.volume.move;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.Unmap;
import io.sluice.volume.Volume;
import io.sluice.volume.job.Job;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Copies what is marked from a volume to another store, a region at a time, in passes until little is left; then compares
 * everything else. Only what differs is written, and what reads as zeros is given back where the store can, so that thin stays
 * thin. It never holds hosts up: when they write faster than it copies, it ends after so many passes.
 */
public final class Copier implements Job.Work {

    private static final int MOST_PASSES = 24;
    private static final int ANSWER_SECONDS = 30;

    /** What is copied while hosts wait: little enough for a slow disk. */
    private static final long LITTLE_BYTES = 8 << 20;

    private final Volume volume;
    private final Backstore target;
    private final DirtyMap map;
    private final BlockGeometry geometry;
    private final ByteBuffer have;
    private final ByteBuffer there;
    private final ByteBuffer zeros;

    /** Written by one piece after the other. */
    private int cursor;

    private volatile int pass = 1;
    private volatile boolean verifying;
    private volatile boolean verified;
    private volatile long copiedBytes;
    private volatile long differences;

    /** Whether the last copy is not wanted any more. */
    private volatile boolean calledOff;

    /** Completes when the other store has answered everything so far; written by one piece after the other. */
    private volatile CompletableFuture<Void> answers = CompletableFuture.completedFuture(null);

    /** What a flush of the other store has failed with: what that has lost no later one brings back. Null if none has. */
    private volatile Throwable unflushed;

    /**
     * @param volume the volume, with a {@link Tap} around its store
     * @param target the other store, as large as the volume
     * @param map what has to be copied
     */
    public Copier(Volume volume, Backstore target, DirtyMap map) {
        this.volume = volume;
        this.target = target;
        this.map = map;
        geometry = volume.geometry();
        have = ByteBuffer.allocateDirect(map.bytes(0));
        there = ByteBuffer.allocateDirect(map.bytes(0));
        zeros = ByteBuffer.allocateDirect(map.bytes(0)).asReadOnlyBuffer();
    }

    /** Returns which pass it is, from 1. */
    public int pass() {
        return pass;
    }

    /** Returns whether everything is being compared. */
    public boolean verifying() {
        return verifying;
    }

    /** Returns how many bytes have been written to the other store. */
    public long copiedBytes() {
        return copiedBytes;
    }

    /** Returns how many regions that had been copied were found different, and were copied again. */
    public long differences() {
        return differences;
    }

    @Override
    public long totalBytes() {
        return geometry.sizeBytes();
    }

    /** Returns how far the present pass is, from 0 to 1. */
    public double progress() {
        double clean = 1 - (double) map.markedBytes() / totalBytes();
        return verifying ? (double) cursor / map.regions() : Math.max(0, clean);
    }

    @Override
    public CompletionStage<Long> next(long doneBytes) {
        if (unflushed != null) {
            return CompletableFuture.failedFuture(unflushed);
        }
        if (verifying) {
            return verifyNext();
        }
        int region = map.next(cursor);
        if (region >= 0) {
            cursor = region + 1;
            return copy(region);
        }
        cursor = 0;
        if (map.markedBytes() <= LITTLE_BYTES) {
            if (verified) {
                return null;
            }
            verifying = true;
            return verifyNext();
        }
        if (++pass > MOST_PASSES) {
            return CompletableFuture.failedFuture(new BackstoreException(
                    Fault.WRITE_FAILED,
                    "hosts write faster than it copies: raise its rate, or move when they write less"));
        }
        return CompletableFuture.completedFuture(0L);
    }

    private CompletionStage<Long> verifyNext() {
        while (cursor < map.regions() && map.isMarked(cursor)) {
            cursor++;
        }
        if (cursor == map.regions()) {
            verifying = false;
            verified = true;
            cursor = 0;
            return CompletableFuture.completedFuture(0L);
        }
        int region = cursor++;
        return sameAt(region, (lba, into) -> volume.examine(store -> load(store, lba, into)))
                .thenApply(same -> {
                    if (!same && !map.isMarked(region)) {
                        differences++;
                        map.mark(map.lba(region), 1);
                    }
                    return (long) map.bytes(region);
                });
    }

    private CompletionStage<Long> copy(int region) {
        return copy(region, (lba, into) -> volume.examine(store -> load(store, lba, into)))
                .thenApply(done -> (long) map.bytes(region));
    }

    /** Reads blocks of the disk. */
    @FunctionalInterface
    private interface Source {
        CompletionStage<Void> load(long lba, ByteBuffer into);
    }

    private CompletionStage<Void> copy(int region, Source source) {
        map.clear(region);
        return sameAt(region, source)
                .thenCompose(same -> same ? Backstore.done() : write(region))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        map.mark(map.lba(region), 1);
                    }
                });
    }

    private CompletionStage<Boolean> sameAt(int region, Source source) {
        long lba = map.lba(region);
        int bytes = map.bytes(region);
        return source.load(lba, have.clear().limit(bytes))
                .thenCompose(loaded ->
                        answered("read", () -> load(target, lba, there.clear().limit(bytes))))
                .thenApply(
                        loaded -> have.clear().limit(bytes).equals(there.clear().limit(bytes)));
    }

    private CompletionStage<Void> write(int region) {
        long lba = map.lba(region);
        ByteBuffer data = have.clear().limit(map.bytes(region));
        Unmap unmap = target.ability(Unmap.class);
        copiedBytes += data.remaining();
        if (unmap != null && data.equals(zeros.duplicate().limit(data.remaining()))) {
            return answered("write", () -> unmap.unmap(lba, map.blocks(region)));
        }
        return answered("write", () -> target.write(lba, new ByteBuffer[] {data.duplicate()}, Durability.CACHED));
    }

    /** Reads blocks, unless they take no space. */
    private CompletionStage<Void> load(Backstore store, long lba, ByteBuffer into) {
        int blocks = into.remaining() / geometry.blockSize();
        ExtentMap extents = store.ability(ExtentMap.class);
        if (extents == null) {
            return store.read(lba, into.duplicate());
        }
        return extents.extents(lba, blocks, 1).thenCompose(runs -> {
            if (!runs.get(0).allocated() && runs.get(0).blocks() >= blocks) {
                into.duplicate().put(zeros.duplicate().limit(into.remaining()));
                return Backstore.done();
            }
            return store.read(lba, into.duplicate());
        });
    }

    /** What the other store does not do, or not in time, ends the copy and is nothing to wait for. */
    private CompletionStage<Void> answered(String what, Supplier<CompletionStage<Void>> call) {
        CompletionStage<Void> answer = stage(call);
        if (answer == Backstore.done()) {
            return answer;
        }
        CompletableFuture<Void> before = answers;
        CompletableFuture<Void> own =
                answer.<Void>handle((done, failure) -> null).toCompletableFuture();
        answers = before.isDone() ? own : CompletableFuture.allOf(before, own);
        return answer.thenApply(done -> done)
                .toCompletableFuture()
                .orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(new BackstoreException(
                        Fault.WRITE_FAILED,
                        "the new storage cannot be " + what(what) + ": " + reason(failure),
                        failure)));
    }

    /** A store with a bug ends the copy: nobody would wait for a stage that is not there. */
    private static CompletionStage<Void> stage(Supplier<CompletionStage<Void>> call) {
        try {
            CompletionStage<Void> stage = call.get();
            return stage == null
                    ? CompletableFuture.failedFuture(
                            new IllegalStateException("its bundle has a bug: it gave no stage"))
                    : stage;
        } catch (RuntimeException | Error thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    private static String what(String what) {
        return what.equals("read") ? "read" : what.equals("write") ? "written" : "flushed";
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return failure instanceof BackstoreException || cause instanceof BackstoreException
                ? cause.getMessage()
                : failure instanceof java.util.concurrent.TimeoutException
                                || cause instanceof java.util.concurrent.TimeoutException
                        ? "it does not answer"
                        : cause.toString();
    }

    /** Puts on stable storage what has been copied. If that fails, so does every later piece. */
    public CompletionStage<Void> flush() {
        return answered("flush", target::flush).whenComplete((done, failure) -> {
            if (failure != null && losesData(failure)) {
                unflushed = failure;
            }
        });
    }

    /** Returns whether a flush that ended like this may have lost something: one that never began has not. */
    private static boolean losesData(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof BackstoreException known && known.fault() == Fault.NOT_READY) {
                return false;
            }
        }
        return true;
    }

    /**
     * Copies the rest while nobody writes, and flushes.
     *
     * @param store the store of the volume
     * @return completes also when it was {@link #callOff called off}: then something is left to copy
     */
    public CompletionStage<Void> finish(Backstore store) {
        calledOff = false;
        Source source = (lba, into) -> stage(() -> load(store, lba, into))
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(calledOff ? new CancellationException() : failure));
        CompletionStage<Void> rest = Backstore.done();
        for (int region = map.next(0); region >= 0; region = map.next(region + 1)) {
            int each = region;
            rest = rest.thenCompose(before -> calledOff ? Backstore.done() : copy(each, source));
        }
        return rest.thenCompose(copied -> calledOff ? Backstore.done() : flush())
                .exceptionallyCompose(failure ->
                        failure instanceof CancellationException || failure.getCause() instanceof CancellationException
                                ? Backstore.done()
                                : CompletableFuture.failedFuture(failure));
    }

    /** Nobody waits for the last copy any more: it ends after the region that is being copied. */
    public void callOff() {
        calledOff = true;
    }

    /** Returns a stage that completes when the other store has answered all that it was asked for, and may be closed. */
    public CompletionStage<Void> answers() {
        return answers;
    }
}
