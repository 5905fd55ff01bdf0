package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * The buffers of a task, and the memory that they take of the budget. The task holds on to them until it has ended, and an
 * operation that was given up beyond that; whoever lets go last has them freed, on the event loop of the connection.
 */
abstract class TaskBuffers {

    /** The task itself holds on to its buffers, and so does each {@link #keepBuffers}. */
    private static final AtomicIntegerFieldUpdater<TaskBuffers> HOLDS =
            AtomicIntegerFieldUpdater.newUpdater(TaskBuffers.class, "holds");

    final TransferChannel channel;
    /** Null if the command takes no data. */
    final DataOutTransfer dataOut;
    /** What is to be sent; whoever sends it takes it over and leaves null. */
    ByteBuf dataIn;
    /** As {@link #dataIn}, in a file. */
    FileData fileIn;

    private ByteBuf scratch;
    /** Of the budget: for Data-In that was reserved, or for Data-Out that came unasked; no command has both. */
    private long memory;

    private volatile int holds = 1;

    TaskBuffers(TransferChannel channel, DataOutTransfer dataOut) {
        this.channel = channel;
        this.dataOut = dataOut;
    }

    /** Notes memory that was taken for data that comes unasked, or for the Data-In, with which it is given back. */
    public void holds(long bytes) {
        memory = bytes;
    }

    public ByteBuffer dataInBuffer(int length) {
        dataIn = channel.allocate(length).writerIndex(length);
        return dataIn.nioBuffer(0, length);
    }

    public ByteBuffer scratch(int length) {
        if (!channel.takeUnasked(length)) {
            return null;
        }
        scratch = channel.allocate(length);
        return scratch.nioBuffer(0, length);
    }

    public void keepBuffers() {
        HOLDS.incrementAndGet(this);
    }

    public void releaseBuffers() {
        if (HOLDS.decrementAndGet(this) > 0) {
            return;
        }
        if (channel.inEventLoop()) {
            free();
            return;
        }
        try {
            channel.execute(this::free);
        } catch (RejectedExecutionException eventLoopIsGone) {
            free();
        }
    }

    private void free() {
        if (dataOut != null) {
            dataOut.release();
        }
        if (dataIn != null) {
            dataIn.release();
            dataIn = null;
        }
        if (fileIn != null) {
            fileIn.letGo();
            fileIn = null;
        }
        if (scratch != null) {
            channel.releaseUnasked(scratch.capacity());
            scratch.release();
            scratch = null;
        }
        if (memory > 0 && dataOut != null) {
            channel.releaseUnasked(memory);
        } else if (memory > 0) {
            channel.release(memory);
        }
        memory = 0;
    }
}
