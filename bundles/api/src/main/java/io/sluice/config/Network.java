package io.sluice.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * A range of addresses: {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or one address. An IPv4 address that is mapped into IPv6
 * is that IPv4 address (RFC 4291 2.5.5.2). Immutable.
 */
public final class Network {

    private static final int MAX_TEXT = 64;
    private static final int IPV4_BYTES = 4;

    private final byte[] prefix;
    private final int length;

    private Network(byte[] prefix, int length) {
        this.prefix = prefix;
        this.length = length;
    }

    /**
     * Reads an address, or a network in CIDR notation.
     *
     * @throws IllegalArgumentException if it is neither; the message is fit for a user
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        byte[] address = address(slash < 0 ? text : text.substring(0, slash), text);
        int bits = address.length * 8;
        int length = bits;
        if (slash >= 0) {
            String digits = text.substring(slash + 1);
            length = digits.matches("\\d{1,3}") ? Integer.parseInt(digits) : -1;
            if (length < 0 || length > bits) {
                throw malformed(text);
            }
        }
        byte[] prefix = address.clone();
        for (int bit = length; bit < bits; bit++) {
            prefix[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        if (!Arrays.equals(prefix, address)) {
            throw new IllegalArgumentException(
                    "'" + text + "' has bits behind its prefix: write " + new Network(prefix, length));
        }
        return new Network(prefix, length);
    }

    /** Only literals: a name would be looked up, and could be somebody else's tomorrow. */
    private static byte[] address(String literal, String text) {
        boolean ipv6 = literal.indexOf(':') >= 0;
        boolean plain = ipv6 ? literal.matches("[0-9A-Fa-f:.]+") : literal.matches("\\d{1,3}(\\.\\d{1,3}){3}");
        if (!plain || text.length() > MAX_TEXT) {
            throw malformed(text);
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException notAnAddress) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        String shown = text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
        return new IllegalArgumentException("'" + shown.replaceAll("\\p{Cntrl}", "?")
                + "' is not an address or network: write it like 192.0.2.7, 192.0.2.0/24 or 2001:db8::/32");
    }

    /** Returns whether an address is in this range; an IPv4 address that is mapped into IPv6 is looked at as IPv4. */
    public boolean contains(InetAddress address) {
        return contains(plain(address.getAddress()));
    }

    private boolean contains(byte[] bytes) {
        if (bytes.length != prefix.length) {
            return false;
        }
        int whole = length / 8;
        if (!Arrays.equals(bytes, 0, whole, prefix, 0, whole)) {
            return false;
        }
        int rest = length % 8;
        return rest == 0 || ((bytes[whole] ^ prefix[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
    }

    /** Returns whether an address can be in this range and in another one. */
    public boolean overlaps(Network other) {
        Network wider = length <= other.length ? this : other;
        Network narrower = wider == this ? other : this;
        return wider.contains(narrower.prefix);
    }

    private static byte[] plain(byte[] address) {
        boolean mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
        for (int i = 0; mapped && i < 10; i++) {
            mapped = address[i] == 0;
        }
        return mapped ? Arrays.copyOfRange(address, 12, 16) : address;
    }

    /** Returns the length of the prefix in bits. */
    public int prefixLength() {
        return length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network network && length == network.length && Arrays.equals(prefix, network.prefix);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prefix) + length;
    }

    /** Returns the form that {@link #parse} reads; of a single address the address alone. */
    @Override
    public String toString() {
        String address = prefix.length == IPV4_BYTES
                ? (prefix[0] & 0xFF) + "." + (prefix[1] & 0xFF) + "." + (prefix[2] & 0xFF) + "." + (prefix[3] & 0xFF)
                : AddressText.ipv6(prefix);
        return length == prefix.length * 8 ? address : address + "/" + length;
    }
}
