package io.sluice.rest.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.sluice.management.Gateway;
import io.sluice.rest.event.Watcher;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The HTTP server. It listens from {@link #start} to {@link #close}. */
public final class RestServer implements AutoCloseable {

    private static final int BACKLOG = 64;
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STOPPING_SECONDS = 5;
    private static final int STARTING_SECONDS = 10;

    /** More requests than that in a second have to wait. */
    private static final int REQUESTS_PER_SECOND = 500;

    /** That many connections may follow what changes. */
    private static final int MOST_STREAMS = 16;

    /** Time from one look for changes to the next. */
    private static final Duration LOOKS = Duration.ofSeconds(1);

    private final RestSettings settings;
    private final Watcher watcher;
    private final Gate gate;
    private final ConnectionLimit connections;
    private final BodyBudget budget;
    private final Pace pace = new Pace(REQUESTS_PER_SECOND, System::nanoTime);
    private final EventLoopGroup loop;
    private final ThreadPoolExecutor workers;

    /** The listener and all connections; what comes when they have been closed is closed at once. */
    private final ChannelGroup channels;

    private SslContext tls;
    private Channel listener;

    /**
     * @param gateway does what is asked for
     * @param tokens tells who asks
     * @param resources what there is besides; it may change at any time
     */
    public RestServer(RestSettings settings, Gateway gateway, TokenStore tokens, Resources resources) {
        RestSettings.Limits limits = settings.limits();
        this.settings = settings;
        this.watcher = new Watcher(gateway, MOST_STREAMS, LOOKS, new DefaultThreadFactory("sluice-rest-events", true));
        this.gate = new Gate(gateway, new Callers(tokens, settings.clients()), resources, watcher);
        this.connections = new ConnectionLimit(limits.connections());
        this.budget = new BodyBudget(limits.allBodiesBytes());
        this.loop = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory("sluice-rest-io", true), NioIoHandler.newFactory());
        this.channels = new DefaultChannelGroup(loop.next(), true);
        this.workers = new ThreadPoolExecutor(
                limits.workers(),
                limits.workers(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(limits.queue()),
                new DefaultThreadFactory("sluice-rest", true));
    }

    /**
     * Listens.
     *
     * @throws IOException if it cannot, or may not; the message is one line for the operator
     */
    public void start() throws IOException {
        if (settings.certificate() != null && settings.key() != null) {
            tls = tls();
        } else if (settings.certificate() != null || settings.key() != null) {
            throw new IOException("certificate and key go together: set both, or none");
        } else if (!settings.address().getAddress().isLoopbackAddress()) {
            throw new IOException(settings.address().getAddress().getHostAddress()
                    + " is not an address of this machine alone: tokens would go over the network for all to read."
                    + " Set certificate and key, or listen on 127.0.0.1");
        }
        if (settings.clients().authorities() != null && tls == null) {
            throw new IOException("clientCertificates goes with certificate and key: set these too");
        }
        ChannelFuture bound = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        assemble(channel);
                    }
                })
                .bind(settings.address());
        if (!bound.awaitUninterruptibly(STARTING_SECONDS, TimeUnit.SECONDS) || !bound.isSuccess()) {
            throw new IOException(settings.address() + " cannot be had: " + reason(bound.cause()), bound.cause());
        }
        listener = bound.channel();
        channels.add(listener);
    }

    private static String reason(Throwable cause) {
        return cause == null ? "it took too long" : String.valueOf(cause.getMessage());
    }

    private SslContext tls() throws IOException {
        SslContextBuilder builder;
        try {
            builder = SslContextBuilder.forServer(
                    settings.certificate().toFile(), settings.key().toFile());
        } catch (IllegalArgumentException wrong) {
            throw new IOException(
                    settings.certificate() + " and " + settings.key()
                            + " cannot be used: they have to be PEM files with certificates and an unencrypted PKCS #8 key",
                    wrong);
        }
        Path authorities = settings.clients().authorities();
        if (authorities != null) {
            try {
                builder.trustManager(authorities.toFile()).clientAuth(ClientAuth.OPTIONAL);
            } catch (IllegalArgumentException wrong) {
                throw new IOException(
                        authorities + " cannot be used: it has to be a PEM file with certificates of those who sign"
                                + " that of a client",
                        wrong);
            }
        }
        return builder.sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .build();
    }

    private void assemble(SocketChannel channel) {
        channels.add(channel);
        RestSettings.Limits limits = settings.limits();
        Deadline deadline = new Deadline(limits.timeout());
        channel.pipeline().addLast(connections, deadline);
        if (tls != null) {
            channel.pipeline().addLast(tls.newHandler(channel.alloc()));
        }
        HttpDecoderConfig http = new HttpDecoderConfig()
                .setMaxInitialLineLength(limits.headerBytes())
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES);
        channel.pipeline()
                .addLast(
                        new HttpServerCodec(http),
                        new FlowControlHandler(),
                        new RequestHandler(gate, limits, budget, workers, deadline, pace));
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /** Returns whether it still does, and need not begin anew with another certificate. */
    public boolean isListening() {
        return listener != null && listener.isOpen() && Instant.now().isBefore(settings.renewal());
    }

    /** Takes nothing new, waits a while for what is being done, so that it is answered, and ends all connections. */
    @Override
    public void close() {
        watcher.close();
        if (listener != null) {
            listener.close().awaitUninterruptibly(STOPPING_SECONDS, TimeUnit.SECONDS);
        }
        workers.shutdown();
        boolean interrupted = false;
        try {
            workers.awaitTermination(STOPPING_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        // A loop may end without a last look at what is open.
        channels.close().awaitUninterruptibly(STOPPING_SECONDS, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, STOPPING_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(STOPPING_SECONDS, TimeUnit.SECONDS);
        workers.shutdownNow();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
