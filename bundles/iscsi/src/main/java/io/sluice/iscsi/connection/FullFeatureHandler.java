package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.sluice.iscsi.pdu.BasicHeader;
import io.sluice.iscsi.pdu.DataOutPdu;
import io.sluice.iscsi.pdu.InitiatorPdu;
import io.sluice.iscsi.pdu.LogoutRequestPdu;
import io.sluice.iscsi.pdu.NopInPdu;
import io.sluice.iscsi.pdu.NopOutPdu;
import io.sluice.iscsi.pdu.Opcode;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.pdu.RejectPdu;
import io.sluice.iscsi.pdu.RejectReason;
import io.sluice.iscsi.pdu.RejectedPdu;
import io.sluice.iscsi.pdu.RightSized;
import io.sluice.iscsi.pdu.ScsiCommandPdu;
import io.sluice.iscsi.pdu.TaskManagementRequestPdu;
import io.sluice.iscsi.pdu.TextRequestPdu;
import io.sluice.iscsi.session.CommandWindow;
import io.sluice.iscsi.session.Directory;
import io.sluice.iscsi.session.EndReason;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.transfer.IscsiTask;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection in its full feature phase (RFC 7143 4.2): puts PDUs in order and gives each to what handles it. */
final class FullFeatureHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(FullFeatureHandler.class);

    private final Connection connection;
    private final Session session;
    private final SessionRegistry sessions;
    private final ConnectionGroup group;
    private final CommandDispatcher commands;
    private final TaskManager taskManager;
    private final TextExchange text;
    private final LogoutExchange logout;
    private final KeepAlive keepAlive;
    /** Tasks that have got data in the present read and wait. */
    private final Set<IscsiTask> unsettled = new HashSet<>();

    FullFeatureHandler(
            Connection connection, SessionRegistry sessions, ServerSettings settings, Supplier<Directory> directory) {
        this.connection = connection;
        this.session = connection.session();
        this.sessions = sessions;
        this.group = connection.group();
        this.commands = group.commands();
        this.taskManager = group.taskManager();
        this.text = new TextExchange(connection, session, directory);
        this.logout = new LogoutExchange(connection, sessions);
        this.keepAlive = new KeepAlive(connection, settings);
    }

    /** A task has ended, so that another may begin. */
    void taskEnded() {
        taskManager.taskEnded();
        commands.proceed();
    }

    /** Something has been sent. */
    void sent() {
        keepAlive.taken();
    }

    /** The connection takes nothing any more. */
    void stopped() {
        keepAlive.stop();
        taskManager.stop(connection);
        text.stop();
        // To the session they have not come, and may come by another connection.
        group.window().forget(early -> early.handler() == this).forEach(this::discard);
        commands.stop(connection);
        group.fence().look();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        keepAlive.start();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        connection.beginBatch();
        keepAlive.heard();
        if (message instanceof RejectedPdu rejected) {
            onRejected(rejected);
        } else {
            InitiatorPdu pdu = (InitiatorPdu) message;
            connection.acknowledgement().heard(pdu.expStatSn());
            group.fence().look();
            receive(pdu);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!unsettled.isEmpty()) {
            unsettled.forEach(IscsiTask::settle);
            unsettled.clear();
        }
        connection.endBatch();
    }

    private void settleLater(IscsiTask task) {
        if (task.unsettled()) {
            unsettled.add(task);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        commands.proceed();
    }

    private void receive(InitiatorPdu pdu) {
        Opcode opcode = Opcode.of(pdu.header()[0]);
        CommandWindow<EarlyCommand> window = group.window();
        if (isNumbered(opcode, pdu)) {
            receiveInOrder(opcode, pdu, window);
        } else {
            dispatch(opcode, pdu);
        }
        goOn();
    }

    /** Serves what waits for its turn that has come, unless its connection rests. */
    void goOn() {
        EarlyCommand next = connection.rests() ? null : group.window().next();
        while (next != null) {
            next.handler().serve(next);
            next = next.handler().connection.rests() ? null : group.window().next();
        }
        taskManager.proceed();
    }

    private void receiveInOrder(Opcode opcode, InitiatorPdu pdu, CommandWindow<EarlyCommand> window) {
        switch (window.offer(pdu.cmdSn())) {
            case NOW -> dispatch(opcode, pdu);
            case LATER -> keepEarly(opcode, pdu, window);
            case IGNORED -> {
                LOG.debug("session={} CmdSN {} is outside the window", session.tsih(), pdu.cmdSn());
                pdu.data().release();
            }
        }
    }

    /**
     * A command that waits for earlier ones takes memory as if it were under way. A SCSI command is a task already, because
     * data may follow it. One that is rejected counts as not received, which its initiator has to know: its number would be
     * missing for ever.
     */
    private void keepEarly(Opcode opcode, InitiatorPdu pdu, CommandWindow<EarlyCommand> window) {
        try {
            if (opcode == Opcode.SCSI_COMMAND) {
                IscsiTask task = commands.take(connection, (ScsiCommandPdu) normal(pdu));
                window.keep(pdu.cmdSn(), new EarlyCommand(this, pdu, task));
                settleLater(task);
            } else {
                takeForData(pdu, "no memory for what is early");
                ByteBuf kept = RightSized.of(pdu.data(), connection.channel().alloc());
                InitiatorPdu later = opcode.decode(pdu.header(), pdu.additional(), kept);
                window.keep(pdu.cmdSn(), new EarlyCommand(this, later, null));
            }
        } catch (ProtocolException broken) {
            reject(opcode, pdu, broken);
        }
    }

    private void takeForData(InitiatorPdu pdu, String otherwise) throws ProtocolException {
        int length = pdu.data().readableBytes();
        if (length > 0 && !connection.budget().takeUnasked(length)) {
            throw reject(pdu, RejectReason.TOO_MANY_IMMEDIATE_COMMANDS, otherwise);
        }
    }

    /** The turn of a command has come. */
    private void serve(EarlyCommand command) {
        if (command.task() != null) {
            commands.begin(command.task());
        } else {
            giveBack(command.pdu());
            dispatch(Opcode.of(command.pdu().header()[0]), command.pdu());
        }
    }

    private void giveBack(InitiatorPdu early) {
        int length = early.data().readableBytes();
        if (length > 0) {
            connection.budget().releaseUnasked(length);
        }
    }

    /** Lets go of a command that waits: its turn will not come. */
    void discard(EarlyCommand command) {
        if (command.task() != null) {
            command.task().aborted();
        } else {
            giveBack(command.pdu());
            command.pdu().data().release();
        }
    }

    private void dispatch(Opcode opcode, InitiatorPdu pdu) {
        try {
            switch (opcode) {
                case SCSI_COMMAND -> onCommand((ScsiCommandPdu) normal(pdu));
                case DATA_OUT -> onDataOut((DataOutPdu) normal(pdu));
                case TASK_MANAGEMENT_REQUEST ->
                    taskManager.onRequest(connection, (TaskManagementRequestPdu) normal(pdu));
                case NOP_OUT -> onNopOut((NopOutPdu) pdu);
                case TEXT_REQUEST -> {
                    keepAlive.heardText();
                    text.onRequest((TextRequestPdu) pdu);
                }
                case LOGOUT_REQUEST -> logout.onRequest((LogoutRequestPdu) pdu);
                case SNACK_REQUEST -> throw reject(pdu, RejectReason.SNACK_REJECT, "SNACK at ErrorRecoveryLevel 0");
                case LOGIN_REQUEST -> throw reject(pdu, RejectReason.PROTOCOL_ERROR, "a login after the login");
                default -> throw new IllegalStateException("not from an initiator: " + opcode);
            }
        } catch (ProtocolException broken) {
            if (isNumbered(opcode, pdu)) {
                group.window().takeBack(pdu.cmdSn());
            }
            reject(opcode, pdu, broken);
        }
    }

    private void onCommand(ScsiCommandPdu pdu) throws ProtocolException {
        IscsiTask task = commands.take(connection, pdu);
        commands.begin(task);
        settleLater(task);
    }

    /** Answers a PDU that the connection survives; one that it does not never comes here from the decoder. */
    private void reject(Opcode opcode, InitiatorPdu pdu, ProtocolException broken) {
        sessions.rejected(session, broken.reason(), opcode + ": " + broken.getMessage());
        connection.write(new RejectPdu(broken.reason(), Unpooled.wrappedBuffer(pdu.header())));
    }

    private static boolean isNumbered(Opcode opcode, InitiatorPdu pdu) {
        boolean hasNumber = opcode != Opcode.DATA_OUT && opcode != Opcode.SNACK_REQUEST;
        boolean withoutTag = opcode == Opcode.NOP_OUT && pdu.initiatorTaskTag() == BasicHeader.NO_TAG;
        return hasNumber && !withoutTag && !pdu.immediate();
    }

    /** A discovery session knows text, pings and logout only (RFC 7143 4.3). */
    private InitiatorPdu normal(InitiatorPdu pdu) throws ProtocolException {
        if (session.target() == null) {
            throw reject(pdu, RejectReason.PROTOCOL_ERROR, "has no place in a discovery session");
        }
        return pdu;
    }

    private static ProtocolException reject(InitiatorPdu pdu, RejectReason reason, String message) {
        pdu.data().release();
        return ProtocolException.reject(reason, message);
    }

    /** Damaged Data-Out cannot be sent again at ErrorRecoveryLevel 0, so its task fails; other PDUs have not come (7.8). */
    private void onRejected(RejectedPdu rejected) {
        sessions.rejected(session, rejected.reason(), "PDU: " + rejected.reason());
        connection.write(new RejectPdu(rejected.reason(), Unpooled.wrappedBuffer(rejected.header())));
        if (rejected.reason() != RejectReason.DATA_DIGEST_ERROR || Opcode.of(rejected.header()[0]) != Opcode.DATA_OUT) {
            return;
        }
        IscsiTask task = connection.tasks().get(BasicHeader.s32(rejected.header(), 16));
        if (task != null) {
            task.corrupted(
                    BasicHeader.s32(rejected.header(), 20) == BasicHeader.NO_TAG, (rejected.header()[1] & 0x80) != 0);
        }
    }

    /**
     * Data of a task that has ended meanwhile is dropped: its initiator may have sent it before it knew. Data of one that has
     * come by another connection belongs there (RFC 7143 4.2.5.1).
     */
    private void onDataOut(DataOutPdu pdu) throws ProtocolException {
        IscsiTask task = connection.tasks().get(pdu.initiatorTaskTag());
        if (task == null && group.task(pdu.initiatorTaskTag()) != null) {
            throw reject(pdu, RejectReason.PROTOCOL_ERROR, "data of a command that came by another connection");
        } else if (task == null) {
            pdu.data().release();
        } else {
            int length = pdu.data().readableBytes();
            task.accept(pdu);
            settleLater(task);
            keepAlive.heardData(length, !task.owedData());
        }
    }

    private void onNopOut(NopOutPdu pdu) throws ProtocolException {
        if (pdu.initiatorTaskTag() == BasicHeader.NO_TAG) {
            pdu.data().release();
            if (!pdu.immediate()) {
                throw ProtocolException.reject(RejectReason.PROTOCOL_ERROR, "a NOP-Out without tag is immediate");
            }
            if (!connection.knowsTransferTag(pdu.targetTransferTag())) {
                throw ProtocolException.reject(RejectReason.INVALID_PDU_FIELD, "an answer to a ping that never was");
            }
            return;
        }
        session.habits().ping();
        int length = pdu.data().readableBytes();
        takeForData(pdu, "no memory for the data of a ping");
        // It is kept until the answer is out, which is as long as the initiator likes.
        ByteBuf ping = RightSized.of(pdu.data(), connection.channel().alloc());
        int limit = connection.parameters().initiatorMaxRecvDataSegmentLength();
        ByteBuf answer = length <= limit ? ping : ping.slice(ping.readerIndex(), limit);
        connection.write(
                new NopInPdu(pdu.lun(), pdu.initiatorTaskTag(), BasicHeader.NO_TAG, answer),
                length == 0 ? null : () -> connection.budget().releaseUnasked(length));
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        group.closed(connection);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ProtocolException violation) {
            connection.close(EndReason.PROTOCOL_ERROR, violation.getMessage());
        } else if (cause instanceof ClosedChannelException) {
            // What could not be sent any more; who has closed the connection has said why, or was the initiator.
            LOG.debug("session={} cannot send any more", session.tsih());
        } else if (cause instanceof IOException lost) {
            connection.end().because(EndReason.CONNECTION_BROKE, words(lost));
        } else {
            LOG.error("session={} met a bug", session.tsih(), cause);
            connection.close(EndReason.BUG, cause.toString());
        }
        connection.stopNow();
        context.close();
    }

    /** The words of the system, without the name of the function that Netty puts before them. */
    private static String words(IOException lost) {
        String message = String.valueOf(lost.getMessage());
        return message.substring(message.lastIndexOf(": ") + 1).trim();
    }
}
