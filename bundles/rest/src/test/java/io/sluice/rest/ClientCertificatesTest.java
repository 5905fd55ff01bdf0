package io.sluice.rest;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.sluice.management.Role;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.security.auth.x500.X500Principal;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** Who shows a certificate in the place of a token. */
public class ClientCertificatesTest {

    private static final Path FOLDER = Path.of("src/test/resources");
    private static final int ANSWER_MILLIS = 30_000;

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final FakeGateway gateway = new FakeGateway();
    private String viewer;
    private RestServer server;

    @Before
    public void start() throws Exception {
        TokenStore tokens =
                new TokenStore(folder.getRoot().toPath().resolve("tokens.json"), Clock.systemUTC(), () -> "");
        viewer = tokens.create("ci", Role.VIEWER);
        RestSettings.Clients clients = new RestSettings.Clients(
                FOLDER.resolve("clients-ca.pem"),
                Map.of(
                        new X500Principal("CN=deployer,O=Acme"), Role.ADMIN,
                        new X500Principal("CN=grafana"), Role.VIEWER));
        server = new RestServer(
                new RestSettings(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        FOLDER.resolve("rest-cert.pem"),
                        FOLDER.resolve("rest-key.pem"),
                        Instant.MAX,
                        clients,
                        RunningServer.FEW),
                gateway.gateway(),
                tokens,
                new Resources());
        server.start();
    }

    @After
    public void stop() {
        server.close();
    }

    private static File file(String name) {
        return FOLDER.resolve(name).toFile();
    }

    private static SSLContext context(String client) throws IOException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).trustManager(file("rest-cert.pem"));
        if (client != null) {
            builder.keyManager(file("client-" + client + "-cert.pem"), file("client-" + client + "-key.pem"));
        }
        return ((JdkSslContext) builder.build()).context();
    }

    /** @param client whose certificate is shown; null for none */
    private String send(String protocol, String client, String request, String headers) throws IOException {
        try (SSLSocket socket = (SSLSocket) context(client)
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(ANSWER_MILLIS);
            socket.setEnabledProtocols(new String[] {protocol});
            OutputStream out = socket.getOutputStream();
            out.write((request + " HTTP/1.1\r\nHost: localhost:8445\r\nConnection: close\r\n" + headers + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void answers(int status, String client, String request, String headers) throws IOException {
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            String answer = send(protocol, client, request, headers);
            assertTrue(answer, answer.startsWith("HTTP/1.1 " + status + " "));
        }
    }

    @Test
    public void aCertificateHasTheRoleOfItsWholeName() throws Exception {
        answers(204, "deployer", "DELETE /api/v1/backstores/disk1", "");
        assertEquals(
                "ClientPrincipal rest(/127.0.0.1:PORT), UserPrincipal cert:CN=deployer,O=Acme",
                gateway.callers.get(0).replaceFirst("(127.0.0.1:)\\d+", "$1PORT"));
        answers(200, "grafana", "GET /api/v1/gateway", "");
        answers(403, "grafana", "DELETE /api/v1/backstores/disk1", "");
        answers(403, "nobody", "GET /api/v1/gateway", "");
    }

    @Test
    public void withoutOneATokenCounts() throws Exception {
        answers(200, null, "GET /api/v1/gateway", "Authorization: Bearer " + viewer + "\r\n");
        answers(401, null, "GET /api/v1/gateway", "");
    }

    @Test
    public void aTokenThatIsSentCountsAlone() throws Exception {
        answers(403, "deployer", "DELETE /api/v1/backstores/disk1", "Authorization: Bearer " + viewer + "\r\n");
        answers(401, "deployer", "GET /api/v1/gateway", "Authorization: Bearer x\r\n");
        assertEquals(0, gateway.changes.size());
    }

    @Test
    public void aCertificateOfAnotherAuthorityGetsNoAnswer() {
        for (String protocol : new String[] {"TLSv1.3", "TLSv1.2"}) {
            assertThrows(
                    protocol,
                    IOException.class,
                    () -> require(send(protocol, "forged", "GET /api/v1/openapi.json", "")));
        }
    }

    private static void require(String answer) throws IOException {
        if (answer.isEmpty()) {
            throw new IOException("there is no answer");
        }
    }

    /** A browser shows the certificate for a page from anywhere. */
    @Test
    public void aPageOfAnotherServerChangesNothing() throws Exception {
        for (String origin : new String[] {"https://evil.example", "null", "http://localhost:8445"}) {
            answers(403, "deployer", "POST /api/v1/config/apply", "Origin: " + origin + "\r\n");
        }
        assertEquals(0, gateway.changes.size());
        answers(200, "deployer", "POST /api/v1/config/apply", "Origin: https://localhost:8445\r\n");
    }
}
