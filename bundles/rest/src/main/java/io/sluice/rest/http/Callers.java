package io.sluice.rest.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.sluice.management.Role;
import io.sluice.rest.shape.RefusedException;
import io.sluice.rest.token.FailedAttempts;
import io.sluice.rest.token.TokenStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds out who calls. Never waits; any thread may call. */
final class Callers {

    private static final Pattern BEARER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]{1,256})");
    private static final int MOST_FAILED = 10;

    private final TokenStore tokens;
    private final RestSettings.Clients clients;
    private final FailedAttempts attempts = new FailedAttempts(MOST_FAILED, System::nanoTime);

    Callers(TokenStore tokens, RestSettings.Clients clients) {
        this.tokens = tokens;
        this.clients = clients;
    }

    /**
     * Returns who calls.
     *
     * @param needed what he has to be
     * @throws RefusedException if he is nobody, or is not
     */
    Caller withRole(Role needed, HttpHeaders headers, Peer peer) {
        Caller caller = of(headers, peer);
        check(caller, needed);
        return caller;
    }

    /**
     * Returns who calls.
     *
     * @throws RefusedException if he is nobody
     */
    Caller of(HttpHeaders headers, Peer peer) {
        List<String> authorization = headers.getAll(HttpHeaderNames.AUTHORIZATION);
        if (authorization.isEmpty() && clients.authorities() != null) {
            Optional<X509Certificate> certificate = peer.certificate();
            if (certificate.isPresent()) {
                return bearerOf(certificate.get(), headers);
            }
        }
        return bearer(authorization).flatMap(this::holder).orElseThrow(() -> stranger(authorization.isEmpty(), peer));
    }

    /** @throws RefusedException if somebody has not the role that is needed */
    static void check(Caller caller, Role needed) {
        if (!caller.role().includes(needed)) {
            throw new RefusedException(
                    403,
                    "this needs the role " + needed.label() + ", and "
                            + caller.name().replaceFirst(":", " ") + " has "
                            + caller.role().label());
        }
    }

    private Caller bearerOf(X509Certificate certificate, HttpHeaders headers) {
        String name = certificate.getSubjectX500Principal().getName();
        Role role = clients.roles().get(certificate.getSubjectX500Principal());
        if (role == null) {
            throw new RefusedException(
                    403, "nobody has said what " + name + " may: clients in etc/io.sluice.rest.cfg says it");
        }
        if (!isValid(certificate)) {
            throw new RefusedException(401, "the certificate of " + name + " has ended");
        }
        checkOrigin(headers);
        return new Caller("cert:" + name, role, () -> isValid(certificate));
    }

    /** A connection may last longer than the certificate that was shown when it began. */
    private static boolean isValid(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateException over) {
            return false;
        }
    }

    /** A browser shows a certificate for any page that asks it to send something. A token it does not. */
    private static void checkOrigin(HttpHeaders headers) {
        String own = "https://" + headers.get(HttpHeaderNames.HOST, "");
        if (headers.getAll(HttpHeaderNames.ORIGIN).stream().anyMatch(origin -> !origin.equalsIgnoreCase(own))) {
            throw new RefusedException(403, "a page of another server asks for this");
        }
    }

    private Optional<Caller> holder(String text) {
        return tokens.find(text)
                .map(token -> new Caller("token:" + token.name(), token.role(), tokens.stillCounts(text)));
    }

    private static Optional<String> bearer(List<String> authorization) {
        Matcher form = BEARER.matcher(authorization.size() == 1 ? authorization.get(0) : "");
        return form.matches() ? Optional.of(form.group(1)) : Optional.empty();
    }

    private RefusedException stranger(boolean withoutToken, Peer peer) {
        if (attempts.tooMany(peer.remote().getAddress())) {
            return new RefusedException(429, "too many requests without a token that counts").with("Retry-After", "1");
        }
        return withoutToken
                ? new RefusedException(401, "a token is missing: send it as Authorization: Bearer TOKEN")
                        .with("WWW-Authenticate", "Bearer realm=\"sluice\"")
                : new RefusedException(401, "this token does not count: token:list shows those that do")
                        .with("WWW-Authenticate", "Bearer realm=\"sluice\", error=\"invalid_token\"");
    }
}
