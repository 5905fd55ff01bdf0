package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The server with a certificate. */
public class TlsTest {

    private static final Path CERTIFICATE = Path.of("src/test/resources/rest-cert.pem");
    private static final Path KEY = Path.of("src/test/resources/rest-key.pem");
    private static final int ANSWER_MILLIS = 30_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private String token;
    private RestServer server;

    @Before
    public void start() throws Exception {
        TokenStore tokens =
                new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> "");
        token = tokens.create("ci", Role.VIEWER);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = new RestServer(
                new RestSettings(address, CERTIFICATE, KEY, RunningServer.FEW),
                new FakeGateway().gateway(),
                tokens,
                new Resources());
        server.start();
    }

    @After
    public void stop() {
        server.close();
    }

    private String get(String protocol) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(CERTIFICATE)) {
            store.setCertificateEntry(
                    "rest", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setEnabledProtocols(new String[] {protocol});
            OutputStream out = socket.getOutputStream();
            out.write(("GET /api/v1/gateway HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                            + token + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    public void itAnswersByBothVersions() throws Exception {
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            String answer = get(protocol);
            assertTrue(answer, answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("}"));
        }
    }

    @Test
    public void olderOnesAreRefused() {
        assertThrows(IOException.class, () -> get("TLSv1.1"));
    }

    @Test
    public void whoSpeaksNoTlsGetsNothing() throws Exception {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.getOutputStream()
                    .write("GET /api/v1/openapi.json HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertEquals(-1, answer.indexOf("HTTP"));
        }
        itAnswersByBothVersions();
    }
}
