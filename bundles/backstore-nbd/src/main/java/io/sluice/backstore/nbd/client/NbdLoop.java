package io.sluice.backstore.nbd.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The one thread on which all connections to NBD servers are served; nothing that waits runs there. */
public final class NbdLoop implements AutoCloseable {

    /** Why nothing can be had any more. */
    static final String GONE = "its bundle is gone";

    private static final int CONNECT_MILLIS = 10_000;

    /** A server whose machine is gone is noticed after this, with requests under way and without. */
    private static final int IDLE_SECONDS = 10;

    private static final int PROBE_SECONDS = 3;
    private static final int PROBES = 3;
    private static final int UNANSWERED_MILLIS = 20_000;

    private static final int FIRST_RECEIVED_BYTES = 16 << 10;
    private static final int MOST_RECEIVED_BYTES = 256 << 10;

    private static final int PAGE_BYTES = 8192;

    /** Memory is taken in pieces of 1 MiB. */
    private static final int CHUNK_ORDER = 7;

    private static final int CACHED_SMALL = 256;
    private static final int CACHED_NORMAL = 16;

    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup group;

    /** Buffers for what is received come back at once: they are kept, where others would be made and filled with zeros each time. */
    private final ByteBufAllocator buffers =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, CHUNK_ORDER, CACHED_SMALL, CACHED_NORMAL, false);

    /** What has something under way that nobody would end once the thread has ended. */
    private final Set<Runnable> guests = ConcurrentHashMap.newKeySet();

    private volatile boolean ended;

    /** Starts the thread with the first connection. */
    public NbdLoop() {
        ThreadFactory threads = new DefaultThreadFactory("nbd", true);
        group = new MultiThreadIoEventLoopGroup(
                1, threads, epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    EventLoop loop() {
        return group.next();
    }

    /** Has something run on the event loop before that ends; false if it has ended. Any thread. */
    boolean admit(Runnable guest) {
        guests.add(guest);
        if (ended) {
            guests.remove(guest);
            return false;
        }
        return true;
    }

    void dismiss(Runnable guest) {
        guests.remove(guest);
    }

    SocketAddress local(String path) {
        return epoll ? new DomainSocketAddress(path) : UnixDomainSocketAddress.of(path);
    }

    /** Begins a connection over TCP, or to a socket of this machine. */
    Bootstrap bootstrap(boolean local) {
        Bootstrap bootstrap = new Bootstrap()
                .group(group)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.ALLOCATOR, buffers)
                .option(
                        ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, FIRST_RECEIVED_BYTES, MOST_RECEIVED_BYTES));
        if (local) {
            return bootstrap.channel(epoll ? EpollDomainSocketChannel.class : NioDomainSocketChannel.class);
        }
        bootstrap.option(ChannelOption.TCP_NODELAY, true).option(ChannelOption.SO_KEEPALIVE, true);
        if (epoll) {
            bootstrap
                    .option(EpollChannelOption.TCP_KEEPIDLE, IDLE_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, PROBE_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPCNT, PROBES)
                    .option(EpollChannelOption.TCP_USER_TIMEOUT, UNANSWERED_MILLIS);
        }
        return bootstrap.channel(epoll ? EpollSocketChannel.class : NioSocketChannel.class);
    }

    /** Ends all that is under way, and the thread; does not wait for it. Stores had better be closed before. */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            guests.forEach(loop()::execute);
            loop().execute(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        }
    }
}
