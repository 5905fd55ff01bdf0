package io.sluice.iscsi.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * The event loops of a server. A new connection gets the loop that has the fewest, wherever the ones before it have gone since: in
 * turn would put all sessions of initiators that ask for the targets first, by a connection of its own, on every other loop.
 */
public final class EventLoops extends MultiThreadIoEventLoopGroup {

    /** The loop that a connection was given; it may have moved since. */
    private final Map<Channel, EventLoop> connections = new HashMap<>();

    /**
     * Starts them.
     *
     * @param threads how many
     * @param handlers how each waits for events
     */
    public EventLoops(int threads, IoHandlerFactory handlers) {
        super(threads, new DefaultThreadFactory("sluice-iscsi"), handlers);
    }

    @Override
    public ChannelFuture register(Channel channel) {
        if (channel instanceof ServerChannel) {
            return super.register(channel);
        }
        EventLoop loop = place(channel);
        channel.closeFuture().addListener(closed -> forget(channel));
        return loop.register(channel);
    }

    private synchronized EventLoop place(Channel channel) {
        Map<EventLoop, Integer> counts = new IdentityHashMap<>();
        connections.forEach(
                (placed, first) -> counts.merge(placed.isRegistered() ? placed.eventLoop() : first, 1, Integer::sum));
        EventLoop least = null;
        for (EventExecutor each : this) {
            EventLoop loop = (EventLoop) each;
            if (least == null || counts.getOrDefault(loop, 0) < counts.getOrDefault(least, 0)) {
                least = loop;
            }
        }
        connections.put(channel, least);
        return least;
    }

    private synchronized void forget(Channel channel) {
        connections.remove(channel);
    }
}
