package io.sluice.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * An address on which targets are reached: a network portal (RFC 7143 4.1.1).
 *
 * @param host an IPv4 or IPv6 address without brackets, or a host name; {@code 0.0.0.0} and {@code ::} mean every address
 * @param port TCP port, 1 to 65,535
 * @param group tag of the portal group that it belongs to, 1 to 65,535
 * @param announce {@code ADDRESS:PORT} that initiators are told instead, as behind a translation of addresses; empty for its own
 * @param openToAll whether targets that say nothing of who may use them are open to everybody who comes this way
 */
public record PortalConfig(String host, int port, int group, String announce, boolean openToAll)
        implements Comparable<PortalConfig> {

    /** The port that IANA gave to iSCSI. */
    public static final int DEFAULT_PORT = 3260;

    private static final Comparator<PortalConfig> ORDER = Comparator.comparing(PortalConfig::host)
            .thenComparingInt(PortalConfig::port)
            .thenComparingInt(PortalConfig::group)
            .thenComparing(PortalConfig::announce)
            .thenComparing(PortalConfig::openToAll);

    public PortalConfig {
        Objects.requireNonNull(host);
        if (host.isBlank() || host.length() > 255 || !host.matches("[0-9A-Za-z.:%_-]+")) {
            throw new IllegalArgumentException("a portal needs an address, such as 192.0.2.1 or [2001:db8::1]");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not from 1 to 65535");
        }
        requireGroup(group);
        announce = announce == null || announce.isEmpty() ? "" : parse(announce).address();
    }

    /** Makes a portal of group 1 that has nothing special. */
    public PortalConfig(String host, int port) {
        this(host, port, 1, "", false);
    }

    static void requireGroup(int group) {
        if (group < 1 || group > 0xFFFF) {
            throw new IllegalArgumentException("portal group " + group + " is not from 1 to 65535");
        }
    }

    /** Returns {@code ADDRESS:PORT}, an IPv6 address in brackets, as TargetAddress has it (RFC 7143 13.8). */
    public String address() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** Returns what initiators are told: {@link #announce}, or {@link #address}. */
    public String announced() {
        return announce.isEmpty() ? address() : announce;
    }

    /** Returns whether it stands for every address of the machine, of one family at least. */
    public boolean wildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** Returns whether it can be reached from this machine alone. */
    public boolean loopback() {
        return host.startsWith("127.") || host.equals("::1") || host.equals("localhost");
    }

    /** Returns whether two portals have the same address, whatever else they are. */
    public boolean sameAddress(PortalConfig other) {
        return port == other.port && host.equals(other.host);
    }

    /**
     * Reads {@code ADDRESS[:PORT]}, with an IPv6 address in brackets when a port follows; the port defaults to 3260.
     *
     * @throws IllegalArgumentException if it is not such a text; the message is fit for a user
     */
    public static PortalConfig parse(String text) {
        String host = text;
        String port = "";
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            if (end < 0 || (end + 1 < text.length() && text.charAt(end + 1) != ':')) {
                throw malformed(text);
            }
            host = text.substring(1, end);
            port = end + 2 <= text.length() ? text.substring(end + 2) : "";
        } else if (text.indexOf(':') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            host = text.substring(0, text.indexOf(':'));
            port = text.substring(text.indexOf(':') + 1);
            if (port.isEmpty()) {
                throw malformed(text);
            }
        }
        try {
            return new PortalConfig(host, port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port));
        } catch (NumberFormatException notANumber) {
            throw malformed(text);
        }
    }

    @Override
    public int compareTo(PortalConfig other) {
        return ORDER.compare(this, other);
    }

    /** Returns {@link #address}. */
    @Override
    public String toString() {
        return address();
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not a portal: write ADDRESS:PORT, such as 127.0.0.1:3260 or [::1]:3260");
    }
}
