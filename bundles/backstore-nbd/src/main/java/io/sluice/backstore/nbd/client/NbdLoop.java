package io.sluice.backstore.nbd.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandler;
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
import io.netty.util.concurrent.EventExecutor;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread on which connections to NBD servers are made, and served as long as nobody lends other ones; nothing that waits runs
 * there.
 */
public final class NbdLoop implements AutoCloseable {

    /** What has something under way that nobody would end once the thread has ended. */
    interface Guest {

        /** Has it end all at once. Any thread. */
        void stop();

        /** Has its connections served by another event loop; runs something when they are. Any thread. */
        default void moveTo(EventLoop to, Runnable then) {
            then.run();
        }

        /** An event loop has ended, which may be the one that serves it. Any thread. */
        default void ended(EventLoop loop) {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(NbdLoop.class);

    /** Why nothing can be had any more. */
    static final String GONE = "its bundle is gone";

    private static final int CONNECT_MILLIS = 10_000;
    private static final int LEAVE_SECONDS = 5;

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

    /**
     * Buffers for what is received come back at once: they are kept, where others would be made and filled with zeros each time. There
     * is one for all, since each thread keeps some until it ends.
     */
    private static final ByteBufAllocator BUFFERS =
            new PooledByteBufAllocator(true, 0, 1, PAGE_BYTES, CHUNK_ORDER, CACHED_SMALL, CACHED_NORMAL, false);

    private final Set<Guest> guests = ConcurrentHashMap.newKeySet();

    /** Event loops of somebody else, or null. */
    private volatile EventLoopGroup lent;

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

    /**
     * Has connections served on event loops of somebody else, where that is the thread from which their requests come. Whoever
     * lends them takes them back before they end.
     */
    public void lend(EventLoopGroup loops) {
        Class<? extends IoHandler> kind = epoll ? EpollIoHandler.class : NioIoHandler.class;
        for (EventExecutor loop : loops) {
            if (!(loop instanceof IoEventLoop) || !((IoEventLoop) loop).isIoType(kind)) {
                LOG.warn(
                        "connections to NBD servers stay on a thread of their own: {} serves no {}",
                        loop,
                        kind.getSimpleName());
                return;
            }
        }
        for (EventExecutor loop : loops) {
            loop.terminationFuture().addListener(over -> guests.forEach(guest -> guest.ended((EventLoop) loop)));
        }
        lent = loops;
    }

    /** Has all connections leave these event loops; waits for them, but not for long. Not called on an event loop. */
    public void takeBack(EventLoopGroup loops) {
        // Whoever lends others now may have come before these are taken back.
        if (lent == loops) {
            lent = null;
        }
        if (!ended) {
            comeBack();
        }
    }

    private void comeBack() {
        try {
            if (!moveAll(loop()).await(LEAVE_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("connections to NBD servers are made anew: they are still on an event loop that ends");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has all connections served by one event loop; returns what reaches zero when they are. At the end they stay where that is. */
    CountDownLatch moveAll(EventLoop to) {
        List<Guest> all = ended && to != loop() ? List.of() : List.copyOf(guests);
        CountDownLatch left = new CountDownLatch(all.size());
        all.forEach(guest -> guest.moveTo(to, left::countDown));
        return left;
    }

    /** Returns the event loop of a thread, if it is one that is lent; null if not. */
    EventLoop lentBy(Thread thread) {
        EventLoopGroup loops = ended ? null : lent;
        if (loops != null) {
            for (EventExecutor loop : loops) {
                if (loop.inEventLoop(thread)) {
                    return (EventLoop) loop;
                }
            }
        }
        return null;
    }

    /** Has something stopped before the event loop ends; false if it has ended. Any thread. */
    boolean admit(Guest guest) {
        guests.add(guest);
        if (ended) {
            guests.remove(guest);
            return false;
        }
        return true;
    }

    void dismiss(Guest guest) {
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
                .option(ChannelOption.ALLOCATOR, BUFFERS)
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

    /**
     * Ends all that is under way, and the thread; waits for it only until all of it is there. Not called on an event loop. Stores had
     * better be closed before.
     */
    @Override
    public synchronized void close() {
        if (!ended) {
            ended = true;
            comeBack();
            guests.forEach(Guest::stop);
            loop().execute(() -> group.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        }
    }
}
