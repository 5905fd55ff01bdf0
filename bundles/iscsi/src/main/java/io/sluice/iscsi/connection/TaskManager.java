package io.sluice.iscsi.connection;

import io.sluice.iscsi.pdu.InitiatorPdu;
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

    private final Connection connection;
    private final Session session;
    private final SessionRegistry sessions;
    private final CommandDispatcher commands;
    private final SeldomLog log = new SeldomLog();
    private int underWay;

    TaskManager(Connection connection, Session session, SessionRegistry sessions, CommandDispatcher commands) {
        this.connection = connection;
        this.session = session;
        this.sessions = sessions;
        this.commands = commands;
    }

    void onRequest(TaskManagementRequestPdu pdu) throws ProtocolException {
        if (underWay >= LIMIT) {
            throw ProtocolException.reject(RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, "too many under way");
        }
        log.line(
                others -> LOG.info("session={} task management function {}{}", session.tsih(), pdu.function(), others));
        switch (pdu.function()) {
            case ABORT_TASK -> abortTask(pdu);
            case ABORT_TASK_SET -> manage(pdu, TaskManagementFunction.ABORT_TASK_SET);
            case CLEAR_ACA -> manage(pdu, TaskManagementFunction.CLEAR_ACA);
            case CLEAR_TASK_SET -> manage(pdu, TaskManagementFunction.CLEAR_TASK_SET);
            case LOGICAL_UNIT_RESET -> manage(pdu, TaskManagementFunction.LOGICAL_UNIT_RESET);
            case TARGET_WARM_RESET, TARGET_COLD_RESET -> resetTarget(pdu);
            case TASK_REASSIGN -> answer(pdu, REASSIGNMENT_NOT_SUPPORTED);
            default -> answer(pdu, FUNCTION_NOT_SUPPORTED);
        }
    }

    /** Asked before anything is withdrawn: what is not performed costs nobody a command. */
    private void resetTarget(TaskManagementRequestPdu pdu) {
        if (session.target().permits(TaskManagementFunction.TARGET_RESET, session.nexus())) {
            manage(pdu, TaskManagementFunction.TARGET_RESET);
        } else {
            answer(pdu, AUTHORIZATION_FAILED);
        }
    }

    /** A task that has not arrived counts as received and will be ignored when it does (RFC 7143 11.5.1). */
    private void abortTask(TaskManagementRequestPdu pdu) {
        IscsiTask task = connection.tasks().get(pdu.referencedTaskTag());
        if (task == null) {
            answer(pdu, withdrawEarly(pdu) ? FUNCTION_COMPLETE : TASK_DOES_NOT_EXIST);
        } else if (task.lun() != pdu.lun()) {
            answer(pdu, TASK_DOES_NOT_EXIST);
        } else if (commands.withdraw(task)) {
            answer(pdu, FUNCTION_COMPLETE);
        } else {
            perform(pdu, TaskManagementFunction.ABORT_TASK, task);
        }
    }

    private boolean withdrawEarly(TaskManagementRequestPdu pdu) {
        CommandWindow<InitiatorPdu> window = connection.window();
        InitiatorPdu early = window.early(pdu.refCmdSn());
        if (early == null) {
            return SerialNumber.less(pdu.refCmdSn(), pdu.cmdSn()) && window.skip(pdu.refCmdSn());
        }
        if (early.initiatorTaskTag() != pdu.referencedTaskTag() || early.lun() != pdu.lun()) {
            return false;
        }
        discard(window.withdraw(waiting -> waiting == early));
        return true;
    }

    private void discard(List<InitiatorPdu> withdrawn) {
        withdrawn.forEach(connection::discardEarly);
    }

    private void manage(TaskManagementRequestPdu pdu, TaskManagementFunction function) {
        boolean whole = function == TaskManagementFunction.TARGET_RESET;
        if (function != TaskManagementFunction.CLEAR_ACA) {
            commands.withdraw(task -> whole || task.lun() == pdu.lun());
            discard(connection
                    .window()
                    .withdraw(early -> early instanceof ScsiCommandPdu
                            && (whole || early.lun() == pdu.lun())
                            && SerialNumber.less(early.cmdSn(), pdu.cmdSn())));
        }
        perform(pdu, function, null);
    }

    private void perform(TaskManagementRequestPdu pdu, TaskManagementFunction function, IscsiTask task) {
        underWay++;
        connection.await(session.target().manage(function, session.nexus(), pdu.lun(), task), (response, failure) -> {
            underWay--;
            if (failure instanceof TimeoutException) {
                LOG.error(
                        "session={} {}: commands do not end, their storage does not answer", session.tsih(), function);
            } else if (failure != null) {
                LOG.error("session={} task management met a bug", session.tsih(), failure);
            }
            answer(pdu, failure != null ? FUNCTION_REJECTED : code(response));
            if (pdu.function() == TARGET_COLD_RESET && response != TaskManagementResponse.AUTHORIZATION_FAILED) {
                dropAllSessions();
            }
        });
    }

    /** A cold reset ends every session of the target (RFC 7143 11.5.1). */
    private void dropAllSessions() {
        for (Session other : sessions.all()) {
            if (session.targetName().equals(other.targetName())) {
                other.endsBecause(EndReason.TARGET_RESET, session.initiator().iscsiName());
                other.connection().drop();
            }
        }
    }

    private void answer(TaskManagementRequestPdu pdu, int code) {
        if (connection.isOpen()) {
            connection.write(new TaskManagementResponsePdu(pdu.initiatorTaskTag(), code));
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
