package io.sluice.iscsi.connection;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertNotNull;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertTrue;

import io.sluice.iscsi.connection.ConnectionLimit.Ticket;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.Test;

/** Who only connects keeps nobody else out. */
public final class ConnectionLimitTest {

    private static final int LIMIT = 64;

    private final ConnectionLimit limit = new ConnectionLimit(LIMIT);
    private final List<String> evicted = new ArrayList<>();

    private Ticket enter(String address) {
        return limit.enter(address, () -> evicted.add(address));
    }

    @Test
    public void anAddressHasFewThatHaveNotLoggedIn() {
        for (int i = 0; i < 16; i++) {
            assertNotNull(enter("a"));
        }
        assertNull(enter("a"));
        Ticket other = enter("b");
        assertTrue(other.logIn(false));
        assertEquals(17, limit.open());
        assertEquals(16, limit.halfOpen());
    }

    @Test
    public void manyAddressesGiveWayToNewOnes() {
        for (int address = 0; address < 4; address++) {
            for (int i = 0; i < 16; i++) {
                enter("attacker" + address);
            }
        }
        assertTrue(limit.halfOpen() <= LIMIT / 2);
        evicted.clear();
        assertTrue(enter("host").logIn(false));
        assertEquals(1, evicted.size());
        for (int i = 0; i < 100; i++) {
            enter("attacker" + i % 4);
        }
        assertTrue(enter("host").logIn(false));
        assertFalse(evicted.contains("host"));
    }

    @Test
    public void oneThatHasGivenWayIsToldSo() {
        Ticket first = enter("a");
        for (int i = 0; evicted.isEmpty(); i++) {
            enter("attacker" + i);
        }
        assertEquals(List.of("a"), evicted);
        assertFalse(first.logIn(false));
        assertEquals("the connection has made room for others", first.refusal());
    }

    /** Whoever chooses his addresses shall not choose whom he throws out. */
    @Test
    public void ofAddressesThatAreAlikeTheOneGivesWayThatHasWaitedLongest() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < LIMIT / 2; i++) {
            names.add("host" + i * 7919);
            enter(names.get(i));
        }
        for (int i = 0; i < LIMIT / 2; i++) {
            enter("another" + i);
        }
        assertEquals(names, evicted);
    }

    @Test
    public void aNetworkOfIpv6IsOneAddress() throws UnknownHostException {
        for (int i = 0; i < 16; i++) {
            assertNotNull(limit.enter(InetAddress.getByName("2001:db8::" + i), () -> {}));
        }
        assertNull(limit.enter(InetAddress.getByName("2001:db8::ffff:1"), () -> {}));
        assertNotNull(limit.enter(InetAddress.getByName("2001:db8:0:1::1"), () -> {}));
        assertNotNull(limit.enter(InetAddress.getByName("192.0.2.1"), () -> {}));
    }

    @Test
    public void allThatHaveNotLoggedInCanBeClosed() {
        enter("a");
        assertTrue(enter("b").logIn(false));
        enter("c");
        limit.closeHalfOpen();
        assertEquals(List.of("a", "c"), evicted.stream().sorted().toList());
    }

    @Test
    public void whoHasLoggedInIsNotEvicted() {
        for (int i = 0; i < LIMIT; i++) {
            assertTrue(enter("host" + i % 8).logIn(false));
        }
        assertNull(enter("another"));
        assertEquals(List.of(), evicted);
        assertEquals(LIMIT, limit.open());
    }

    @Test
    public void discoverySessionsOfAnAddressAreFew() {
        Ticket last = null;
        for (int i = 0; i < 16; i++) {
            last = enter("a");
            assertTrue(last.logIn(true));
        }
        Ticket more = enter("a");
        assertFalse(more.logIn(true));
        assertEquals("too many discovery sessions of one address", more.refusal());
        assertTrue("a normal one is something else", enter("a").logIn(false));
        assertTrue(enter("b").logIn(true));
        last.leave();
        last.leave();
        assertTrue(more.logIn(true));
    }

    @Test
    public void allIsForgotten() {
        Ticket first = enter("a");
        Ticket second = enter("a");
        first.logIn(false);
        first.leave();
        second.leave();
        assertEquals(0, limit.open());
        assertEquals(0, limit.halfOpen());
    }
}
