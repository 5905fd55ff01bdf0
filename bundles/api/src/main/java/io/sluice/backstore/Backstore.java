package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open block store: the blocks behind one volume.
 *
 * <p><b>Asynchronous.</b> Every method returns at once or does work that never waits, and completes its stage once, on any
 * thread. A store that can finish in the caller's thread returns {@link #done()}, which costs no allocation and no
 * hand-over. A store whose calls block extends {@link BlockingBackstore}.
 *
 * <p><b>Failures.</b> A stage fails with a {@link BackstoreException}; anything else, thrown or in a stage, is taken for a bug
 * and ends that operation only. An operation that has no answer after the deadline of its volume is given up: its answer may
 * come later, and until then the volume takes no more writes.
 *
 * <p><b>Ranges</b> have been checked: {@code geometry().contains(lba, count)} holds and {@code count > 0}.
 *
 * <p><b>Buffers</b> may be direct or on the heap. They belong to the caller again when the stage completes, not before;
 * the store reads or writes their remaining bytes and leaves positions undefined.
 *
 * <p><b>Order.</b> Operations run concurrently and in any order. A read that starts after a write of the same blocks has
 * completed sees that write. {@link #flush} covers all writes, zero-writes and unmaps that completed before it started.
 *
 * <p>All methods may be called from several threads.
 */
@ConsumerType
public interface Backstore {

    /** Returns the present size and block sizes; the block size never changes while open. Never waits. */
    BlockGeometry geometry();

    /** Returns what suits this store; constant while open. Never waits. */
    default BackstoreLimits limits() {
        return BackstoreLimits.NONE;
    }

    /** Returns how the store is; when it changes, {@link BackstoreContext#raise} says so. Never waits. */
    default BackstoreHealth health() {
        return BackstoreHealth.HEALTHY;
    }

    /**
     * Returns this store's way of doing something that not every store can, one of the interfaces of
     * {@code io.sluice.backstore.ability}; constant while open. The default finds those that the class implements.
     *
     * @return null if it cannot do that
     */
    default <A> A ability(Class<A> kind) {
        return kind.isInstance(this) ? kind.cast(this) : null;
    }

    /**
     * Reads whole blocks.
     *
     * @param lba first block
     * @param destination takes {@code remaining()} bytes, a positive multiple of the block size
     */
    CompletionStage<Void> read(long lba, ByteBuffer destination);

    /**
     * Writes whole blocks.
     *
     * @param lba first block
     * @param source buffers whose remaining bytes, one after the other, are the data: a positive multiple of the block
     *     size in all; a block may straddle buffers
     * @param durability what completion has to mean. A write that was to be stable and fails with {@link Fault#WRITE_FAILED},
     *     {@link Fault#TIMED_OUT} or with a bug counts as a flush that has failed; {@link Fault#OUT_OF_SPACE} says that
     *     nothing is lost but this write.
     */
    CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability);

    /**
     * Puts all data that completed before this call on stable storage (SYNCHRONIZE CACHE).
     *
     * <p>Once a flush has failed, data of unknown extent may be lost: the store must fail every later flush and write
     * too, until it is opened anew, and its health says so. The volume sees to it in any case. Only {@link Fault#NOT_READY}
     * says that nothing was tried, so that the next flush may be believed.
     */
    CompletionStage<Void> flush();

    /**
     * Flushes and releases the store. Called once, when no operation is running, none will come, and nothing is lent.
     *
     * @return completes when everything is released, also if it fails because data could not be flushed; the store that is
     *     opened next then takes no writes until the operator has opened it anew
     */
    CompletionStage<Void> close();

    /** Returns the stage of an operation that is complete already; the same object every time. */
    static CompletionStage<Void> done() {
        return CompletedOperation.DONE;
    }
}
