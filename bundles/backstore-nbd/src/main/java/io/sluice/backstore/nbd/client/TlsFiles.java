package io.sluice.backstore.nbd.client;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sluice.backstore.Secret;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a TLS connection is made with, in PEM files.
 *
 * @param authority certificates of those who may vouch for the server; null for those of the Java runtime
 * @param certificate of this client; null for none
 * @param key of that certificate; null for none
 */
public record TlsFiles(Path authority, Path certificate, Secret key) {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    /** Reads the files; may wait for a disk. */
    SslContext read() throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols(PROTOCOLS);
        try {
            if (authority != null) {
                builder.trustManager(authority.toFile());
            }
            if (certificate != null && key != null) {
                try (InputStream chain = Files.newInputStream(certificate);
                        InputStream secret = new ByteArrayInputStream(key.reveal())) {
                    builder.keyManager(chain, secret);
                }
            }
            return builder.build();
        } catch (IllegalArgumentException wrong) {
            // The cause may have a part of what is in the file of the key.
            throw new IOException("its TLS files cannot be used: " + wrong.getMessage());
        }
    }
}
