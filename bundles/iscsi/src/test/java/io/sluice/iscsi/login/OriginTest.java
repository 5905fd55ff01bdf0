package io.sluice.iscsi.login;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.Test;

/** Where somebody comes from. */
public final class OriginTest {

    private static boolean isLocal(String remote, String local) throws UnknownHostException {
        return Origin.isLocal(InetAddress.getByName(remote), InetAddress.getByName(local));
    }

    @Test
    public void aNetworkOfIpv6OrAnAddressOfIpv4() throws UnknownHostException {
        assertEquals("192.0.2.1", Origin.of(InetAddress.getByName("192.0.2.1")));
        assertEquals("20010db800000001/64", Origin.of(InetAddress.getByName("2001:db8:0:1:2:3:4:5")));
    }

    @Test
    public void whoIsOnThisMachine() throws UnknownHostException {
        assertEquals(true, isLocal("127.0.0.1", "127.0.0.1"));
        assertEquals(true, isLocal("127.0.0.2", "127.0.0.1"));
        assertEquals(true, isLocal("::1", "::1"));
        assertEquals("from the address that it goes to", true, isLocal("192.0.2.1", "192.0.2.1"));
        assertEquals(false, isLocal("192.0.2.2", "192.0.2.1"));
        assertEquals(false, isLocal("2001:db8::2", "2001:db8::1"));
    }
}
