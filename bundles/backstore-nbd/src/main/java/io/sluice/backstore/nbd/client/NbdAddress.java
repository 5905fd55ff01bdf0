package io.sluice.backstore.nbd.client;

import io.sluice.config.ConfigException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where an export is, as the public "NBD URI" writes it: {@code nbd://host:port/export},
 * {@code nbd+unix:///export?socket=/path}, and {@code nbds} instead of {@code nbd} for TLS.
 *
 * @param tls whether the connection is encrypted
 * @param host name or address of the server; empty for a socket of this machine
 * @param port where it listens
 * @param socket path of a socket of this machine; empty if there is a host
 * @param export name of the export; empty for the one that the server has by itself
 */
public record NbdAddress(boolean tls, String host, int port, String socket, String export) {

    /** Where an NBD server listens if nothing else is said. */
    public static final int DEFAULT_PORT = 10809;

    /** The longest string that the protocol has. */
    private static final int LONGEST_EXPORT = 4096;

    private static final int LARGEST_PORT = 65535;
    private static final String SOCKET = "socket=";
    private static final String FORMS =
            "write nbd://HOST:PORT/EXPORT, nbd+unix:///EXPORT?socket=/PATH, or the same with nbds for TLS";

    /**
     * Reads an address.
     *
     * @throws ConfigException if it is none
     */
    public static NbdAddress parse(String text) throws ConfigException {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException wrong) {
            throw new ConfigException("'" + text + "' is not the address of an NBD export: " + FORMS, wrong);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean tls = scheme.startsWith("nbds");
        String path = uri.getPath() == null ? "" : uri.getPath();
        String export = path.startsWith("/") ? path.substring(1) : path;
        if (uri.getFragment() != null
                || uri.getUserInfo() != null
                || export.getBytes(StandardCharsets.UTF_8).length > LONGEST_EXPORT) {
            throw wrong(text);
        }
        return switch (scheme) {
            case "nbd", "nbds" -> new NbdAddress(tls, host(uri, text), port(uri, text), "", export);
            case "nbd+unix", "nbds+unix" -> new NbdAddress(tls, "", 0, socket(uri, text), export);
            default -> throw wrong(text);
        };
    }

    private static ConfigException wrong(String text) {
        return new ConfigException("'" + text + "' is not the address of an NBD export: " + FORMS);
    }

    private static String host(URI uri, String text) throws ConfigException {
        String host = uri.getHost();
        if (host == null || host.isEmpty() || uri.getQuery() != null) {
            throw wrong(text);
        }
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(URI uri, String text) throws ConfigException {
        int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
        if (port < 1 || port > LARGEST_PORT) {
            throw wrong(text);
        }
        return port;
    }

    private static String socket(URI uri, String text) throws ConfigException {
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        boolean local = uri.getRawAuthority() == null && query.startsWith(SOCKET + "/") && !query.contains("&");
        if (!local) {
            throw wrong(text);
        }
        return query.substring(SOCKET.length());
    }

    /** Returns the server in words, for messages. */
    public String server() {
        return socket.isEmpty() ? host + ":" + port : socket;
    }

    @Override
    public String toString() {
        return "export '" + export + "' of the NBD server " + server();
    }
}
