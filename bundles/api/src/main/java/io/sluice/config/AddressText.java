package io.sluice.config;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.StringJoiner;

/** Addresses as people write them; IPv6 in the one form of RFC 5952. */
public final class AddressText {

    private static final int GROUPS = 8;

    private AddressText() {}

    /** Returns an address, without brackets and without the name of an interface. */
    public static String of(InetAddress address) {
        return address instanceof Inet6Address ? ipv6(address.getAddress()) : address.getHostAddress();
    }

    /** Returns {@code ADDRESS:PORT}, an IPv6 address in brackets. */
    public static String of(InetSocketAddress address) {
        String host = address.isUnresolved() ? address.getHostString() : of(address.getAddress());
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** The longest run of zeros is left out, the first one of two that are as long, and never a single zero (RFC 5952 4.2). */
    static String ipv6(byte[] address) {
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = (address[2 * i] & 0xFF) << 8 | address[2 * i + 1] & 0xFF;
        }
        int start = 0;
        int longest = 1;
        for (int i = 0; i < GROUPS; i++) {
            int run = 0;
            while (i + run < GROUPS && groups[i + run] == 0) {
                run++;
            }
            if (run > longest) {
                start = i;
                longest = run;
            }
        }
        if (longest == 1) {
            return text(groups, 0, GROUPS);
        }
        return text(groups, 0, start) + "::" + text(groups, start + longest, GROUPS);
    }

    private static String text(int[] groups, int from, int to) {
        StringJoiner text = new StringJoiner(":");
        for (int i = from; i < to; i++) {
            text.add(Integer.toHexString(groups[i]));
        }
        return text.toString();
    }
}
