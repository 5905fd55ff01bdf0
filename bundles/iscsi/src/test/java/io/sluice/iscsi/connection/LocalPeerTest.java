package io.sluice.iscsi.connection;

import static org.junit.Assert.assertEquals;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.Test;

/** Who is on this machine. */
public final class LocalPeerTest {

    private static boolean isLocal(String remote, String local) throws UnknownHostException {
        return Connection.isLocal(InetAddress.getByName(remote), InetAddress.getByName(local));
    }

    @Test
    public void byAddress() throws UnknownHostException {
        assertEquals(true, isLocal("127.0.0.1", "127.0.0.1"));
        assertEquals(true, isLocal("127.0.0.2", "127.0.0.1"));
        assertEquals(true, isLocal("::1", "::1"));
        assertEquals("from the address that it goes to", true, isLocal("192.0.2.1", "192.0.2.1"));
        assertEquals(false, isLocal("192.0.2.2", "192.0.2.1"));
        assertEquals(false, isLocal("2001:db8::2", "2001:db8::1"));
    }
}
