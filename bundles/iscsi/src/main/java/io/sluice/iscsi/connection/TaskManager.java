package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.pdu.TaskManagementRequestPdu;
import io.sluice.iscsi.pdu.TaskManagementResponsePdu;
import io.sluice.iscsi.session.CommandWindow;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.SerialNumber;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.transfer.IscsiTask;
import io.sluice.scsi.TaskManagementFunction;
import io.sluice.scsi.TaskManagementResponse;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Task management requests and their answers (RFC 7143 11.5, 11.6). */
final class TaskManager {

    private static final Logger LOG = LoggerFactory.getLogger(TaskManager.class);

    private static final int ABORT_TASK = 1;
    private static final int ABORT_TASK_SET = 2;
    private static final int CLEAR_ACA = 3;
    private static final int CLEAR_TASK_SET = 4;
    private static final int LOGICAL_UNIT_RESET = 5;
    private static final int TARGET_WARM_RESET = 6;
    private static final int TARGET_COLD_RESET = 7;
    private static final int TASK_REASSIGN = 8;

    /** Functions of a session that may be under way. */
    private static final int LIMIT = 16;

    private static final int FUNCTION_COMPLETE = 0;
    private static final int TASK_DOES_NOT_EXIST = 1;
    private static final int LUN_DOES_NOT_EXIST = 2;
    private static final int REASSIGNMENT_NOT_SUPPORTED = 4;
    private static final int FUNCTION_NOT_SUPPORTED = 5;
    private static final int AUTHORIZATION_FAILED = 6;
    private static final int FUNCTION_REJECTED = 255;

    private final ConnectionGroup group;
    private final Session session;
    private final SessionRegistry sessions;
    /** Functions that wait for commands which other connections are still to bring. */
    private final Deque<Request> waiting = new ArrayDeque<>();

    /** Answers that wait for those of tasks. */
    private final List<Answer> due = new ArrayList<>();

    private int underWay;

    /** A function that was asked for, and the connection that the answer goes over. */
    private record Request(Connection connection, TaskManagementRequestPdu pdu) {

        void answer(int code) {
            if (connection.isOpen()) {
                connection.write(new TaskManagementResponsePdu(pdu.initiatorTaskTag(), code));
            }
        }
    }

    TaskManager(ConnectionGroup group, Session session, SessionRegistry sessions) {
        this.group = group;
        this.session = session;
        this.sessions = sessions;
    }

    /** Returns whether functions wait for commands that have not come. */
    boolean waits() {
        return !waiting.isEmpty();
    }

    /**
     * Takes a request. A function over many tasks is about all commands before it, some of which may still be on their way by
     * other connections (RFC 7143 4.2.3.3): then it waits for its turn.
     */
    void onRequest(Connection connection, TaskManagementRequestPdu pdu) throws ProtocolException {
        if (underWay + waiting.size() >= LIMIT) {
            throw ProtocolException.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "too many under way");
        }
        sessions.managed(session, pdu.function());
        Request request = new Request(connection, pdu);
        boolean wholeSet = pdu.function() >= ABORT_TASK_SET && pdu.function() <= TARGET_COLD_RESET;
        if (wholeSet && group.isMultiple() && isEarly(request)) {
            waiting.add(request);
        } else {
            carryOut(request);
        }
    }

    private boolean isEarly(Request request) {
        return SerialNumber.less(group.window().expCmdSn(), request.pdu.cmdSn());
    }

    /** More commands have come. */
    void proceed() {
        while (!waiting.isEmpty() && !isEarly(waiting.peek())) {
            carryOut(waiting.remove());
        }
    }

    /** A connection takes nothing any more. */
    void stop(Connection connection) {
        waiting.removeIf(request -> request.connection == connection);
    }

    private void carryOut(Request request) {
        switch (request.pdu.function()) {
            case ABORT_TASK -> abortTask(request);
            case ABORT_TASK_SET -> manage(request, TaskManagementFunction.ABORT_TASK_SET);
            case CLEAR_ACA -> manage(request, TaskManagementFunction.CLEAR_ACA);
            case CLEAR_TASK_SET -> manage(request, TaskManagementFunction.CLEAR_TASK_SET);
            case LOGICAL_UNIT_RESET -> manage(request, TaskManagementFunction.LOGICAL_UNIT_RESET);
            case TARGET_WARM_RESET, TARGET_COLD_RESET -> resetTarget(request);
            case TASK_REASSIGN -> request.answer(REASSIGNMENT_NOT_SUPPORTED);
            default -> request.answer(FUNCTION_NOT_SUPPORTED);
        }
    }

    /** Asked before anything is withdrawn: what is not performed costs nobody a command. */
    private void resetTarget(Request request) {
        if (session.target().permits(TaskManagementFunction.TARGET_RESET, session.nexus())) {
            manage(request, TaskManagementFunction.TARGET_RESET);
        } else {
            request.answer(AUTHORIZATION_FAILED);
        }
    }

    /**
     * A task that has not arrived counts as received and will be ignored when it does (RFC 7143 11.5.1). One of a connection that
     * is lost may still change the medium, and then that it does not exist would be said too early.
     */
    private void abortTask(Request request) {
        TaskManagementRequestPdu pdu = request.pdu;
        IscsiTask inUse = group.task(pdu.referencedTaskTag());
        IscsiTask task = inUse != null ? inUse : group.endingTask(pdu.referencedTaskTag());
        if (task == null) {
            request.answer(withdrawEarly(pdu) ? FUNCTION_COMPLETE : TASK_DOES_NOT_EXIST);
        } else if (!LunField.sameUnit(task.lun(), pdu.lun())) {
            request.answer(TASK_DOES_NOT_EXIST);
        } else if (withdrawEarly(task) || group.commands().withdraw(task)) {
            request.answer(FUNCTION_COMPLETE);
        } else {
            perform(request, TaskManagementFunction.ABORT_TASK, task);
        }
    }

    private boolean withdrawEarly(IscsiTask task) {
        if (!group.window().hasGap()) {
            return false;
        }
        List<EarlyCommand> withdrawn = group.window().withdraw(early -> early.task() == task);
        discard(withdrawn);
        return !withdrawn.isEmpty();
    }

    private boolean withdrawEarly(TaskManagementRequestPdu pdu) {
        CommandWindow<EarlyCommand> window = group.window();
        EarlyCommand early = window.early(pdu.refCmdSn());
        if (early == null) {
            return SerialNumber.less(pdu.refCmdSn(), pdu.cmdSn()) && window.skip(pdu.refCmdSn());
        }
        if (early.pdu().initiatorTaskTag() != pdu.referencedTaskTag()
                || !LunField.sameUnit(early.pdu().lun(), pdu.lun())) {
            return false;
        }
        discard(window.withdraw(waits -> waits == early));
        return true;
    }

    private static void discard(List<EarlyCommand> withdrawn) {
        withdrawn.forEach(EarlyCommand::discard);
    }

    private void manage(Request request, TaskManagementFunction function) {
        TaskManagementRequestPdu pdu = request.pdu;
        boolean whole = function == TaskManagementFunction.TARGET_RESET;
        if (function != TaskManagementFunction.CLEAR_ACA) {
            group.commands().withdraw(task -> whole || LunField.sameUnit(task.lun(), pdu.lun()));
            discard(group.window()
                    .withdraw(early -> early.pdu() instanceof ScsiCommandPdu
                            && (whole || LunField.sameUnit(early.pdu().lun(), pdu.lun()))
                            && SerialNumber.less(early.pdu().cmdSn(), pdu.cmdSn())));
        }
        perform(request, function, null);
    }

    private void perform(Request request, TaskManagementFunction function, IscsiTask task) {
        underWay++;
        long lun = request.pdu.lun();
        List<IscsiTask> concerned = task != null ? List.of(task) : concerned(function, lun);
        request.connection.await(session.target().manage(function, session.nexus(), lun, task), (response, failure) -> {
            log(function, failure);
            concerned.forEach(IscsiTask::hurry);
            Answer answer =
                    new Answer(request, function, concerned, failure != null ? FUNCTION_REJECTED : code(response));
            if (answer.isDue()) {
                answer.give();
            } else {
                due.add(answer);
                answer.expect();
            }
        });
    }

    private List<IscsiTask> concerned(TaskManagementFunction function, long lun) {
        boolean whole = function == TaskManagementFunction.TARGET_RESET;
        return group.tasks(task -> whole || LunField.sameUnit(task.lun(), lun));
    }

    /**
     * The answer to a function that has been carried out, or not. None of the tasks that it has ended is answered after it (RFC
     * 7143 11.5.1), and one that had ended before may be about to be.
     */
    private final class Answer {
        private final Request request;
        private final TaskManagementFunction function;
        private final List<IscsiTask> concerned;
        private final int code;

        private Answer(Request request, TaskManagementFunction function, List<IscsiTask> concerned, int code) {
            this.request = request;
            this.function = function;
            this.concerned = concerned;
            this.code = code;
        }

        private boolean isDue() {
            boolean haveEnded = code == FUNCTION_COMPLETE || code == TASK_DOES_NOT_EXIST;
            return !haveEnded || concerned.stream().allMatch(IscsiTask::isFinished);
        }

        /** Of many tasks it tells when the initiator knows of those that were answered (RFC 7143 4.2.3.3). */
        private boolean isFenced() {
            return code == FUNCTION_COMPLETE && function != TaskManagementFunction.ABORT_TASK;
        }

        private ResponseFence.Scope scope() {
            return new ResponseFence.Scope(function == TaskManagementFunction.TARGET_RESET, request.pdu.lun());
        }

        /** What comes after the function is answered after it, though it still waits for what came before. */
        private void expect() {
            if (isFenced() && due.contains(this)) {
                group.fence().expect(this, scope(), concerned, this::expect);
            }
        }

        private void give() {
            if (group.fence().holdsBack(this, request.connection, scope(), isFenced(), this::give)) {
                return;
            }
            underWay--;
            // A task that was answered first was not aborted, and so did not exist any more (RFC 7143 11.6.1).
            boolean tooLate = function == TaskManagementFunction.ABORT_TASK
                    && code == FUNCTION_COMPLETE
                    && concerned.get(0).isAnswered();
            request.answer(tooLate ? TASK_DOES_NOT_EXIST : code);
            if (request.pdu.function() == TARGET_COLD_RESET && code != AUTHORIZATION_FAILED) {
                dropAllSessions();
            }
        }
    }

    /** A task has been answered, or never will be. */
    void taskEnded() {
        if (due.isEmpty()) {
            return;
        }
        List<Answer> ready = due.stream().filter(Answer::isDue).toList();
        due.removeAll(ready);
        ready.forEach(Answer::give);
    }

    private void log(TaskManagementFunction function, Throwable failure) {
        if (failure instanceof TimeoutException) {
            LOG.error("session={} {}: commands do not end, their storage does not answer", session.tsih(), function);
        } else if (failure != null) {
            LOG.error("session={} task management met a bug", session.tsih(), failure);
        }
    }

    /** A cold reset ends every session of the target (RFC 7143 11.5.1). */
    private void dropAllSessions() {
        for (Session other : sessions.all()) {
            if (session.targetName().equals(other.targetName())) {
                other.endsBecause(EndReason.TARGET_RESET, session.initiator().iscsiName());
                other.connections().drop();
            }
        }
    }

    private static int code(TaskManagementResponse response) {
        return switch (response) {
            case FUNCTION_COMPLETE -> FUNCTION_COMPLETE;
            case TASK_DOES_NOT_EXIST -> TASK_DOES_NOT_EXIST;
            case INCORRECT_LUN -> LUN_DOES_NOT_EXIST;
            case FUNCTION_NOT_SUPPORTED -> FUNCTION_NOT_SUPPORTED;
            case AUTHORIZATION_FAILED -> AUTHORIZATION_FAILED;
            case FUNCTION_REJECTED -> FUNCTION_REJECTED;
        };
    }
}
