package io.sluice.backstore.nbd.client;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.sluice.backstore.BackstoreContext;
import io.sluice.backstore.nbd.protocol.ExportInfo;
import io.sluice.backstore.nbd.protocol.TransmissionFlag;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes connections to one export, as many as it may have. Thread-safe. */
public final class Connector {

    private static final long HANDSHAKE_SECONDS = 10;

    private final NbdAddress address;
    private final TlsFiles tls;
    private final int most;
    private final BackstoreContext context;
    private final NbdLoop loop;

    /**
     * @param tls what is used if the address is with TLS
     * @param most how many connections are wanted where the server allows more than one
     * @param context runs what has to wait: names of hosts, files
     */
    public Connector(NbdAddress address, TlsFiles tls, int most, BackstoreContext context, NbdLoop loop) {
        this.address = address;
        this.tls = tls;
        this.most = most;
        this.context = context;
        this.loop = loop;
    }

    NbdAddress address() {
        return address;
    }

    NbdLoop loop() {
        return loop;
    }

    /** Where the server is, and what encrypts the way there, or null. */
    private record Way(List<SocketAddress> servers, SslContext encryption) {}

    /** Connects, asks what the export is, and leaves. */
    public CompletionStage<ExportInfo> look() {
        return context.call(this::find).thenCompose(way -> connect(way, 0)).thenApply(connection -> {
            loop.loop().execute(connection::leave);
            return connection.info();
        });
    }

    /** Connects; the stage is completed on any thread, with connections that belong to nobody yet. */
    CompletionStage<List<Connection>> connect() {
        return context.call(this::find)
                .thenCompose(way -> connect(way, 0).thenCompose(first -> more(way, new ArrayList<>(List.of(first)))));
    }

    /** Connects within a limit; what is there later than that is left. */
    CompletionStage<List<Connection>> connect(long limitNanos) {
        CompletableFuture<List<Connection>> result = new CompletableFuture<>();
        var limit = loop.loop()
                .schedule(
                        () -> result.completeExceptionally(new TimeoutException("it has taken too long")),
                        limitNanos,
                        TimeUnit.NANOSECONDS);
        connect().whenComplete((made, failure) -> {
            limit.cancel(false);
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (!result.complete(made)) {
                loop.loop().execute(() -> made.forEach(Connection::leave));
            }
        });
        return result;
    }

    private Way find() throws IOException {
        SslContext encryption = address.tls() ? tls.read() : null;
        if (!address.socket().isEmpty()) {
            return new Way(List.of(loop.local(address.socket())), encryption);
        }
        try {
            return new Way(
                    Arrays.stream(InetAddress.getAllByName(address.host()))
                            .map(found -> (SocketAddress) new InetSocketAddress(found, address.port()))
                            .toList(),
                    encryption);
        } catch (UnknownHostException unknown) {
            throw new IOException("no machine is known as " + address.host(), unknown);
        }
    }

    private CompletionStage<List<Connection>> more(Way way, List<Connection> made) {
        if (made.size() >= most || !made.get(0).info().has(TransmissionFlag.CAN_MULTI_CONN)) {
            return CompletableFuture.completedFuture(made);
        }
        return connect(way, 0)
                .handle((next, failure) -> {
                    if (failure != null || !next.info().equals(made.get(0).info())) {
                        loop.loop().execute(() -> {
                            made.forEach(Connection::leave);
                            if (next != null) {
                                next.leave();
                            }
                        });
                        return CompletableFuture.<List<Connection>>failedFuture(
                                failure != null ? failure : new IOException("the export is another one each time"));
                    }
                    made.add(next);
                    return more(way, made);
                })
                .thenCompose(stage -> stage);
    }

    /** Tries the addresses that a name has, one after the other. */
    private CompletionStage<Connection> connect(Way way, int index) {
        CompletionStage<Connection> first = connect(way.servers().get(index), way.encryption());
        if (index + 1 >= way.servers().size()) {
            return first;
        }
        return first.handle((connection, failure) ->
                        failure == null ? CompletableFuture.completedFuture(connection) : connect(way, index + 1))
                .thenCompose(stage -> stage);
    }

    private CompletionStage<Connection> connect(SocketAddress server, SslContext encryption) {
        CompletableFuture<ExportInfo> shaken = new CompletableFuture<>();
        NbdLoop.Guest gone = () -> shaken.completeExceptionally(new IOException(NbdLoop.GONE));
        if (!loop.admit(gone)) {
            return CompletableFuture.failedFuture(new IOException(NbdLoop.GONE));
        }
        CompletableFuture<Connection> result = new CompletableFuture<>();
        Channel channel = loop.bootstrap(!address.socket().isEmpty())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel made) {
                        made.pipeline().addLast(new Handshake(address, () -> encrypt(made, encryption), shaken));
                    }
                })
                .connect(server)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        shaken.completeExceptionally(connected.cause());
                    }
                })
                .channel();
        var deadline = loop.loop()
                .schedule(
                        () -> shaken.completeExceptionally(
                                new TimeoutException("no answer in " + HANDSHAKE_SECONDS + " seconds")),
                        HANDSHAKE_SECONDS,
                        TimeUnit.SECONDS);
        shaken.whenComplete((info, failure) -> {
            deadline.cancel(false);
            loop.dismiss(gone);
            if (failure == null) {
                Connection connection = new Connection(channel, info);
                channel.pipeline().replace(Handshake.class, "replies", new Replies(connection, info));
                result.complete(connection);
            } else {
                channel.close();
                result.completeExceptionally(failure);
            }
        });
        return result;
    }

    private SslHandler encrypt(Channel channel, SslContext encryption) {
        String host = address.socket().isEmpty() ? address.host() : "localhost";
        return encryption.newHandler(channel.alloc(), host, address.port());
    }
}
