package io.sluice.iscsi.transfer;

import io.netty.buffer.ByteBuf;
import io.sluice.iscsi.pdu.DataInPdu;
import io.sluice.iscsi.pdu.TargetPdu;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.scsi.Status;
import java.util.List;

/** What a task needs of its connection. */
public interface TransferChannel {

    /** Returns whether the caller is on the connection's event loop. */
    boolean inEventLoop();

    /** Runs something on the connection's event loop. */
    void execute(Runnable action);

    /** Returns a direct buffer; any thread. */
    ByteBuf allocate(int length);

    /** Returns what was negotiated. */
    NegotiatedParameters parameters();

    /** Writes a PDU on the event loop; it is flushed at the end of the present batch. */
    default void write(TargetPdu pdu) {
        write(pdu, null);
    }

    /**
     * As {@link #write(TargetPdu)}.
     *
     * @param whenSent told when the PDU is out or the connection gone, or null
     */
    void write(TargetPdu pdu, Sent whenSent);

    /**
     * Writes small PDUs as one piece, and copies their data; as {@link #write(TargetPdu)} else.
     *
     * @param whenSent told when all of them are out or the connection gone, or null
     */
    void writeTogether(List<DataInPdu> pdus, Sent whenSent);

    /** Who waits until a PDU is out. */
    @FunctionalInterface
    interface Sent {

        /** The PDU is out, or never will be; on the event loop. */
        void sent();
    }

    /**
     * Returns whether the kernel may send data from a file, or it is to be copied; any thread.
     *
     * @param length bytes of it
     */
    boolean sendsFromFile(int length);

    /** Returns a fresh target transfer tag. */
    int nextTransferTag();

    /**
     * Reserves memory for data that is to be solicited.
     *
     * @param granted run on the event loop once the memory is there, if it is not at once
     * @return whether it is there at once
     */
    boolean reserve(long bytes, Runnable granted);

    /** Gives back memory that was reserved. */
    void release(long bytes);

    /** Waits no longer for memory that was to be reserved. */
    void withdraw(Runnable granted);

    /** Takes memory that nobody may wait for; any thread. Returns whether there was any. */
    boolean takeUnasked(long bytes);

    /** Gives back memory that nobody waited for, or of data that came unasked; any thread. */
    void releaseUnasked(long bytes);

    /** Returns whether the initiator takes what it is sent; on the event loop. */
    boolean isWritable();

    /** Returns whether the connection is there and still takes what the initiator sends; on the event loop. */
    boolean isOpen();

    /**
     * Looks whether the response to a task has to wait for others, for which the task is hurried later or has been already;
     * on the event loop.
     */
    boolean holdsBack(IscsiTask task, Status status, byte[] sense);

    /** The task is about to be answered, so that another command may come; on the event loop. */
    void ending();

    /** The task has ended; on the event loop. */
    void ended(IscsiTask task);
}
