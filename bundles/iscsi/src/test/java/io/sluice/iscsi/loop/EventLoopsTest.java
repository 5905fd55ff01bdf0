package io.sluice.iscsi.loop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNotSame;
import static org.junit.Assert.assertSame;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Test;

/** Which loop a connection gets. */
public final class EventLoopsTest {

    private final EventLoops loops = new EventLoops(2, LocalIoHandler.newFactory());

    @After
    public void stop() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    private Channel connect() {
        Channel channel = new LocalChannel();
        loops.register(channel).syncUninterruptibly();
        return channel;
    }

    private static void close(Channel channel) {
        channel.close().syncUninterruptibly();
        // What is told of the end is told on the loop.
        channel.eventLoop().submit(() -> {}).syncUninterruptibly();
    }

    @Test
    public void sessionsOfThoseWhoAskForTheTargetsFirstAreSpread() {
        Set<EventLoop> used = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            close(connect());
            used.add(connect().eventLoop());
        }
        assertEquals(2, used.size());
    }

    @Test
    public void aLoopWhoseConnectionsHaveEndedComesFirst() {
        Channel first = connect();
        Channel second = connect();
        assertNotSame(first.eventLoop(), second.eventLoop());
        EventLoop free = second.eventLoop();
        connect();
        Channel fourth = connect();
        close(second);
        close(fourth);
        assertSame(free, connect().eventLoop());
        assertSame(free, connect().eventLoop());
    }

    @Test
    public void whereAConnectionHasMovedItCounts() {
        Channel first = connect();
        Channel second = connect();
        EventLoop left = first.eventLoop();
        first.deregister().syncUninterruptibly();
        second.eventLoop().register(first).syncUninterruptibly();
        assertSame(left, connect().eventLoop());
        assertSame(left, connect().eventLoop());
    }
}
