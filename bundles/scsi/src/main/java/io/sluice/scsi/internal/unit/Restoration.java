package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.Durability;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Puts back what was in blocks before a write that has got to some of them. Only blocks that have changed are written: the
 * others may have no space, and where a write has failed for lack of it there is none. Nothing is flushed.
 */
public final class Restoration {

    private static final int MAXIMUM_CHUNK_BYTES = 256 << 10;

    private final Backstore store;
    private final int blockSize;
    private final long lba;
    private final ByteBuffer kept;
    private final ByteBuffer present;
    private final CompletableFuture<Void> result = new CompletableFuture<>();

    /** How far the blocks have been compared, in bytes, and from where to where they have been read. */
    private int done;

    private int from;
    private int to;

    /**
     * @param lba first block
     * @param kept what was there, whole blocks; left as it is
     * @param present memory for what is there, of {@link #scratchBytes}
     */
    public Restoration(Backstore store, long lba, ByteBuffer kept, ByteBuffer present) {
        this.store = store;
        this.blockSize = store.geometry().blockSize();
        this.lba = lba;
        this.kept = kept.slice();
        this.present = present;
    }

    /** Returns how much memory it takes to put so many bytes back. */
    public static int scratchBytes(int length) {
        return Math.min(length, MAXIMUM_CHUNK_BYTES);
    }

    /** Begins; the stage fails with what a read or a write has failed with. */
    public CompletionStage<Void> run() {
        goOn();
        return result;
    }

    /** What ends at once takes no stack, however many pieces there are. */
    private void goOn() {
        try {
            for (CompletionStage<Void> next = next(); next != null; next = next()) {
                CompletableFuture<Void> operation = next.toCompletableFuture();
                if (!operation.isDone() || operation.isCompletedExceptionally()) {
                    operation.whenComplete((ended, failure) -> {
                        if (failure == null) {
                            goOn();
                        } else {
                            result.completeExceptionally(failure);
                        }
                    });
                    return;
                }
            }
            result.complete(null);
        } catch (Throwable thrown) {
            result.completeExceptionally(thrown);
        }
    }

    /** Begins the next read, or write of blocks that follow each other; null at the end. */
    private CompletionStage<Void> next() {
        while (done < to && !differs(done)) {
            done += blockSize;
        }
        if (done < to) {
            int first = done;
            while (done < to && differs(done)) {
                done += blockSize;
            }
            return store.write(
                    lba + first / blockSize, new ByteBuffer[] {kept.slice(first, done - first)}, Durability.CACHED);
        }
        if (done == kept.capacity()) {
            return null;
        }
        from = done;
        to = from + Math.min(present.capacity(), kept.capacity() - from);
        return store.read(lba + from / blockSize, present.slice(0, to - from));
    }

    private boolean differs(int at) {
        return kept.slice(at, blockSize).mismatch(present.slice(at - from, blockSize)) >= 0;
    }
}
