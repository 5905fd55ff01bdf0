package io.sluice.rest.certificate;

import static org.junit.Assert.assertArrayEquals;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.rest.FakeGateway;
import io.sluice.rest.RunningServer;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** A certificate that the server makes for itself. */
public class MadeCertificateTest {

    private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 0);

    @Rule
    public final TemporaryFolder temporary = new TemporaryFolder();

    private Path folder;

    @Before
    public void choose() {
        folder = temporary.getRoot().toPath().resolve("state/rest");
    }

    private MadeCertificate.Files at(InetSocketAddress address, Duration later) throws IOException {
        Clock clock = Clock.fixed(Instant.now().plus(later), ZoneOffset.UTC);
        return new MadeCertificate(folder, clock).at(address);
    }

    private byte[] certificate() throws IOException {
        return Files.readAllBytes(folder.resolve("certificate.pem"));
    }

    private boolean isAnother(byte[] before) throws IOException {
        return !java.util.Arrays.equals(before, certificate());
    }

    @Test
    public void aClientThatTrustsItIsAnswered() throws Exception {
        MadeCertificate.Files made = at(HERE, Duration.ZERO);
        RestSettings settings =
                new RestSettings(HERE, null, null, RunningServer.FEW).with(made.certificate(), made.key(), Instant.MAX);
        TokenStore tokens = new TokenStore(folder.resolve("tokens.json"), Clock.systemUTC(), () -> "");
        try (RestServer server = new RestServer(settings, new FakeGateway().gateway(), tokens, new Resources())) {
            server.start();
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            Certificate trusted = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate()));
            store.setCertificateEntry("rest", trusted);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            HttpClient client = HttpClient.newBuilder().sslContext(context).build();
            for (String host : List.of("127.0.0.1", "localhost")) {
                URI live = URI.create("https://" + host + ":" + server.address().getPort() + "/health/live");
                HttpResponse<String> answer =
                        client.send(HttpRequest.newBuilder(live).build(), HttpResponse.BodyHandlers.ofString());
                assertEquals(200, answer.statusCode());
            }
        }
    }

    @Test
    public void itIsKeptUntilItsEndIsNear() throws Exception {
        MadeCertificate.Files made = at(HERE, Duration.ZERO);
        byte[] before = certificate();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made.key())));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(2, files.count());
        }
        assertTrue(made.renewal().isAfter(Instant.now().plus(Duration.ofDays(366))));
        assertTrue(made.renewal().isBefore(Instant.now().plus(Duration.ofDays(368))));
        assertEquals(made, at(HERE, Duration.ofDays(366)));
        assertArrayEquals(before, certificate());
        at(HERE, Duration.ofDays(368));
        assertTrue(isAnother(before));
    }

    @Test
    public void oneOfAClockThatWasAheadIsMadeAnew() throws Exception {
        at(HERE, Duration.ZERO);
        byte[] before = certificate();
        at(HERE, Duration.ofMinutes(-30));
        assertArrayEquals(before, certificate());
        at(HERE, Duration.ofDays(-2));
        assertTrue(isAnother(before));
    }

    @Test
    public void itIsMadeAnewForAnotherAddress() throws Exception {
        at(HERE, Duration.ZERO);
        byte[] before = certificate();
        at(new InetSocketAddress("::1", 0), Duration.ZERO);
        at(new InetSocketAddress("0.0.0.0", 0), Duration.ZERO);
        assertFalse(isAnother(before));
        at(new InetSocketAddress("192.0.2.7", 0), Duration.ZERO);
        assertTrue(isAnother(before));
    }

    @Test
    public void whatIsNoPairIsMadeAnew() throws Exception {
        MadeCertificate.Files made = at(HERE, Duration.ZERO);
        byte[] before = certificate();
        byte[] key = Files.readAllBytes(made.key());
        at(new InetSocketAddress("192.0.2.7", 0), Duration.ZERO);
        Files.write(made.key(), key);
        byte[] wrong = certificate();
        at(new InetSocketAddress("192.0.2.7", 0), Duration.ZERO);
        assertTrue(isAnother(wrong) && isAnother(before));
        Files.writeString(made.key(), "nothing");
        byte[] broken = certificate();
        at(HERE, Duration.ZERO);
        assertTrue(isAnother(broken));
    }

    @Test
    public void oneThatStillCountsIsUsedWhenNoneCanBeMade() throws Exception {
        MadeCertificate.Files made = at(HERE, Duration.ZERO);
        byte[] before = certificate();
        // What is in the way of the folder that the next one is made in.
        Files.createDirectories(folder.resolve(".making/other"));
        Duration later = Duration.ofDays(370);
        MadeCertificate.Files kept = at(HERE, later);
        assertArrayEquals(before, certificate());
        assertEquals(made.certificate(), kept.certificate());
        assertTrue(kept.renewal().isAfter(Instant.now().plus(later)));
        IOException refused = assertThrows(IOException.class, () -> at(HERE, Duration.ofDays(400)));
        assertTrue(refused.getMessage(), refused.getMessage().startsWith("a certificate cannot be made: "));
    }
}
