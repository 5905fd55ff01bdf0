package io.sluice.rest.http;

import io.netty.channel.Channel;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The other end of a connection.
 *
 * @param remote its address
 * @param tls what was agreed upon; null without TLS
 */
record Peer(InetSocketAddress remote, SSLSession tls) {

    static Peer of(Channel channel) {
        SslHandler handler = channel.pipeline().get(SslHandler.class);
        return new Peer(
                (InetSocketAddress) channel.remoteAddress(),
                handler == null ? null : handler.engine().getSession());
    }

    /** Returns the certificate that it has shown; the authorities of the settings have signed it. */
    Optional<X509Certificate> certificate() {
        try {
            return tls != null && tls.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? Optional.of(certificate)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}
