package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskAttribute;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Predicate;

/**
 * Turns SCSI Command PDUs into tasks and gives them to the target in order, as memory and the peer's reading allow: reads
 * begin only while the connection takes data away (RFC 7143 11.3).
 */
final class CommandDispatcher {

    /** Commands for immediate delivery that may be under way beyond the window. */
    private static final int IMMEDIATE_COMMANDS = 16;

    /** The engine reads no more than this for one command, whatever the initiator expects. */
    private static final long MAX_DATA_IN_BYTES = 8L << 20;

    private static final TaskAttribute[] ATTRIBUTES = {
        TaskAttribute.SIMPLE,
        TaskAttribute.SIMPLE,
        TaskAttribute.ORDERED,
        TaskAttribute.HEAD_OF_QUEUE,
        TaskAttribute.ACA
    };

    private static final byte[] NO_SENSE = new byte[0];

    private final Connection connection;
    private final Session session;
    private final int taskLimit;
    private final Deque<IscsiTask> waiting = new ArrayDeque<>();
    /** What is called when memory comes for which this waits, one request at a time. */
    private final Runnable granted = this::granted;

    private long bytesAsked;
    private long bytesGranted;

    private boolean proceeding;

    CommandDispatcher(Connection connection, Session session, ServerSettings settings) {
        this.connection = connection;
        this.session = session;
        this.taskLimit = settings.commandWindow() + IMMEDIATE_COMMANDS;
    }

    /** Takes a command over. */
    void onCommand(ScsiCommandPdu pdu) throws ProtocolException {
        check(pdu);
        session.commands().increment();
        Sense refused = refusal(pdu);
        long unasked = unasked(pdu);
        IscsiTask task = new IscsiTask(connection, session, pdu, ATTRIBUTES[pdu.attribute()]);
        connection.tasks().put(task.initiatorTaskTag(), task);
        connection.window().begin();
        if (refused != null) {
            task.refuse(Status.CHECK_CONDITION, SenseData.of(refused).encode(false));
        } else if (unasked > 0 && !connection.budget().takeUnasked(unasked)) {
            task.refuse(Status.TASK_SET_FULL, NO_SENSE);
        } else {
            task.unasked(unasked);
            waiting.add(task);
            proceed();
        }
    }

    /** All that comes without being asked for, which cannot be made to wait. The window gets narrow before it is refused. */
    private long unasked(ScsiCommandPdu pdu) {
        if (!pdu.writes()) {
            return 0;
        }
        return pdu.isFinal()
                ? pdu.data().readableBytes()
                : Math.min(connection.parameters().firstBurstLength(), pdu.expectedDataTransferLength());
    }

    private void check(ScsiCommandPdu pdu) throws ProtocolException {
        if (pdu.initiatorTaskTag() == BasicHeader.NO_TAG
                || pdu.attribute() >= ATTRIBUTES.length
                || (!pdu.writes() && (!pdu.isFinal() || pdu.data().isReadable()))) {
            throw reject(pdu, RejectReason.INVALID_PDU_FIELD, "tag, attribute or direction flags are wrong");
        }
        if (connection.tasks().containsKey(pdu.initiatorTaskTag())) {
            throw reject(pdu, RejectReason.TASK_IN_PROGRESS, "the tag is in use");
        }
        if (connection.tasks().size() >= taskLimit) {
            throw reject(pdu, RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "too many commands");
        }
    }

    private static ProtocolException reject(ScsiCommandPdu pdu, RejectReason reason, String message) {
        pdu.data().release();
        return ProtocolException.reject(reason, message);
    }

    /** Bidirectional commands do not exist here, and data that was not agreed on fails one (RFC 7143 11.4.7.2). */
    private Sense refusal(ScsiCommandPdu pdu) {
        if (pdu.reads() && pdu.writes()) {
            return Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        int length = pdu.data().readableBytes();
        long limit = Math.min(connection.parameters().firstBurstLength(), pdu.expectedDataTransferLength());
        boolean immediateRefused = length > 0 && !connection.parameters().immediateData();
        boolean unsolicitedRefused = !pdu.isFinal() && connection.parameters().initialR2t();
        return immediateRefused || unsolicitedRefused || length > limit ? Sense.UNEXPECTED_UNSOLICITED_DATA : null;
    }

    /** Begins the tasks that wait, as far as memory and the connection allow. */
    void proceed() {
        if (proceeding) {
            return;
        }
        proceeding = true;
        try {
            while (!waiting.isEmpty() && admit(waiting.peek())) {
                session.target().execute(waiting.remove());
            }
        } finally {
            proceeding = false;
        }
    }

    private boolean admit(IscsiTask task) {
        long bytes = Math.min(task.dataInLength(), MAX_DATA_IN_BYTES);
        if (bytes == 0) {
            return true;
        }
        if (bytesAsked > 0 || !connection.channel().isWritable()) {
            return false;
        }
        if (bytesGranted >= bytes) {
            task.reserved(bytesGranted);
            bytesGranted = 0;
            return true;
        }
        giveBack();
        if (connection.reserve(bytes, granted)) {
            task.reserved(bytes);
            return true;
        }
        bytesAsked = bytes;
        return false;
    }

    /**
     * Memory that was asked for is there, for the next task that waits: to ask anew would be to wait behind others, who would
     * do the same. The task may be gone; then it is given back.
     */
    private void granted() {
        bytesGranted = bytesAsked;
        bytesAsked = 0;
        proceed();
        giveBack();
    }

    private void giveBack() {
        if (bytesGranted > 0) {
            long bytes = bytesGranted;
            bytesGranted = 0;
            connection.release(bytes);
        }
    }

    /** Removes a task that has not begun, so that it never will. Returns whether it was one. */
    boolean withdraw(IscsiTask task) {
        boolean found = waiting.remove(task);
        if (found) {
            task.aborted();
        }
        return found;
    }

    /** Removes the tasks that match and have not begun. */
    void withdraw(Predicate<IscsiTask> which) {
        for (IscsiTask task : waiting.stream().filter(which).toList()) {
            withdraw(task);
        }
    }

    /** What has not begun never will. */
    void stop() {
        withdraw(task -> true);
    }
}
