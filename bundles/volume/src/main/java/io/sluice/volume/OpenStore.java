package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreHealth;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.Backlog;
import io.sluice.backstore.ability.LentRead;
import io.sluice.backstore.ability.SuppliedRead;
import io.sluice.backstore.ability.Unmap;
import io.sluice.backstore.ability.WriteZeroes;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store while it is open, with a lease for each operation and for everything that it has lent: whoever closes it waits for
 * the last. A lease costs one atomic increment. Thread-safe.
 */
final class OpenStore {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStore.class);

    /** Added to the leases of a store that is shut: they are negative then, and this alone when the last is back. */
    private static final int SHUT = Integer.MIN_VALUE;

    private final Backstore backstore;
    private final Latch latch;
    private final Unmap unmap;
    private final WriteZeroes writeZeroes;
    private final LentRead lentRead;
    private final SuppliedRead suppliedRead;
    private final Backlog backlog;
    private final AtomicInteger operations = new AtomicInteger();
    private final AtomicInteger lent = new AtomicInteger();
    private final CompletableFuture<Void> quiet = new CompletableFuture<>();
    private final CompletableFuture<Void> unused = new CompletableFuture<>();

    /** Holds leases of the same store from before it was shut and used again; null if that never was. */
    private volatile OpenStore predecessor;

    /**
     * @param name of the volume, for logs
     * @throws RuntimeException or any error that the store throws when it is asked what it can do
     */
    OpenStore(String name, Backstore backstore) {
        this(backstore, new Latch(name), null);
    }

    private OpenStore(Backstore backstore, Latch latch, OpenStore predecessor) {
        this.backstore = backstore;
        this.latch = latch;
        this.predecessor = predecessor;
        forgetBefore(predecessor);
        this.unmap = backstore.ability(Unmap.class);
        this.writeZeroes = backstore.ability(WriteZeroes.class);
        this.lentRead = backstore.ability(LentRead.class);
        this.suppliedRead = backstore.ability(SuppliedRead.class);
        this.backlog = backstore.ability(Backlog.class);
    }

    /** The same store with leases anew; it is not asked anything. */
    private OpenStore(OpenStore before) {
        backstore = before.backstore;
        latch = before.latch;
        predecessor = before;
        unmap = before.unmap;
        writeZeroes = before.writeZeroes;
        lentRead = before.lentRead;
        suppliedRead = before.suppliedRead;
        backlog = before.backlog;
        forgetBefore(before);
    }

    private static void forgetBefore(OpenStore predecessor) {
        if (predecessor != null) {
            predecessor.forgetUnused();
        }
    }

    /** Returns this store with something around it, to take its place: what is lent of it has to be back before a close. */
    OpenStore within(Backstore around) {
        return new OpenStore(around, latch, this);
    }

    Backstore backstore() {
        return backstore;
    }

    /** Lets go of a predecessor that nothing is lent of any more, so that a store that is often wrapped has no long tail. */
    private void forgetUnused() {
        OpenStore earlier = predecessor;
        if (earlier != null && earlier.unused().toCompletableFuture().isDone()) {
            predecessor = null;
        }
    }

    Latch latch() {
        return latch;
    }

    Unmap unmap() {
        return unmap;
    }

    WriteZeroes writeZeroes() {
        return writeZeroes;
    }

    SuppliedRead suppliedRead() {
        return suppliedRead;
    }

    /** Takes a lease for an operation; false once the store is shut. */
    boolean lease() {
        if (operations.getAndIncrement() >= 0) {
            return true;
        }
        giveBack();
        return false;
    }

    /** Takes one more lease for one who has one already, also of a store that is shut; false if none is out any more. */
    boolean leaseAnother() {
        return operations.getAndUpdate(present -> present == SHUT ? SHUT : present + 1) != SHUT;
    }

    /** Gives the lease of an operation back. */
    void giveBack() {
        if (operations.decrementAndGet() == SHUT) {
            becomeQuiet();
        }
    }

    /** Whoever hears that it is quiet finds out at once whether it is unused too. */
    private void becomeQuiet() {
        if (lent.get() == 0) {
            unused.complete(null);
        }
        quiet.complete(null);
    }

    /** Gives no lease any more; completes when no operation runs. Those that a layer has wait begin now. */
    CompletionStage<Void> shut() {
        CompletionStage<Void> allQuiet = shutLeases();
        hurry();
        return allQuiet;
    }

    /** Has those operations begin that a layer has wait. */
    void hurry() {
        if (backlog != null) {
            try {
                backlog.hurry();
            } catch (RuntimeException | Error bug) {
                LOG.error("operations that wait in a layer cannot be hurried: they end when their turn comes", bug);
            }
        }
    }

    private CompletionStage<Void> shutLeases() {
        if (operations.addAndGet(SHUT) == SHUT) {
            becomeQuiet();
        }
        return allQuiet();
    }

    /** Completes when no operation runs, whatever the store was shut for when it began. */
    private CompletableFuture<Void> allQuiet() {
        OpenStore earlier = predecessor;
        return earlier == null ? quiet : CompletableFuture.allOf(quiet, earlier.allQuiet());
    }

    /** Returns the same store with leases anew, after {@link #shut}, because nothing has taken its place. */
    OpenStore again() {
        return new OpenStore(this);
    }

    /** Returns the same store, which is quiet, with a lease for one operation more and none after it. */
    OpenStore onceMore() {
        OpenStore leased = again();
        leased.operations.set(SHUT + 1);
        return leased;
    }

    /** Returns a stage that completes when the store is shut, no operation runs and nothing is lent: it can be closed. */
    CompletionStage<Void> unused() {
        OpenStore earlier = predecessor;
        return earlier == null ? unused : unused.thenCombine(earlier.unused(), (own, others) -> null);
    }

    /** Refuses a store that cannot hold what the volume shows. */
    void requireFit(BlockGeometry wanted) throws BackstoreException {
        BlockGeometry found = backstore.geometry();
        if (found.blockSize() != wanted.blockSize()) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "the store has blocks of " + found.blockSize() + " bytes, not " + wanted.blockSize());
        }
        if (found.blocks() < wanted.blocks()) {
            throw new BackstoreException(
                    Fault.NOT_READY,
                    "the store has " + found.sizeBytes() + " bytes, fewer than the " + wanted.sizeBytes()
                            + " of its configuration");
        }
    }

    BackstoreLimits limits() {
        return backstore.limits();
    }

    /** Returns how the store is, by what it says and what has happened to it; a store that throws is not well. */
    BackstoreHealth health() {
        try {
            return latch.worse(Objects.requireNonNull(backstore.health()));
        } catch (RuntimeException | Error bug) {
            return new BackstoreHealth(BackstoreHealth.State.FAILED, "its storage cannot tell how it is: " + bug);
        }
    }

    /** Returns whether the store has an ability; one that throws has it not. */
    boolean can(Class<?> ability) {
        try {
            return backstore.ability(ability) != null;
        } catch (RuntimeException | Error bug) {
            return false;
        }
    }

    /** Lends blocks, on top of a lease for the call. */
    FileRange lend(long lba, int lengthBytes) {
        if (lentRead == null) {
            return null;
        }
        lent.incrementAndGet();
        FileRange range = null;
        try {
            range = lentRead.lend(lba, lengthBytes);
        } finally {
            if (range == null) {
                takeBack();
            }
        }
        if (range == null) {
            return null;
        }
        FileRange lentRange = range;
        return new FileRange(
                range.channel(), range.offsetBytes(), range.lengthBytes(), () -> giveBack(lentRange::close));
    }

    /** Lends what the store has supplied, on top of the lease of the read. */
    SuppliedData lend(SuppliedData data) {
        Objects.requireNonNull(data, "the store has supplied nothing");
        lent.incrementAndGet();
        return new SuppliedData(data.buffers(), data.lengthBytes(), () -> giveBack(data::close));
    }

    /** A store that throws when it gets back what it has lent can be closed all the same. */
    private void giveBack(Runnable close) {
        try {
            close.run();
        } finally {
            takeBack();
        }
    }

    private void takeBack() {
        if (lent.decrementAndGet() == 0 && operations.get() == SHUT) {
            unused.complete(null);
        }
    }
}
