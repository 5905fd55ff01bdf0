package io.sluice.rest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.management.Role;
import io.sluice.rest.FakeGateway;
import io.sluice.rest.http.RestServer;
import io.sluice.rest.http.RestSettings;
import io.sluice.rest.resource.Resources;
import io.sluice.rest.token.TokenStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import javax.security.auth.x500.X500Principal;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** What the settings may be. */
public class RestSettingsFileTest {

    private static final Path ETC = Path.of("/somewhere/etc");

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    @Test
    public void withoutAFileItIsForThisMachine() throws IOException {
        RestSettings settings = RestSettingsFile.of(Map.of(), ETC).settings();
        assertTrue(settings.address().getAddress().isLoopbackAddress());
        assertEquals(8445, settings.address().getPort());
        assertNull(settings.certificate());
    }

    @Test
    public void pathsBeginInEtc() throws IOException {
        RestSettings settings = RestSettingsFile.of(
                        Map.of("address", "[::1]:9000", "certificate", "rest.pem", "key", "/k.pem"), ETC)
                .settings();
        assertEquals(Path.of("/somewhere/etc/rest.pem"), settings.certificate());
        assertEquals(Path.of("/k.pem"), settings.key());
        assertEquals(9000, settings.address().getPort());
    }

    @Test
    public void whatDoesNotDoIsToldInALine() throws IOException {
        for (String wrong : new String[] {"127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "nobody.invalid:80", ":80"}) {
            IOException refused =
                    assertThrows(IOException.class, () -> RestSettingsFile.of(Map.of("address", wrong), ETC));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("address: "));
        }
        assertEquals(
                1, RestSettingsFile.of(Map.of("adress", "x"), ETC).problems().size());
    }

    @Test
    public void anAddressForOthersNeedsTls() throws IOException {
        assertRefused(Map.of("address", "0.0.0.0:18445"), "Set certificate and key");
        assertRefused(Map.of("certificate", "rest.pem"), "go together");
        assertRefused(Map.of("certificate", "rest.pem", "key", "rest.pem"), "cannot be used");
    }

    @Test
    public void aCertificateMayBeMade() throws IOException {
        RestSettingsFile file = RestSettingsFile.of(Map.of("certificate", "made"), ETC);
        assertTrue(file.made());
        assertNull(file.settings().certificate());
        IOException refused = assertThrows(
                IOException.class, () -> RestSettingsFile.of(Map.of("certificate", "made", "key", "k.pem"), ETC));
        assertTrue(refused.getMessage(), refused.getMessage().contains("leave it out"));
    }

    @Test
    public void whoMayShowACertificateIsATable() throws IOException {
        RestSettings.Clients clients = RestSettingsFile.of(
                        Map.of("clientCertificates", "ca.pem", "clients", "CN=a, O=Acme:admin; CN=b:viewer;"), ETC)
                .settings()
                .clients();
        assertEquals(Path.of("/somewhere/etc/ca.pem"), clients.authorities());
        assertEquals(
                Map.of(new X500Principal("CN=a,O=Acme"), Role.ADMIN, new X500Principal("CN=b"), Role.VIEWER),
                clients.roles());
        for (String wrong : new String[] {"CN=a", ":admin", "a:admin", "CN=a:root", "CN=a:admin;cn=A:viewer", ";"}) {
            IOException refused = assertThrows(
                    IOException.class,
                    () -> RestSettingsFile.of(Map.of("clientCertificates", "ca.pem", "clients", wrong), ETC));
            assertTrue(refused.getMessage(), refused.getMessage().startsWith("clients: "));
        }
    }

    @Test
    public void whatGoesTogetherIsThereTogether() throws IOException {
        for (String alone : new String[] {"clientCertificates", "clients"}) {
            IOException refused =
                    assertThrows(IOException.class, () -> RestSettingsFile.of(Map.of(alone, "CN=a:admin"), ETC));
            assertTrue(refused.getMessage(), refused.getMessage().contains("go together"));
        }
        assertRefused(Map.of("clientCertificates", "ca.pem", "clients", "CN=a:admin"), "goes with certificate and key");
        String resources = Path.of("src/test/resources").toAbsolutePath() + "/";
        assertRefused(
                Map.of(
                        "certificate", resources + "rest-cert.pem",
                        "key", resources + "rest-key.pem",
                        "clientCertificates", resources + "rest-key.pem",
                        "clients", "CN=a:admin"),
                "those who sign");
    }

    private void assertRefused(Map<String, String> values, String words) throws IOException {
        RestSettings settings = RestSettingsFile.of(values, ETC).settings();
        TokenStore tokens = new TokenStore(folder.getRoot().toPath().resolve("t"), Clock.systemUTC(), () -> "");
        try (RestServer server = new RestServer(settings, new FakeGateway().gateway(), tokens, new Resources())) {
            IOException refused = assertThrows(IOException.class, server::start);
            assertTrue(refused.getMessage(), refused.getMessage().contains(words));
        }
    }
}
