package io.sluice.scsi;

import io.sluice.backstore.FileRange;
import io.sluice.backstore.SuppliedData;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * One SCSI command on its way through the engine: the whole contract between a transport, which implements it, and the
 * engine, which calls it (SAM-5 5.1, 5.4).
 *
 * <p>The engine calls exactly one of {@link #complete} and {@link #aborted}, once, from any thread, and nothing after
 * that. All buffers belong to the transport; the engine sees views and lets go of them before it ends the task.
 */
public interface Task {

    /** Returns the I_T nexus that the command came through. */
    Nexus nexus();

    /** Returns the LUN field as it was received, big-endian; see {@link Lun#decode}. */
    long lun();

    /** Returns the CDB: 16 bytes, or more for a variable-length CDB; zeros follow a shorter one. The engine only reads. */
    byte[] cdb();

    /** Returns the task attribute. */
    TaskAttribute attribute();

    /** Returns how many bytes the initiator offers to send; 0 if it announced no Data-Out. */
    long dataOutLength();

    /** Returns how many bytes the initiator takes at most; 0 if it announced no Data-In. */
    long dataInLength();

    /**
     * Returns the buffer for the command's Data-In; called at most once.
     *
     * @param length bytes that the engine will fill from position 0; the transport sends no more than
     *     {@link #dataInLength} of them, and none unless the status is GOOD or CONDITION MET. The content is undefined
     *     until written: the engine writes every byte.
     */
    ByteBuffer dataInBuffer(int length);

    /**
     * Returns whether {@link #dataIn} may be called in place of {@link #dataInBuffer}: the transport can send from a file,
     * and nothing that was agreed with the initiator asks for the bytes.
     *
     * @param length bytes that it would send
     */
    default boolean sendsFromFile(int length) {
        return false;
    }

    /**
     * Has the transport send the command's Data-In from a file; called at most once, and not with {@link #dataInBuffer}.
     *
     * @param range as long as the data would be; taken over. It may be sent after the task has ended.
     */
    default void dataIn(FileRange range) {
        throw new UnsupportedOperationException("data from a file");
    }

    /**
     * Collects the command's Data-Out (SAM-5 Receive Data-Out); called at most once, and only after everything that can
     * be refused without the data has been checked.
     *
     * @param length bytes wanted, 1 to {@link #dataOutLength}
     * @return completes on any thread with buffers whose remaining bytes are the data, exactly {@code length} in all;
     *     fails with {@link CheckConditionException} if the initiator sent something else, and with
     *     {@link java.util.concurrent.CancellationException} after {@link #cancelDataOut}
     */
    CompletionStage<ByteBuffer[]> receiveDataOut(int length);

    /** Gives up a {@link #receiveDataOut} that may be under way, because the task has been aborted. Any thread. */
    void cancelDataOut();

    /**
     * Has the transport keep all buffers of the task until {@link #releaseBuffers} has been called as often, even after its
     * end: an operation of the store that was given up may still be using them. Any thread, before the task ends or while they
     * are kept already. The default is for a task whose buffers nobody uses again.
     */
    default void keepBuffers() {}

    /** Lets go of what {@link #keepBuffers} kept. Any thread, and perhaps after the task has ended. */
    default void releaseBuffers() {}

    /**
     * Returns memory for the work of the command beside its data, such as blocks that it compares; called at most once, on
     * any thread, before the task ends. It belongs to the task like its other buffers. The default is for tasks of the engine
     * itself.
     *
     * @param length bytes, which are undefined at first
     * @return a direct buffer of that many bytes, or null if the transport has none to spare now
     */
    default ByteBuffer scratch(int length) {
        return ByteBuffer.allocateDirect(length);
    }

    /** Returns whether {@link #dataIn(SuppliedData)} may be called in place of {@link #dataInBuffer}. */
    default boolean sendsSuppliedData() {
        return false;
    }

    /**
     * Has the transport send the command's Data-In from buffers of the store; called at most once, and not with another
     * form of Data-In.
     *
     * @param data as long as the data would be; taken over. It may be sent after the task has ended.
     */
    default void dataIn(SuppliedData data) {
        throw new UnsupportedOperationException("data in buffers of the store");
    }

    /**
     * The turn of the command has come: in the task set, and once more when it has all its data and gets at its blocks. Any
     * thread, before the task ends; for a transport that measures.
     */
    default void begun() {}

    /**
     * Ends the task with a status, which is sent whatever it is: TASK ABORTED too.
     *
     * @param status the status
     * @param sense sense data in wire form with CHECK CONDITION, else an empty array
     * @param transferLength bytes that the command as it is in the CDB transfers, from which the transport computes the
     *     residual count; 0 if it failed before that was known
     */
    void complete(Status status, byte[] sense, long transferLength);

    /** Ends an aborted task in silence: no response is sent (SAM-5 5.6). */
    void aborted();
}
