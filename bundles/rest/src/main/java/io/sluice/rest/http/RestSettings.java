package io.sluice.rest.http;

import io.sluice.management.Role;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/**
 * How the server is set.
 *
 * @param address where it listens
 * @param certificate PEM file with the certificates; null for HTTP without TLS
 * @param key PEM file with the key; null for HTTP without TLS
 * @param renewal when another certificate is needed in the place of this one
 * @param clients who may show a certificate in the place of a token
 * @param limits what it takes
 */
public record RestSettings(
        InetSocketAddress address, Path certificate, Path key, Instant renewal, Clients clients, Limits limits) {

    /** Settings with which nobody shows a certificate, and nobody looks when that of the server ends. */
    public RestSettings(InetSocketAddress address, Path certificate, Path key, Limits limits) {
        this(address, certificate, key, Instant.MAX, Clients.NONE, limits);
    }

    /** Returns the same with a certificate. */
    public RestSettings with(Path newCertificate, Path newKey, Instant newRenewal) {
        return new RestSettings(address, newCertificate, newKey, newRenewal, clients, limits);
    }

    /**
     * Who may show a certificate.
     *
     * @param authorities PEM file with the certificates of those who sign them; null if nobody may
     * @param roles what each may do, by all of his name
     */
    public record Clients(Path authorities, Map<X500Principal, Role> roles) {

        /** Nobody. */
        public static final Clients NONE = new Clients(null, Map.of());

        public Clients {
            roles = Map.copyOf(roles);
        }
    }

    /**
     * What the server takes.
     *
     * @param connections that are open at a time
     * @param bodyBytes of a document
     * @param allBodiesBytes of all documents that are being received
     * @param headerBytes of a request, and of its first line
     * @param timeout until a request is complete, until an answer is taken, and as long as a connection may be idle
     * @param workers threads that do what is asked
     * @param queue requests that wait for one
     */
    public record Limits(
            int connections,
            int bodyBytes,
            int allBodiesBytes,
            int headerBytes,
            Duration timeout,
            int workers,
            int queue) {

        /** Those of the product. */
        public static final Limits DEFAULTS =
                new Limits(64, 16 << 20, 64 << 20, 8 << 10, Duration.ofSeconds(30), 4, 64);
    }
}
