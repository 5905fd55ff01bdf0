package io.sluice.config;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.Test;

public class NetworkTest {

    private static boolean contains(String network, String address) throws Exception {
        return Network.parse(network).contains(InetAddress.getByName(address));
    }

    @Test
    public void prefixesAreComparedBitByBit() throws Exception {
        assertTrue(contains("192.0.2.0/24", "192.0.2.255"));
        assertFalse(contains("192.0.2.0/24", "192.0.3.0"));
        assertTrue(contains("192.0.2.128/25", "192.0.2.129"));
        assertFalse(contains("192.0.2.128/25", "192.0.2.127"));
        assertTrue(contains("0.0.0.0/0", "203.0.113.1"));
        assertTrue(contains("192.0.2.7", "192.0.2.7"));
        assertFalse(contains("192.0.2.7", "192.0.2.6"));
        assertTrue(contains("2001:db8::/33", "2001:db8:7fff::1"));
        assertFalse(contains("2001:db8::/33", "2001:db8:8000::1"));
        assertTrue(contains("::/0", "2001:db8::1"));
    }

    @Test
    public void familiesAreApartButMappedAddressesAreIpv4() throws Exception {
        assertFalse(contains("0.0.0.0/0", "2001:db8::1"));
        assertFalse(contains("::/0", "192.0.2.1"));
        byte[] mapped = InetAddress.getByName("::1").getAddress();
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(InetAddress.getByName("192.0.2.7").getAddress(), 0, mapped, 12, 4);
        InetAddress address = Inet6Address.getByAddress(null, mapped, -1);
        assertTrue(address instanceof Inet6Address);
        assertTrue(Network.parse("192.0.2.0/24").contains(address));
        assertFalse(Network.parse("::/0").contains(address));
        assertEquals("192.0.2.0/24", Network.parse("192.0.2.0/24").toString());
        assertTrue(Network.parse("::ffff:192.0.2.7").contains(address));
    }

    @Test
    public void whatIsNoNetworkIsRefused() {
        for (String text : List.of(
                "",
                "/",
                "host",
                "192.0.2",
                "192.0.2.256",
                "192.0.2.0/33",
                "192.0.2.0/",
                "192.0.2.0/-1",
                "::/129",
                "2001:db8::%eth0",
                "1:2",
                "192.0.2.1/24",
                "192.0.2.0/24/24",
                "0x7f.1",
                "fe80::1/64",
                "\u001b[2J")) {
            IllegalArgumentException refused =
                    assertThrows(text, IllegalArgumentException.class, () -> Network.parse(text));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("'"));
            assertFalse(refused.getMessage(), refused.getMessage().contains("\u001b"));
        }
    }

    @Test
    public void addressesHaveOneForm() throws Exception {
        assertEquals("::1", text("0:0:0:0:0:0:0:1"));
        assertEquals("::", text("0:0:0:0:0:0:0:0"));
        assertEquals("2001:db8::1", text("2001:0DB8:0000:0000:0000:0000:0000:0001"));
        assertEquals("2001:db8:0:1:1:1:1:1", text("2001:db8:0:1:1:1:1:1"));
        assertEquals("2001:0:0:1::1", text("2001:0:0:1:0:0:0:1"));
        assertEquals("2001:db8::1:0:0:1", text("2001:db8:0:0:1:0:0:1"));
        assertEquals("192.0.2.1", text("192.0.2.1"));
        assertEquals("[::1]:3260", AddressText.of(new InetSocketAddress("::1", 3260)));
        assertEquals("2001:db8::/32", Network.parse("2001:0db8:0::/32").toString());
    }

    private static String text(String address) throws Exception {
        return AddressText.of(InetAddress.getByName(address));
    }
}
