package io.sluice.iscsi.portal;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.ExecutionException;

/** Opens a listening socket. */
final class PortalListener {

    private static final int BACKLOG = 256;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);

    /** Two reads of half a mebibyte: measured with writes of 64 KiB to 1 MiB; see docs/performance.md. */
    private static final int MAXIMUM_READ_BYTES = 512 << 10;

    private static final int READS_PER_BATCH = 2;

    private PortalListener() {}

    static Channel bind(
            EventLoopGroup group,
            boolean epoll,
            ByteBufAllocator allocator,
            InetSocketAddress address,
            ChannelHandler connections)
            throws InterruptedException, ExecutionException {
        var bound = new ServerBootstrap()
                .group(group)
                .channelFactory(sockets(epoll, address))
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, receiveBuffers())
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childOption(ChannelOption.MESSAGE_SIZE_ESTIMATOR, new PendingSize())
                .childHandler(connections)
                .bind(address);
        bound.await();
        if (!bound.isSuccess()) {
            throw new ExecutionException(bound.cause());
        }
        return bound.channel();
    }

    /** An IPv4 address, the one that stands for all of them too, is not IPv6 as well: a socket of its own family says so. */
    private static ChannelFactory<ServerChannel> sockets(boolean epoll, InetSocketAddress address) {
        SocketProtocolFamily family =
                address.getAddress() instanceof Inet4Address ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return epoll
                ? () -> new EpollServerSocketChannel(family)
                : () -> new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    /** Of a sender of large writes much is taken at once, so that it need not wait; then the responses are sent. */
    private static RecvByteBufAllocator receiveBuffers() {
        return new AdaptiveRecvByteBufAllocator(512, 8192, MAXIMUM_READ_BYTES).maxMessagesPerRead(READS_PER_BATCH);
    }
}
