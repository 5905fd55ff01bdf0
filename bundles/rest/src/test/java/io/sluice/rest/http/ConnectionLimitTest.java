package io.sluice.rest.http;

import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertTrue;

import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.junit.Test;

/** Who has to go when there are too many. */
public class ConnectionLimitTest {

    private final ConnectionLimit limit = new ConnectionLimit(8);

    private EmbeddedChannel connection(int host) {
        return new EmbeddedChannel(limit) {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress("127.0.0." + host, 9);
            }
        };
    }

    private EmbeddedChannel known(int host) {
        EmbeddedChannel channel = connection(host);
        channel.pipeline().fireUserEventTriggered(ConnectionLimit.KNOWN);
        return channel;
    }

    @Test
    public void theEldestStrangerGoes() {
        EmbeddedChannel known = known(1);
        EmbeddedChannel eldest = connection(2);
        EmbeddedChannel second = connection(2);
        for (int i = 3; i < 8; i++) {
            connection(i);
        }
        assertTrue(eldest.isOpen());
        assertTrue(connection(8).isOpen());
        assertFalse(eldest.isOpen());
        assertTrue(second.isOpen());
        assertTrue(known.isOpen());
    }

    @Test
    public void oneAddressDoesNotPushOutOthers() {
        EmbeddedChannel eldest = connection(1);
        EmbeddedChannel first = connection(2);
        for (int i = 0; i < 50; i++) {
            connection(2);
        }
        assertTrue(eldest.isOpen());
        assertFalse(first.isOpen());
        assertTrue(connection(3).isOpen());
        assertTrue(eldest.isOpen());
    }

    @Test
    public void whoIsKnownStays() {
        for (int i = 0; i < 7; i++) {
            known(1);
        }
        EmbeddedChannel last = known(1);
        assertFalse(connection(2).isOpen());
        assertTrue(last.isOpen());
        last.close();
        assertTrue(connection(2).isOpen());
    }
}
