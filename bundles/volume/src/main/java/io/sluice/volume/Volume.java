package io.sluice.volume;

import io.sluice.backstore.Backstore;
import io.sluice.backstore.BackstoreException;
import io.sluice.backstore.BackstoreLimits;
import io.sluice.backstore.BlockExtent;
import io.sluice.backstore.BlockGeometry;
import io.sluice.backstore.Durability;
import io.sluice.backstore.Fault;
import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import io.sluice.backstore.ability.AllocatedSpace;
import io.sluice.backstore.ability.CryptographicErase;
import io.sluice.backstore.ability.ExtentMap;
import io.sluice.backstore.ability.FreeSpace;
import io.sluice.backstore.ability.Resize;
import io.sluice.volume.claim.Claim;
import io.sluice.volume.claim.Gate;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The one way to the blocks of a configured disk, for every protocol. Its store may come and go: an operation leases the open
 * store, which is closed when the last lease is back; while there is none, operations wait a bounded time. An operation that
 * the store does not answer in time is given up, and until it has ended after all nothing else is changed.
 *
 * <p>Operations are those of {@link Backstore}, with the same rules for ranges, buffers and order; what ends at once returns
 * {@link Backstore#done()} and costs no allocation. Whatever a store throws, or completes twice, ends that operation alone.
 *
 * <p>Thread-safe. Nothing here waits.
 */
public final class Volume {

    private final VolumeLife life;
    private final VolumeRuntime runtime;
    private final VolumeStatistics statistics = new VolumeStatistics();
    private final Operations operations;
    private final Exchanges exchanges;

    /** Shows the claims of each protocol to somebody. */
    private final List<Consumer<Consumer<Claim>>> claims = new CopyOnWriteArrayList<>();

    private final Gate blocks = new Gate(each -> claims.forEach(shown -> shown.accept(each)));

    /**
     * Makes a volume that waits for its store.
     *
     * @param name name for logs
     * @param geometry its size, whatever that of its store is
     * @param runtime clock and threads
     */
    public Volume(String name, BlockGeometry geometry, VolumeSettings settings, VolumeRuntime runtime) {
        this.runtime = runtime;
        life = new VolumeLife(this, name, geometry, settings, runtime);
        operations = new Operations(life, statistics);
        exchanges = new Exchanges(life);
        runtime.add(this);
    }

    /** Returns the name for logs. */
    public String name() {
        return life.name();
    }

    /** Returns the size and block sizes that initiators see. */
    public BlockGeometry geometry() {
        return life.geometry();
    }

    /** Returns what suits the store; that of the last one while there is none. */
    public BackstoreLimits limits() {
        return life.limits();
    }

    /** Returns whether there has been a store, so that it is known what it can do. */
    public boolean isKnown() {
        return life.isKnown();
    }

    /** Returns whether the store can do something beyond reading and writing; the last one while there is none. */
    public boolean can(Class<?> ability) {
        return life.can(ability);
    }

    /** Returns whose clock and threads the volume uses, for what goes on beside commands. */
    public VolumeRuntime runtime() {
        return runtime;
    }

    /** Returns what the volume has done. */
    public VolumeStatistics statistics() {
        return statistics;
    }

    /** Returns how the volume is now. */
    public VolumeStatus status() {
        return life.status();
    }

    /**
     * Has the {@link #status} tell of something that is wrong with the blocks and that no store knows of.
     *
     * @param problem one line for the operator; empty when nothing is wrong any more
     */
    public void setProblem(String problem) {
        life.setProblem(problem);
    }

    /** Returns who goes first at the blocks, whatever protocol it comes by. */
    public Gate blocks() {
        return blocks;
    }

    /**
     * Takes notice of whoever asks for claims at the {@link #blocks}; to be called before it does.
     *
     * @param shown see {@link Gate#Gate}
     */
    public void addClaims(Consumer<Consumer<Claim>> shown) {
        claims.add(shown);
    }

    /** Returns whether operations go to a store, or wait for one that is expected back soon. */
    public boolean ready() {
        return life.ready();
    }

    /**
     * Returns what every change fails with because a flush of the open store has failed, or null if none has: for who begins
     * something of several steps, and should not begin what cannot be undone.
     */
    public BackstoreException distrust() {
        return life.distrust();
    }

    /** Returns whether a change was given up that may still come about; until then no other is made. */
    public boolean fenced() {
        return life.deadlines().fenced();
    }

    /** Tells someone of changes from now on. */
    public void listen(VolumeListener listener) {
        life.listen(listener);
    }

    /** Has something done with each store that is attached, before any operation gets to it. */
    public void prepareStores(Function<Backstore, CompletionStage<Void>> preparation) {
        life.prepareStores(preparation);
    }

    /** Shows another size from now on; the store has it already. */
    public void setGeometry(BlockGeometry changed) {
        life.setGeometry(changed);
    }

    /**
     * Takes a store into use.
     *
     * @return completes when operations go to it; fails with {@link BackstoreException} if it does not fit. The store is the
     *     caller's again then.
     */
    public CompletionStage<Void> attach(Backstore store) {
        return life.attach(store);
    }

    /**
     * Uses the store no more, and closes it when the last operation has ended and everything lent is back.
     *
     * @param reason why, one line for the operator
     * @return completes when the store is closed, which may take as long as it likes; fails if that lost data
     */
    public CompletionStage<Void> detach(String reason) {
        return life.detach(reason);
    }

    /**
     * Has it outlive the process what a store may have lost; to be called before there is one.
     *
     * @param known what was kept by an earlier process, for which the first store is not trusted; null if nothing was
     * @param keeper given what is to be kept, one line for the operator, or null when there is nothing any more; must not wait
     */
    public void rememberDoubts(String known, Consumer<String> keeper) {
        life.remember(known, keeper);
    }

    /** Returns whether the next store is not trusted, because of what the last one may have lost. */
    public boolean doubted() {
        return life.doubted() != null;
    }

    /** The operator goes on with what the next store has, whatever the one before may have lost. */
    public void trust() {
        life.trust();
    }

    /**
     * The next store is the one that makes room in another volume now: what it may have lost there it has not here either. To be
     * called in the decision of the {@link #exchange exchange} there, before that volume is told to {@link #trust}.
     */
    public void suspectAs(Volume other) {
        life.suspectAs(other.life);
    }

    /**
     * What the next store has is not what the last one had: those that wait end with NOT READY, so that nothing meant for the
     * old data reaches the new, and initiators are told when the next store comes. Only while there is no store.
     *
     * @param reason why, one line for the operator
     */
    public void forget(String reason) {
        life.forget(reason);
    }

    /**
     * Puts another store in the place of the one in use: operations wait, the old store is flushed and closed, the other one
     * opened. Initiators notice nothing but a delay. What the old one may have lost the other one has not either, so that after a
     * failed flush the other one takes no changes, unless the operator {@link #trust trusts} it.
     *
     * @param opener opens the other store, which has the same data; called when the old one is closed
     * @return completes when operations go to the other store. Fails if the old one does not become quiet in time, or cannot be
     *     flushed, and then goes on with it; and if the other one cannot be opened, and then waits for one to be attached.
     */
    public CompletionStage<Void> replace(Supplier<CompletionStage<Backstore>> opener) {
        return exchanges.replace(opener);
    }

    /**
     * Puts a store that is open already in the place of the one in use: operations wait, and the old store is flushed, but
     * stays open. The volume goes on with it if anything fails. After a failed flush it is as with {@link #replace}.
     *
     * @param other the other store; the preparation of {@link #prepareStores} is not for it
     * @param patience how long the old one may take to become quiet; then it is flushed, which may take 5 seconds
     * @param decision made while no operation runs: may use the old store until its stage completes, and what is under way then
     *     is waited for by whoever closes it; if it fails, nothing is exchanged
     * @throws BackstoreException if the other one does not fit, or there is none in use now
     */
    public Exchanged exchange(Backstore other, Duration patience, Function<Backstore, CompletionStage<Void>> decision)
            throws BackstoreException {
        return exchanges.exchange(other, patience, decision);
    }

    /**
     * Puts something around the store in use, or takes it away, while operations wait.
     *
     * @param wrapper from what is in use to what shall be: what works on the same blocks
     * @param patience how long the operations that run may take to end
     * @return fails if nothing has been changed
     */
    public CompletionStage<Void> wrap(UnaryOperator<Backstore> wrapper, Duration patience) {
        return exchanges.wrap(wrapper, patience);
    }

    /**
     * Uses the store no more, and does not close it.
     *
     * @param reason why, one line for the operator
     * @return completes with the store when nothing of it is in use; fails if there is none
     */
    public CompletionStage<Backstore> release(String reason) {
        return life.release(reason);
    }

    /** Changes the name for logs: its blocks are those of another backstore now. */
    public void rename(String name) {
        life.rename(name);
    }

    /** Ends the volume: operations fail from now on. Completes when the store is closed. */
    public CompletionStage<Void> close() {
        return life.close();
    }

    /*
     * Reading and writing do by themselves what begin does for the others, because a request shall not take an object for it.
     */

    /** Reads whole blocks; see {@link Backstore#read}. */
    public CompletionStage<Void> read(long lba, ByteBuffer destination) {
        OpenStore store = life.lease();
        int bytes = destination.remaining();
        if (store == null) {
            return operations.hold(
                    OperationKind.READ, bytes, false, open -> open.backstore().read(lba, destination));
        }
        long begun = System.nanoTime();
        CompletionStage<Void> answer;
        try {
            answer = store.backstore().read(lba, destination);
        } catch (Throwable thrown) {
            answer = Operation.thrown(thrown);
        }
        return operations.end(store, OperationKind.READ, bytes, false, begun, answer);
    }

    /** Writes whole blocks; see {@link Backstore#write}. */
    public CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability) {
        int bytes = length(source);
        boolean stable = durability == Durability.STABLE;
        OpenStore store = life.lease(OperationKind.WRITE);
        if (store == null) {
            return operations.hold(
                    OperationKind.WRITE, bytes, stable, open -> open.backstore().write(lba, source, durability));
        }
        long begun = System.nanoTime();
        CompletionStage<Void> answer;
        try {
            answer = store.backstore().write(lba, source, durability);
        } catch (Throwable thrown) {
            answer = Operation.thrown(thrown);
        }
        return operations.end(store, OperationKind.WRITE, bytes, stable, begun, answer);
    }

    /**
     * As {@link #write}, if something still holds when the write gets to the store, perhaps after it has waited for one. From
     * then on the store is not exchanged for another one before the write has ended.
     *
     * @param holds must not wait; any thread
     * @return fails with NOT READY if it does not hold
     */
    public CompletionStage<Void> writeIf(BooleanSupplier holds, long lba, ByteBuffer[] source, Durability durability) {
        return operations.begin(
                OperationKind.WRITE,
                length(source),
                durability == Durability.STABLE,
                open -> holds.getAsBoolean()
                        ? open.backstore().write(lba, source, durability)
                        : Operation.refused(new BackstoreException(
                                Fault.NOT_READY, "volume " + name() + " has other blocks by now")));
    }

    private static int length(ByteBuffer[] source) {
        int length = 0;
        for (ByteBuffer part : source) {
            length += part.remaining();
        }
        return length;
    }

    /**
     * Puts on stable storage what has been written; see {@link Backstore#flush}. Once that has failed, no flush and no change
     * succeeds until there is another store that the operator {@link #trust trusts}.
     */
    public CompletionStage<Void> flush() {
        return operations.flush();
    }

    /** As {@link #flush}, but done at once if nothing was changed since the last flush began. */
    public CompletionStage<Void> flushNewer() {
        return operations.flushNewer();
    }

    /**
     * Does several things with the open store as one operation that changes it. It does not wait for a store that is away, so
     * that it cannot come about over what was written meanwhile.
     *
     * @param work may use the store until its stage completes
     */
    public CompletionStage<Void> repair(Function<Backstore, CompletionStage<Void>> work) {
        return operations.beginNow(OperationKind.WRITE, open -> work.apply(open.backstore()));
    }

    /**
     * Keeps the open store from being closed while something is done that is not about its blocks: no deadline is for it, since
     * what it waits for may have nothing to do with the store. It does not wait for a store that is away.
     */
    public CompletionStage<Void> keepOpen(Supplier<CompletionStage<Void>> work) {
        return operations.keepOpen(work);
    }

    /** Gives blocks back; only if the store {@link #can} unmap. */
    public CompletionStage<Void> unmap(long lba, long blocks) {
        return operations.begin(
                OperationKind.UNMAP, open -> require(open.unmap()).unmap(lba, blocks));
    }

    /** Makes blocks zeros; only if the store {@link #can} write zeros. */
    public CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        boolean stable = durability == Durability.STABLE;
        return operations.begin(
                OperationKind.ZERO, stable, open -> require(open.writeZeroes()).writeZeroes(lba, blocks, durability));
    }

    /**
     * Looks at what the store has, for who is no initiator: it is not counted as a read.
     *
     * @param work must not change anything; may use the store until its stage completes
     */
    public <T> CompletionStage<T> examine(Function<Backstore, CompletionStage<T>> work) {
        return operations.begin(OperationKind.EXAMINE, open -> work.apply(open.backstore()));
    }

    /** Changes the size of the store, but not yet of the volume; only if the store {@link #can} resize. */
    public CompletionStage<Void> resize(long blocks) {
        return operations.begin(
                OperationKind.RESIZE,
                open -> require(open.backstore().ability(Resize.class)).resize(blocks));
    }

    /** Destroys the key of the blocks, which then have any content; only if the store {@link #can} erase so. */
    public CompletionStage<Void> eraseKey() {
        return operations.begin(
                OperationKind.ERASE, open -> require(open.backstore().ability(CryptographicErase.class))
                        .eraseKey());
    }

    /** Finds out which blocks take space; only if the store {@link #can} map extents. */
    public CompletionStage<List<BlockExtent>> extents(long lba, long maxBlocks, int maxExtents) {
        return operations.begin(
                OperationKind.EXAMINE,
                open -> require(open.backstore().ability(ExtentMap.class)).extents(lba, maxBlocks, maxExtents));
    }

    /** Finds out the space in use; only if the store {@link #can} tell. */
    public CompletionStage<Long> allocatedBytes() {
        return operations.begin(
                OperationKind.EXAMINE,
                open -> require(open.backstore().ability(AllocatedSpace.class)).allocatedBytes());
    }

    /** Finds out the room where the store keeps its blocks; only if the store {@link #can} tell. */
    public CompletionStage<Long> freeBytes() {
        return operations.begin(
                OperationKind.EXAMINE,
                open -> require(open.backstore().ability(FreeSpace.class)).freeBytes());
    }

    private static <A> A require(A ability) {
        if (ability == null) {
            throw new UnsupportedOperationException("the store cannot do that any more");
        }
        return ability;
    }

    /**
     * Lends blocks that the kernel can send from a file.
     *
     * @return the range, which the caller gives back, or null: then the blocks are to be read
     */
    public FileRange lend(long lba, int lengthBytes) {
        OpenStore store = life.lease();
        if (store == null) {
            return null;
        }
        long begun = System.nanoTime();
        FileRange range = null;
        try {
            range = store.lend(lba, lengthBytes);
        } finally {
            store.giveBack();
        }
        if (range != null) {
            statistics.succeeded(OperationKind.READ, lengthBytes, System.nanoTime() - begun);
        }
        return range;
    }

    /** Returns whether the store in use reads into buffers of its own; never waits, and looks nothing up. */
    public boolean supplies() {
        return life.supplies();
    }

    /** Reads blocks into buffers of the store, which the caller gives back; only if the store {@link #supplies} them. */
    public CompletionStage<SuppliedData> supply(long lba, int lengthBytes) {
        return operations.begin(
                OperationKind.READ,
                open -> require(open.suppliedRead()).read(lba, lengthBytes).thenApply(open::lend));
    }

    /**
     * Withdraws an operation that has not begun because it waits for a store; it fails with {@code CancellationException}.
     *
     * @param stage what a method of this class has returned
     * @return whether it was waiting
     */
    public static boolean withdraw(CompletionStage<?> stage) {
        return stage instanceof Operation<?> operation && operation.fail(new CancellationException());
    }

    Operations operations() {
        return operations;
    }

    /** Looks after deadlines; on the clock's thread. */
    void lookAfter(long nowNanos) {
        life.lookAfter(nowNanos);
    }

    @Override
    public String toString() {
        return "volume=" + life.name();
    }
}
