package io.sluice.config;

import java.util.Objects;

/**
 * An address on which targets are reached: a network portal (RFC 7143 4.1.1).
 *
 * @param host an IPv4 or IPv6 address without brackets, or a host name; {@code 0.0.0.0} and {@code ::} mean every address
 * @param port TCP port, 1 to 65,535
 */
public record PortalConfig(String host, int port) implements Comparable<PortalConfig> {

    /** The port that IANA gave to iSCSI. */
    public static final int DEFAULT_PORT = 3260;

    public PortalConfig {
        Objects.requireNonNull(host);
        if (host.isBlank() || host.length() > 255 || !host.matches("[0-9A-Za-z.:%_-]+")) {
            throw new IllegalArgumentException("a portal needs an address, such as 192.0.2.1 or [2001:db8::1]");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " is not from 1 to 65535");
        }
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
        int byHost = host.compareTo(other.host);
        return byHost != 0 ? byHost : Integer.compare(port, other.port);
    }

    /** Returns {@code ADDRESS:PORT}, an IPv6 address in brackets, as TargetAddress has it (RFC 7143 13.8). */
    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is not a portal: write ADDRESS:PORT, such as 127.0.0.1:3260 or [::1]:3260");
    }
}
