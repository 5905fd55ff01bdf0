package io.sluice.backstore;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * An open block store: the blocks behind one logical unit.
 *
 * <p><b>Asynchronous.</b> Every operation returns at once or does work that never blocks, and completes its stage on any
 * thread. A store that can finish in the caller's thread returns {@link #done()}, which costs no allocation and no
 * hand-over. A store whose calls block extends {@link BlockingBackstore}.
 *
 * <p><b>Failures.</b> A stage fails with a {@link BackstoreException}; anything else is taken for a bug. Operations may
 * also throw it nowhere: they fail the stage.
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
public interface Backstore extends AutoCloseable {

    /** Returns the present size and block sizes; the block size never changes while open. */
    BlockGeometry geometry();

    /** Returns what this store can do beyond reading, writing and flushing; constant while open. */
    Set<Capability> capabilities();

    /**
     * Reads whole blocks.
     *
     * @param lba first block
     * @param destination takes {@code remaining()} bytes, a positive multiple of the block size
     */
    CompletionStage<Void> read(long lba, ByteBuffer destination);

    /**
     * Lends whole blocks in place of {@link #read}, if they can be sent from a file at once, without waiting for the disk.
     * Blocks that are written before the range is given back may be sent as they were or as they are.
     *
     * @param lba first block
     * @param lengthBytes a positive multiple of the block size
     * @return the range, which the caller gives back, or null: then the blocks are to be read. The default lends nothing.
     */
    default FileRange lend(long lba, int lengthBytes) {
        return null;
    }

    /**
     * Writes whole blocks.
     *
     * @param lba first block
     * @param source buffers whose remaining bytes, one after the other, are the data: a positive multiple of the block
     *     size in all; a block may straddle buffers
     * @param durability what completion has to mean
     */
    CompletionStage<Void> write(long lba, ByteBuffer[] source, Durability durability);

    /**
     * Puts all data that completed before this call on stable storage (SYNCHRONIZE CACHE).
     *
     * <p>Once a flush has failed, data of unknown extent may be lost: the store must fail every later flush and write
     * too, until it is opened anew.
     */
    CompletionStage<Void> flush();

    /**
     * Gives blocks back; afterwards they read as zeros. Only with {@link Capability#UNMAP}.
     *
     * @param lba first block
     * @param blocks number of blocks, positive
     */
    default CompletionStage<Void> unmap(long lba, long blocks) {
        throw new UnsupportedOperationException("unmap");
    }

    /**
     * Makes blocks read as zeros and keeps their space. Only with {@link Capability#WRITE_ZEROES}.
     *
     * @param lba first block
     * @param blocks number of blocks, positive
     * @param durability what completion has to mean
     */
    default CompletionStage<Void> writeZeroes(long lba, long blocks, Durability durability) {
        throw new UnsupportedOperationException("writeZeroes");
    }

    /**
     * Changes the capacity; blocks that are added read as zeros. Only with {@link Capability#RESIZE}.
     *
     * @param blocks the new number of blocks
     * @throws BackstoreException if the size cannot be had; nothing has changed then
     */
    default void resize(long blocks) throws BackstoreException {
        throw new UnsupportedOperationException("resize");
    }

    /**
     * Returns the bytes of real space in use. Only with {@link Capability#ALLOCATION}.
     *
     * @throws BackstoreException if it cannot be found out
     */
    default long allocatedBytes() throws BackstoreException {
        throw new UnsupportedOperationException("allocatedBytes");
    }

    /**
     * Returns the run of blocks of one kind, with space or without, that begins at an LBA. Only with
     * {@link Capability#ALLOCATION_MAP}. A block that was written has space; one without reads as zeros.
     *
     * @param lba first block, inside the store
     * @param maxBlocks where to stop looking, at least 1
     * @return at least one block and at most {@code maxBlocks}; the run may go on behind it
     * @throws BackstoreException if it cannot be found out
     */
    default BlockExtent extent(long lba, long maxBlocks) throws BackstoreException {
        throw new UnsupportedOperationException("extent");
    }

    /**
     * Flushes and releases the store. Called once, when no operation is running and none will come; ranges may still be lent.
     *
     * @throws BackstoreException if data could not be flushed; the store is released all the same
     */
    @Override
    void close() throws BackstoreException;

    /** Returns the stage of an operation that is complete already; the same object every time. */
    static CompletionStage<Void> done() {
        return CompletedOperation.DONE;
    }
}
