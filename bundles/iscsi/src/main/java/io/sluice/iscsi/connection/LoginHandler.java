package io.sluice.iscsi.connection;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ScheduledFuture;
import io.sluice.config.IscsiName;
import io.sluice.iscsi.login.Arrival;
import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginNegotiation;
import io.sluice.iscsi.login.LoginRequest;
import io.sluice.iscsi.login.LoginResponse;
import io.sluice.iscsi.login.LoginStatus;
import io.sluice.iscsi.pdu.LoginRequestPdu;
import io.sluice.iscsi.pdu.LoginResponsePdu;
import io.sluice.iscsi.pdu.ProtocolException;
import io.sluice.iscsi.session.Directory;
import io.sluice.iscsi.session.Session;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.scsi.InitiatorPort;
import io.sluice.volume.log.SeldomLog;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection in its login phase (RFC 7143 6.3): moves PDUs to and from {@link LoginNegotiation}. */
public final class LoginHandler extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(LoginHandler.class);
    private static final int TRANSIT = 0x80;
    /** A proof waits for its turn, its answer waits, and there is time left before the login has to be over. */
    private static final int PARTS_OF_A_LOGIN = 3;

    private final Connection connection;
    private final ConnectionLimit.Ticket ticket;
    private final ServerSettings settings;
    private final SessionRegistry sessions;
    private final Supplier<Directory> directory;
    private final SeldomLog refusals;
    private final Logins logins;
    private final InetAddress remote;
    private final int groupTag;
    private final LoginNegotiation negotiation;
    private ScheduledFuture<?> timeout;
    private ScheduledFuture<?> lateRefusal;
    /** A proof that waits for its turn, or null. */
    private ScheduledFuture<?> turn;

    private boolean first = true;
    private int cmdSn;
    private boolean finished;

    /**
     * Begins to wait for a login.
     *
     * @param refusals shared by all connections, so that a stranger fills no log by logging in wrongly again and again
     */
    public LoginHandler(
            Connection connection,
            ConnectionLimit.Ticket ticket,
            ServerSettings settings,
            SessionRegistry sessions,
            Logins logins,
            Arrival arrival,
            Supplier<Directory> directory,
            SeldomLog refusals) {
        this.connection = connection;
        this.ticket = ticket;
        this.settings = settings;
        this.sessions = sessions;
        this.directory = directory;
        this.refusals = refusals;
        this.logins = logins;
        this.remote = arrival.remote();
        this.groupTag = arrival.portal().group();
        this.negotiation = logins.begin(arrival).maxConnections(settings.maxConnectionsPerSession());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        timeout = context.executor()
                .schedule(
                        () -> {
                            refusals.line(others ->
                                    LOG.warn("remote={} login took too long{}", connection.remoteAddress(), others));
                            context.close();
                        },
                        settings.loginTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        timeout.cancel(false);
        for (ScheduledFuture<?> later : new ScheduledFuture<?>[] {turn, lateRefusal}) {
            if (later != null) {
                later.cancel(false);
            }
        }
        negotiation.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (finished || turn != null || !(message instanceof LoginRequestPdu pdu)) {
            ReferenceCountUtil.release(message instanceof LoginRequestPdu late ? late.data() : message);
            context.close();
            return;
        }
        LoginRequest request = request(pdu);
        boolean leading = pdu.tsih() == 0;
        if (first) {
            first = false;
            cmdSn = pdu.cmdSn();
        }
        int maxCmdSn = leading ? cmdSn + settings.commandWindow() - 1 : pdu.cmdSn() - 2;
        connection.begin(pdu.connectionId(), pdu.cmdSn(), maxCmdSn);
        // On a connection that joins a session it is the number of the session's next command, and may go on.
        if (leading && pdu.cmdSn() != cmdSn) {
            refuse(context, request, new LoginException(LoginStatus.INITIATOR_ERROR, "CmdSN changes during the login"));
        } else if (negotiation.isProof(request)) {
            inTurn(context, request);
        } else {
            answer(context, request);
        }
    }

    /** A proof is looked at when its turn has come; until then nothing else may come. */
    private void inTurn(ChannelHandlerContext context, LoginRequest request) {
        Duration longest = settings.loginTimeout().dividedBy(PARTS_OF_A_LOGIN);
        Duration wait = logins.failed().turn(remote, initiatorName(), longest).orElse(null);
        if (wait == null) {
            refuse(
                    context,
                    request,
                    new LoginException(
                            LoginStatus.SERVICE_UNAVAILABLE,
                            "too many logins failed before it, so that its proof was not looked at"));
            return;
        }
        Runnable look = () -> {
            turn = null;
            answer(context, request);
            if (negotiation.admitted() != null) {
                logins.failed().proven(remote, initiatorName());
            }
        };
        if (wait.isZero()) {
            look.run();
        } else {
            turn = context.executor().schedule(() -> runLater(context, look), wait.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** What fails there is seen by nobody else. */
    private void runLater(ChannelHandlerContext context, Runnable action) {
        try {
            action.run();
        } catch (RuntimeException bug) {
            exceptionCaught(context, bug);
        }
    }

    private void answer(ChannelHandlerContext context, LoginRequest request) {
        try {
            sessions.requireOpen();
            LoginResponse response = negotiation.answer(request);
            if (response.completes()) {
                finished = true;
                complete(context, request, response);
            } else {
                connection.write(successful(request, response, request.tsih()));
            }
        } catch (LoginException refused) {
            refuse(context, request, refused);
        }
    }

    private static LoginRequest request(LoginRequestPdu pdu) {
        byte[] text = ByteBufUtil.getBytes(pdu.data());
        pdu.data().release();
        return new LoginRequest(
                pdu.transits(),
                pdu.isContinued(),
                pdu.currentStage(),
                pdu.nextStage(),
                pdu.versionMin(),
                pdu.isid(),
                pdu.tsih(),
                pdu.connectionId(),
                pdu.initiatorTaskTag(),
                text);
    }

    private void complete(ChannelHandlerContext context, LoginRequest request, LoginResponse response)
            throws LoginException {
        InitiatorPort initiator = new InitiatorPort(negotiation.initiatorName().value(), request.isid());
        if (request.tsih() != 0) {
            Session session = sessions.findToJoin(
                    request.tsih(), initiator, negotiation.target(), groupTag, negotiation.admitted());
            join(context, session, request, response);
        } else {
            begin(context, initiator, request, response);
        }
    }

    /** The session that this one replaces has to be over before the last response goes out (RFC 7143 6.3.5). */
    private void begin(
            ChannelHandlerContext context, InitiatorPort initiator, LoginRequest request, LoginResponse response)
            throws LoginException {
        CompletionStage<Void> replaced = sessions.reinstate(
                initiator, negotiation.target(), groupTag, negotiation.admitted(), connection.remoteAddress());
        timeout.cancel(false);
        connection.await(replaced, (ended, failure) -> {
            if (failure == null) {
                beginNow(context, initiator, request, response);
            } else {
                refuse(context, request, tasksDoNotEnd("session", failure));
            }
        });
    }

    private static LoginException tasksDoNotEnd(String what, Throwable failure) {
        return new LoginException(
                LoginStatus.SERVICE_UNAVAILABLE,
                "commands of the " + what + " that this one replaces do not end: " + failure.getMessage());
    }

    private void beginNow(
            ChannelHandlerContext context, InitiatorPort initiator, LoginRequest request, LoginResponse response) {
        if (!context.channel().isActive()) {
            return;
        }
        try {
            if (!ticket.logIn(negotiation.target() == null)) {
                throw new LoginException(LoginStatus.OUT_OF_RESOURCES, ticket.refusal());
            }
            ConnectionGroup group = new ConnectionGroup(connection, cmdSn, sessions, settings);
            connection.enterSession(group, negotiation.admitted(), negotiation.parameters());
            Session session = sessions.begin(initiator, negotiation.target(), groupTag, negotiation.admitted(), group);
            group.begin(session);
            enterFullFeaturePhase(context, request, response);
            sessions.announce(session);
        } catch (LoginException refused) {
            refuse(context, request, refused);
        }
    }

    private void enterFullFeaturePhase(ChannelHandlerContext context, LoginRequest request, LoginResponse response) {
        connection.write(successful(request, response, connection.session().tsih()));
        FullFeatureHandler handler = new FullFeatureHandler(connection, sessions, settings, directory);
        connection.enterFullFeaturePhase(handler);
        context.pipeline().replace(this, null, handler);
    }

    /** Another connection of a session moves to the event loop of that one, and joins it there. */
    private void join(ChannelHandlerContext context, Session session, LoginRequest request, LoginResponse response)
            throws LoginException {
        if (!ticket.logIn(false)) {
            throw new LoginException(LoginStatus.OUT_OF_RESOURCES, ticket.refusal());
        }
        timeout.cancel(false);
        ConnectionGroup group = (ConnectionGroup) session.connections();
        connection.moveTo(group.eventLoop(), () -> {
            try {
                joinNow(context, group, request, response);
            } catch (LoginException refused) {
                refuse(context, request, refused);
                group.refused(connection);
            }
        });
    }

    /** The connection that this one replaces has to be over before the last response goes out (RFC 7143 6.3.4). */
    private void joinNow(
            ChannelHandlerContext context, ConnectionGroup group, LoginRequest request, LoginResponse response)
            throws LoginException {
        connection.enterSession(
                group, negotiation.admitted(), group.parameters().withConnection(negotiation.parameters()));
        connection.await(group.join(connection), (ended, failure) -> {
            if (!connection.isOpen()) {
                // Closed by its initiator, or stopped with the session, which has ended meanwhile.
                context.close();
                group.closed(connection);
            } else if (failure != null) {
                refuse(context, request, tasksDoNotEnd("connection", failure));
                group.refused(connection);
            } else {
                enterFullFeaturePhase(context, request, response);
                sessions.joined(group.session(), connection.asOpen());
            }
        });
    }

    private static LoginResponsePdu successful(LoginRequest request, LoginResponse response, int tsih) {
        int flags = response.currentStage().code() << 2
                | (response.transits() ? TRANSIT | response.nextStage().code() : 0);
        return new LoginResponsePdu(
                flags,
                request.isid(),
                tsih,
                request.initiatorTaskTag(),
                0,
                0,
                Unpooled.wrappedBuffer(TextCodec.encode(response.pairs())));
    }

    private void refuse(ChannelHandlerContext context, LoginRequest request, LoginException refused) {
        finished = true;
        String initiator = initiatorName();
        refusals.line(others -> LOG.warn(
                "remote={} initiator={} login refused with {}: {}{}",
                connection.remoteAddress(),
                initiator,
                refused.status(),
                refused.getMessage(),
                others));
        connection.trace().refused(initiator, text(negotiation.targetName()), refused.getMessage());
        logins.journal()
                .refused(
                        remote,
                        connection.remoteAddress(),
                        initiator,
                        text(negotiation.targetName()),
                        refused.status(),
                        refused.getMessage());
        long millis = refused.status() == LoginStatus.AUTHENTICATION_FAILURE ? patienceMillis(initiator) : 0;
        if (millis == 0) {
            tell(request, refused);
        } else {
            lateRefusal = context.executor().schedule(() -> tell(request, refused), millis, TimeUnit.MILLISECONDS);
        }
    }

    /** Who guesses waits for each answer, but gets one before the login has to be over. */
    private long patienceMillis(String initiator) {
        long millis = logins.failed().failed(remote, initiator).toMillis();
        return Math.min(millis, settings.loginTimeout().toMillis() / PARTS_OF_A_LOGIN);
    }

    private String initiatorName() {
        return text(negotiation.initiatorName());
    }

    private static String text(IscsiName name) {
        return name == null ? "" : name.value();
    }

    private void tell(LoginRequest request, LoginException refused) {
        connection.writeAndClose(new LoginResponsePdu(
                request.currentStage() << 2,
                request.isid(),
                request.tsih(),
                request.initiatorTaskTag(),
                refused.status().statusClass(),
                refused.status().detail(),
                Unpooled.wrappedBuffer(TextCodec.encode(refused.pairs()))));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof ProtocolException broken) {
            refusals.line(others -> LOG.warn(
                    "remote={} closed during login: {}{}", connection.remoteAddress(), broken.getMessage(), others));
        } else if (cause instanceof IOException lost) {
            LOG.debug("remote={} lost during login: {}", connection.remoteAddress(), lost.getMessage());
        } else {
            LOG.error("remote={} login met a bug", connection.remoteAddress(), cause);
        }
        context.close();
    }
}
