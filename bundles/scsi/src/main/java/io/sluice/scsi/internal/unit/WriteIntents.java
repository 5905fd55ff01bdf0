package io.sluice.scsi.internal.unit;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.scsi.CheckConditionException;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.UnitStateStore;
import io.sluice.scsi.UnitStateStore.Intent;
import io.sluice.volume.Volume;
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
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes writes atomic, through errors, kills and power losses (SBC-4 4.29): what is in the blocks is kept aside before they
 * are written, and put back when the write fails, or when the store is opened next after the process has ended. Nobody else
 * gets at the blocks until that is certain.
 */
public final class WriteIntents {

    private static final Logger LOG = LoggerFactory.getLogger(WriteIntents.class);

    private final String unit;
    private final UnitStateStore store;
    private final Volume volume;
    private final AtomicLong next = new AtomicLong();

    /** What commands of this process keep aside now: a store that is attached anew does not get it. */
    private final Set<Long> live = ConcurrentHashMap.newKeySet();

    /** Whose blocks are closed; written while this is locked. */
    private final CopyOnWriteArrayList<KeptBlocks> closed = new CopyOnWriteArrayList<>();

    /** How often the blocks have become other ones; written while this is locked. */
    private volatile int exchanges;

    WriteIntents(String unit, UnitStateStore store, Volume volume) {
        this.unit = unit;
        this.store = store;
        this.volume = volume;
    }

    /**
     * Refuses a command at blocks of which nobody knows how an atomic write to them has ended. That is tried again then, so
     * that a later command may pass.
     *
     * @throws CheckConditionException WRITE ERROR or UNRECOVERED READ ERROR, with the first of these blocks
     */
    public void requireOpen(Claim blocks, boolean forWriting) throws CheckConditionException {
        if (!closed.isEmpty()) {
            long[] first = {Long.MAX_VALUE};
            blocks.ranges((from, to) -> first[0] = Math.min(first[0], firstClosed(from, to)));
            refuse(first[0], forWriting);
        }
    }

    /** As {@link #requireOpen(Claim, boolean)}, for the whole medium. */
    void requireOpen() throws CheckConditionException {
        refuse(firstClosed(0, Long.MAX_VALUE), true);
    }

    private static void refuse(long lba, boolean forWriting) throws CheckConditionException {
        if (lba != Long.MAX_VALUE) {
            throw new CheckConditionException(
                    SenseData.withInformation(forWriting ? Sense.WRITE_ERROR : Sense.UNRECOVERED_READ_ERROR, lba));
        }
    }

    private long firstClosed(long from, long to) {
        long first = Long.MAX_VALUE;
        for (KeptBlocks kept : closed) {
            if (kept.from() < to && from < kept.to()) {
                kept.tryAgain();
                first = Math.min(first, Math.max(from, kept.from()));
            }
        }
        return first;
    }

    /**
     * Keeps aside what is in blocks.
     *
     * @param end the block behind the last one
     * @param present not to be changed until the stage has completed
     * @return completes when it survives a power loss. If it fails, nothing is kept, or else the blocks are closed.
     */
    public CompletionStage<KeptBlocks> keep(long lba, long end, ByteBuffer present) {
        KeptBlocks kept = new KeptBlocks(this, next.incrementAndGet(), lba, end, exchanges);
        live.add(kept.id());
        CompletableFuture<KeptBlocks> result = new CompletableFuture<>();
        attempt(() -> store.saveIntent(kept.id(), lba, new ByteBuffer[] {present.duplicate()}))
                .whenComplete((saved, failure) -> {
                    if (failure == null) {
                        result.complete(kept);
                    } else {
                        // It may be there all the same.
                        kept.letGo().whenComplete((gone, stays) -> result.completeExceptionally(failure));
                    }
                });
        return result;
    }

    CompletionStage<Void> clear(long id) {
        return attempt(() -> store.clearIntent(id)).thenRun(() -> live.remove(id));
    }

    /** Something that may throw instead of giving a stage. */
    @FunctionalInterface
    interface Attempt {
        CompletionStage<Void> begin() throws Exception;
    }

    static CompletionStage<Void> attempt(Attempt attempt) {
        try {
            return attempt.begin();
        } catch (Throwable thrown) {
            return CompletableFuture.failedFuture(thrown);
        }
    }

    void close(KeptBlocks kept, String why) {
        live.remove(kept.id());
        if (added(kept)) {
            LOG.error("unit={} blocks {} to {} are closed: {}", unit, kept.from(), kept.to() - 1, why);
            tell();
        } else {
            LOG.warn("unit={} has other blocks than {} to {} by now: {}", unit, kept.from(), kept.to() - 1, why);
            clear(kept.id());
        }
    }

    /** Returns whether the blocks are still those of the unit, and so are closed. */
    private synchronized boolean added(KeptBlocks kept) {
        return kept.exchanges() == exchanges && closed.add(kept);
    }

    /** The blocks are other ones: nothing of the former ones is closed, or put back here. */
    void exchanged() {
        boolean opened;
        synchronized (this) {
            exchanges++;
            opened = !closed.isEmpty();
            closed.clear();
        }
        if (opened) {
            tell();
        }
    }

    void open(KeptBlocks kept) {
        if (closed.remove(kept)) {
            LOG.info("unit={} blocks {} to {} can be used again", unit, kept.from(), kept.to() - 1);
            tell();
        }
    }

    boolean isClosed(KeptBlocks kept) {
        return closed.contains(kept);
    }

    /** Has the operator see what is closed. */
    private synchronized void tell() {
        List<KeptBlocks> now = List.copyOf(closed);
        volume.setProblem(
                now.isEmpty()
                        ? ""
                        : "blocks " + now.get(0).from() + " to " + (now.get(0).to() - 1)
                                + (now.size() == 1 ? "" : " and others")
                                + " are closed for reads and writes, because an atomic write to them could be neither"
                                + " finished nor undone: use backstore:reopen " + unit);
    }

    void execute(Runnable action) {
        volume.runtime().execute(action);
    }

    /** Puts back what is kept, on the store in use now; fails if there is none. */
    CompletionStage<Void> restore(KeptBlocks kept) throws IOException {
        Intent intent = store.loadIntents().stream()
                .filter(candidate -> candidate.id() == kept.id())
                .findFirst()
                .orElseThrow(() -> new IOException("it is not there any more"));
        // A store that was opened meanwhile has it back already, and perhaps something newer.
        return volume.repair(open -> isClosed(kept) ? restoration(open, intent).run() : Backstore.done())
                .thenCompose(restored -> volume.flush());
    }

    private static Restoration restoration(Backstore backstore, Intent intent) {
        ByteBuffer data = intent.data();
        ByteBuffer memory = ByteBuffer.allocate(Restoration.scratchBytes(data.remaining()));
        return new Restoration(backstore, intent.lba(), data, memory);
    }

    /**
     * Puts back what was kept aside by writes that were interrupted, the newest first, before anyone else uses the store.
     *
     * @return fails with {@link BackstoreException} if it cannot be read or written, or is not inside the store
     */
    CompletionStage<Void> replay(Backstore backstore) {
        CompletionStage<Void> done = Backstore.done();
        // A command that ends meanwhile lets go what is being read here: it is not to be undone after it was answered.
        Set<Long> liveBefore = Set.copyOf(live);
        try {
            List<Intent> intents = store.loadIntents().stream()
                    .filter(intent -> !liveBefore.contains(intent.id()) && !live.contains(intent.id()))
                    .sorted(Comparator.comparingLong(Intent::id).reversed())
                    .toList();
            for (Intent intent : intents) {
                check(intent, backstore.geometry());
                done = done.thenCompose(before -> undo(backstore, intent));
            }
        } catch (IOException | BackstoreException unreadable) {
            done = CompletableFuture.failedFuture(unreadable);
        }
        return done.exceptionallyCompose(failed -> CompletableFuture.failedFuture(new BackstoreException(
                Fault.WRITE_FAILED,
                "an interrupted atomic write cannot be undone: "
                        + (failed instanceof CompletionException ? failed.getCause() : failed).getMessage(),
                failed)));
    }

    private CompletionStage<Void> undo(Backstore backstore, Intent intent) {
        LOG.warn("unit={} undoes an atomic write at block {} that was interrupted", unit, intent.lba());
        next.accumulateAndGet(intent.id(), Math::max);
        return restoration(backstore, intent)
                .run()
                .thenCompose(restored -> backstore.flush())
                .thenCompose(stable -> store.clearIntent(intent.id()))
                .thenRun(() ->
                        closed.stream().filter(kept -> kept.id() == intent.id()).forEach(this::open));
    }

    private static void check(Intent intent, BlockGeometry geometry) throws BackstoreException {
        int bytes = intent.data().remaining();
        int blocks = bytes / geometry.blockSize();
        if (blocks == 0 || bytes % geometry.blockSize() != 0 || !geometry.contains(intent.lba(), blocks)) {
            throw new BackstoreException(
                    Fault.WRITE_FAILED,
                    bytes + " bytes that were kept aside for block " + intent.lba()
                            + " are not inside the store; they are of another one");
        }
    }
}
