package io.sluice.iscsi.portal;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.Connection;
import io.sluice.iscsi.connection.ConnectionLimit;
import io.sluice.iscsi.connection.LoginHandler;
import io.sluice.iscsi.connection.Logins;
import io.sluice.iscsi.connection.ReadPace;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.iscsi.login.Arrival;
import io.sluice.iscsi.pdu.PduDecoder;
import io.sluice.iscsi.session.Directory;
import io.sluice.iscsi.session.SessionRegistry;
import io.sluice.iscsi.trace.Tracer;
import io.sluice.iscsi.transfer.DataBudget;
import io.sluice.volume.log.SeldomLog;
import java.net.InetSocketAddress;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prepares a connection that was just accepted for its login. */
@ChannelHandler.Sharable
final class ConnectionInitializer extends ChannelInitializer<Channel> {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);
    private static final int LOGIN_DATA_SEGMENT_LIMIT = 8_192;

    private final ServerSettings settings;
    private final SessionRegistry sessions;
    private final DataBudget budget;
    private final ConnectionLimit limit;
    private final SeldomLog refusals = new SeldomLog();
    private final Logins logins;
    private final Tracer tracer;
    private volatile PortalConfig portal;
    private final Supplier<Directory> directory;

    ConnectionInitializer(
            ServerSettings settings,
            SessionRegistry sessions,
            DataBudget budget,
            ConnectionLimit limit,
            Logins logins,
            Tracer tracer,
            PortalConfig portal,
            Supplier<Directory> directory) {
        this.settings = settings;
        this.sessions = sessions;
        this.budget = budget;
        this.limit = limit;
        this.logins = logins;
        this.tracer = tracer;
        this.portal = portal;
        this.directory = directory;
    }

    /** Who comes from now on has come by this portal, which has the same address. */
    void portal(PortalConfig changed) {
        portal = changed;
    }

    @Override
    protected void initChannel(Channel channel) {
        if (channel.remoteAddress() == null || channel.localAddress() == null) {
            channel.close();
            return;
        }
        Arrival arrival = arrival(channel);
        PduDecoder decoder = new PduDecoder(LOGIN_DATA_SEGMENT_LIMIT);
        Connection connection = new Connection(channel, decoder, settings, budget, tracer);
        ConnectionLimit.Ticket ticket = limit.enter(arrival.remote(), channel::close);
        if (ticket == null) {
            refusals.line(
                    others -> LOG.warn("remote={} refused: too many connections{}", channel.remoteAddress(), others));
            channel.close();
            return;
        }
        channel.closeFuture().addListener(closed -> ticket.leave());
        channel.pipeline()
                .addLast(
                        new ReadPace(connection, decoder),
                        decoder,
                        new LoginHandler(connection, ticket, settings, sessions, logins, arrival, directory, refusals));
    }

    private Arrival arrival(Channel channel) {
        InetSocketAddress remote = (InetSocketAddress) channel.remoteAddress();
        InetSocketAddress local = (InetSocketAddress) channel.localAddress();
        return new Arrival(remote.getAddress(), local.getAddress(), portal);
    }
}
