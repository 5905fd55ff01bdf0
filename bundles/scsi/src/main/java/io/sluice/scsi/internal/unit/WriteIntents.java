package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.UnitStateStore.Intent;
import io.sluice.volume.claim.Claim;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes writes atomic across a power loss (SBC-4 4.29): the data is kept aside before it is written to the store, and what
 * is still kept aside when the store is opened next is written again. Nobody else writes to the blocks until it is let go, or
 * it would come back over what was written later.
 */
public final class WriteIntents {

    private static final Logger LOG = LoggerFactory.getLogger(WriteIntents.class);

    private final String unit;
    private final UnitStateStore store;
    private final AtomicLong next = new AtomicLong();

    /** What this process keeps aside now: a store that is attached anew does not get it, its command is under way. */
    private final Set<Long> live = ConcurrentHashMap.newKeySet();

    /** What should have been let go and could not be. */
    private final CopyOnWriteArrayList<Kept> stuck = new CopyOnWriteArrayList<>();

    WriteIntents(String unit, UnitStateStore store) {
        this.unit = unit;
        this.store = store;
    }

    /** Data that is kept aside. */
    public final class Kept {
        private final long id;
        private final long from;
        private final long to;
        private final AtomicBoolean trying = new AtomicBoolean();

        private Kept(long id, long from, long to) {
            this.id = id;
            this.from = from;
            this.to = to;
        }

        /**
         * Lets the data go.
         *
         * @return completes when it does not come back any more. If it fails, the blocks take no write until it has worked.
         */
        public CompletionStage<Void> letGo() {
            return clear(id).whenComplete((cleared, failure) -> {
                if (failure != null) {
                    stuck.add(this);
                    LOG.error(
                            "unit={} an atomic write cannot be let go: blocks {} to {} take no write until it can",
                            unit,
                            from,
                            to - 1,
                            failure);
                }
            });
        }

        /** Has the blocks take no write until the data has been let go, which is tried when something is over. */
        public void letGoAfter(CompletionStage<Void> over) {
            stuck.add(this);
            over.whenComplete((done, failure) -> tryAgain());
        }

        private void tryAgain() {
            if (trying.compareAndSet(false, true)) {
                clear(id).whenComplete((cleared, failure) -> {
                    if (failure == null) {
                        stuck.remove(this);
                        LOG.info("unit={} blocks {} to {} can be written again", unit, from, to - 1);
                    }
                    trying.set(false);
                });
            }
        }
    }

    /**
     * Refuses a write to blocks whose atomic write has not been let go. It is tried again then, so that a later one may pass.
     *
     * @throws CheckConditionException INTERNAL TARGET FAILURE
     */
    public void requireNone(Claim blocks) throws CheckConditionException {
        if (!stuck.isEmpty()) {
            boolean[] refused = new boolean[1];
            blocks.ranges((from, to) -> refused[0] |= isStuck(from, to));
            if (refused[0]) {
                throw new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE);
            }
        }
    }

    /** As {@link #requireNone(Claim)}, for the whole medium. */
    void requireNone() throws CheckConditionException {
        if (isStuck(0, Long.MAX_VALUE)) {
            throw new CheckConditionException(Sense.INTERNAL_TARGET_FAILURE);
        }
    }

    private boolean isStuck(long from, long to) {
        boolean found = false;
        for (Kept intent : stuck) {
            if (intent.from < to && from < intent.to) {
                intent.tryAgain();
                found = true;
            }
        }
        return found;
    }

    /**
     * Keeps the data of a write aside.
     *
     * @param end the block behind the last one
     * @param data not to be changed until the stage has completed
     * @return completes when the data survives a power loss
     */
    public CompletionStage<Kept> keep(long lba, long end, ByteBuffer[] data) {
        Kept kept = new Kept(next.incrementAndGet(), lba, end);
        live.add(kept.id);
        ByteBuffer[] copy = new ByteBuffer[data.length];
        for (int i = 0; i < data.length; i++) {
            copy[i] = data[i].duplicate();
        }
        return store.saveIntent(kept.id, lba, copy).thenApply(saved -> kept);
    }

    private CompletionStage<Void> clear(long id) {
        try {
            return store.clearIntent(id).thenRun(() -> live.remove(id));
        } catch (RuntimeException thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    /**
     * Writes again what was interrupted, in the order in which it was kept aside, before anyone else uses the store.
     *
     * @return fails with {@link BackstoreException} if it cannot be read or written, or is not inside the store
     */
    CompletionStage<Void> replay(Backstore backstore) {
        CompletionStage<Void> done = Backstore.done();
        try {
            List<Intent> intents = store.loadIntents().stream()
                    .filter(intent -> !live.contains(intent.id()))
                    .sorted(Comparator.comparingLong(Intent::id))
                    .toList();
            for (Intent intent : intents) {
                check(intent, backstore.geometry());
                done = done.thenCompose(before -> finish(backstore, intent));
            }
        } catch (IOException | BackstoreException unreadable) {
            done = CompletableFuture.failedFuture(unreadable);
        }
        return done.exceptionallyCompose(failed -> CompletableFuture.failedFuture(new BackstoreException(
                Fault.WRITE_FAILED,
                "an interrupted atomic write cannot be finished: "
                        + (failed instanceof CompletionException ? failed.getCause() : failed).getMessage(),
                failed)));
    }

    private CompletionStage<Void> finish(Backstore backstore, Intent intent) {
        LOG.warn("unit={} finishes an atomic write at block {} that was interrupted", unit, intent.lba());
        next.accumulateAndGet(intent.id(), Math::max);
        ByteBuffer[] data = {intent.data()};
        return backstore
                .write(intent.lba(), data, Durability.STABLE)
                .thenCompose(written -> store.clearIntent(intent.id()));
    }

    private static void check(Intent intent, BlockGeometry geometry) throws BackstoreException {
        int bytes = intent.data().remaining();
        int blocks = bytes / geometry.blockSize();
        if (blocks == 0 || bytes % geometry.blockSize() != 0 || !geometry.contains(intent.lba(), blocks)) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED,
                    "an interrupted atomic write of " + bytes + " bytes at block " + intent.lba()
                            + " is not inside the store; it was kept aside for another one");
        }
    }
}
