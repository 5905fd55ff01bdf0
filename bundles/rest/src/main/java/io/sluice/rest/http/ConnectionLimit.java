package io.sluice.rest.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Has no more connections than there are places. For one that is too many, another one makes room that has not shown yet for whom
 * it is: so nobody keeps others out without a token. All connections share it; any event loop may call.
 */
@Sharable
final class ConnectionLimit extends ChannelInboundHandlerAdapter {

    /** A connection has shown for whom it is: from now on it stays. */
    static final Object KNOWN = new Object();

    /** That part of all places is for those of one address that have not shown for whom they are. */
    private static final int PART = 4;

    private final int most;

    /** In the order in which they came. */
    private final Set<Channel> strangers = new LinkedHashSet<>();

    private final Set<Channel> known = new HashSet<>();

    ConnectionLimit(int most) {
        this.most = most;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Channel channel = context.channel();
        Channel leaves = enter(channel);
        channel.closeFuture().addListener(closed -> leave(channel));
        if (leaves != null) {
            leaves.close();
        }
        if (leaves != channel) {
            context.fireChannelActive();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == KNOWN) {
            stay(context.channel());
        } else {
            context.fireUserEventTriggered(event);
        }
    }

    /** Takes one in, and returns the one that has to go for it; null if there is a place. */
    private synchronized Channel enter(Channel channel) {
        strangers.add(channel);
        if (strangers.size() + known.size() <= most) {
            return null;
        }
        Channel leaves = strangers.stream()
                .filter(one -> ofSameAddress(one) > most / PART)
                .findFirst()
                .orElseGet(() -> strangers.iterator().next());
        strangers.remove(leaves);
        return leaves;
    }

    private long ofSameAddress(Channel one) {
        InetAddress address = address(one);
        return strangers.stream()
                .filter(other -> address(other).equals(address))
                .count();
    }

    private static InetAddress address(Channel channel) {
        return ((InetSocketAddress) channel.remoteAddress()).getAddress();
    }

    private synchronized void stay(Channel channel) {
        if (strangers.remove(channel)) {
            known.add(channel);
        }
    }

    private synchronized void leave(Channel channel) {
        strangers.remove(channel);
        known.remove(channel);
    }
}
