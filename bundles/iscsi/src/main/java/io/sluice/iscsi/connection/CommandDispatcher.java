package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.text.NegotiatedParameters;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.iscsi.transfer.TransferChannel;
import io.sluice.scsi.Sense;
import io.sluice.scsi.SenseData;
import io.sluice.scsi.Status;
import io.sluice.scsi.TaskAttribute;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * Turns SCSI Command PDUs into tasks and gives them to the target in order, whatever connection of the session they have come
 * by, as memory and the peer's reading allow: reads begin only while their connection takes data away (RFC 7143 11.3).
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

    private final ConnectionGroup group;
    private final Session session;
    private final int taskLimit;
    private final Deque<IscsiTask> waiting = new ArrayDeque<>();
    /** What asks for memory next; most requests are granted at once, so that it serves again and again. */
    private Request spare = new Request();
    /** The request that waits, or whose memory has come for the next task, or null. */
    private Request pending;

    private boolean granted;

    private boolean proceeding;

    CommandDispatcher(ConnectionGroup group, Session session, ServerSettings settings) {
        this.group = group;
        this.session = session;
        this.taskLimit = settings.commandWindow() + IMMEDIATE_COMMANDS;
    }

    /**
     * Takes a command over that has come by a connection, with what it brings along; it begins with {@link #begin}.
     *
     * @throws ProtocolException if the command is to be rejected
     */
    IscsiTask take(Connection connection, ScsiCommandPdu pdu) throws ProtocolException {
        check(pdu);
        Sense refused = refusal(connection.parameters(), pdu);
        long unasked = unasked(connection.parameters(), pdu);
        IscsiTask task = new IscsiTask(connection, session, pdu, ATTRIBUTES[pdu.attribute()]);
        task.traced(connection.trace().command(task.lun(), task.cdb()));
        connection.tasks().put(task.initiatorTaskTag(), task);
        group.window().begin();
        if (refused != null) {
            task.refuse(Status.CHECK_CONDITION, SenseData.of(refused).encode(false));
        } else if (unasked > 0 && !connection.budget().takeUnasked(unasked)) {
            task.refuse(Status.TASK_SET_FULL, NO_SENSE);
        } else {
            task.holds(unasked);
        }
        return task;
    }

    /** The turn of a command has come. */
    void begin(IscsiTask task) {
        session.commands().increment();
        session.habits().command(task.cdb(), group.window().active());
        if (task.isRefused()) {
            task.endRefused();
        } else {
            waiting.add(task);
            proceed();
        }
    }

    /** All that comes without being asked for, which cannot be made to wait. The window gets narrow before it is refused. */
    private static long unasked(NegotiatedParameters parameters, ScsiCommandPdu pdu) {
        if (!pdu.writes()) {
            return 0;
        }
        return pdu.isFinal()
                ? pdu.data().readableBytes()
                : Math.min(parameters.firstBurstLength(), pdu.expectedDataTransferLength());
    }

    private void check(ScsiCommandPdu pdu) throws ProtocolException {
        if (pdu.initiatorTaskTag() == BasicHeader.NO_TAG
                || pdu.attribute() >= ATTRIBUTES.length
                || (!pdu.writes() && (!pdu.isFinal() || pdu.data().isReadable()))) {
            throw reject(pdu, RejectReason.INVALID_PDU_FIELD, "tag, attribute or direction flags are wrong");
        }
        if (group.task(pdu.initiatorTaskTag()) != null) {
            throw reject(pdu, RejectReason.TASK_IN_PROGRESS, "the tag is in use");
        }
        // One that has a number was promised its place by the window.
        if (pdu.immediate() && group.window().active() >= taskLimit) {
            throw reject(pdu, RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "too many commands");
        }
    }

    private static ProtocolException reject(ScsiCommandPdu pdu, RejectReason reason, String message) {
        pdu.data().release();
        return ProtocolException.reject(reason, message);
    }

    /** Bidirectional commands do not exist here, and data that was not agreed on fails one (RFC 7143 11.4.7.2). */
    private static Sense refusal(NegotiatedParameters parameters, ScsiCommandPdu pdu) {
        if (pdu.reads() && pdu.writes()) {
            return Sense.INVALID_FIELD_IN_COMMAND_INFORMATION_UNIT;
        }
        int length = pdu.data().readableBytes();
        long limit = Math.min(parameters.firstBurstLength(), pdu.expectedDataTransferLength());
        boolean immediateRefused = length > 0 && !parameters.immediateData();
        boolean unsolicitedRefused = !pdu.isFinal() && parameters.initialR2t();
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
        TransferChannel channel = task.channel();
        if (pending != null && pending.channel != channel) {
            forgetPending();
        }
        if (pending != null && !granted || !channel.isWritable()) {
            return false;
        }
        if (pending != null && pending.bytes >= bytes) {
            task.holds(pending.bytes);
            pending = null;
            return true;
        }
        forgetPending();
        Request request = spare;
        request.channel = channel;
        request.bytes = bytes;
        if (channel.reserve(bytes, request)) {
            task.holds(bytes);
            return true;
        }
        spare = new Request();
        pending = request;
        granted = false;
        return false;
    }

    /**
     * Memory that was asked for on behalf of the next task that waits, one request at a time: to ask anew would be to wait
     * behind others, who would do the same. The task may be gone when the memory comes; then it is given back.
     */
    private final class Request implements Runnable {
        private TransferChannel channel;
        private long bytes;

        @Override
        public void run() {
            if (pending != this) {
                channel.release(bytes);
                return;
            }
            granted = true;
            proceed();
            if (pending == this) {
                forgetPending();
            }
        }
    }

    /** Nobody waits for the memory any more that was asked for. */
    private void forgetPending() {
        if (pending == null) {
            return;
        }
        Request forgotten = pending;
        pending = null;
        if (granted) {
            forgotten.channel.release(forgotten.bytes);
        } else {
            forgotten.channel.withdraw(forgotten);
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
        List<IscsiTask> withdrawn = waiting.stream().filter(which).toList();
        // All of them before the first one ends, with which the next one would begin.
        waiting.removeAll(withdrawn);
        withdrawn.forEach(IscsiTask::aborted);
    }

    /** What has come by a connection and not begun never will; what has come by others may go on. */
    void stop(Connection connection) {
        withdraw(task -> task.channel() == connection);
        if (pending != null && pending.channel == connection) {
            forgetPending();
        }
        proceed();
    }
}
