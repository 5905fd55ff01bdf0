package io.sluice.rest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.management.Gateway;
import io.sluice.management.Role;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.After;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The tokens and the certificate of a gateway, which may not have its folder of states. */
public class RestComponentTest {

    private static final String STATE = "sluice.state";
    private static final String NOT_MOUNTED = "the state of the disks is not there: mount it";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String before = System.getProperty(STATE);
    private volatile Optional<String> problem = Optional.of(NOT_MOUNTED);

    @Before
    public void set() {
        System.setProperty(STATE, state().toString());
    }

    @After
    public void restore() {
        if (before == null) {
            System.clearProperty(STATE);
        } else {
            System.setProperty(STATE, before);
        }
    }

    @Test
    public void aGatewayWithoutItsFolderHasNoTokensToChange() throws Exception {
        RestComponent rest = new RestComponent(gateway(), Map.of("address", "so that it does not listen"));
        try {
            ConfigException refused = assertThrows(ConfigException.class, () -> rest.create("ci", Role.VIEWER));
            assertEquals(NOT_MOUNTED, refused.getMessage());
            assertFalse(Files.exists(state()));
            problem = Optional.empty();
            rest.create("ci", Role.VIEWER);
            assertTrue(Files.exists(state().resolve("tokens.json")));
        } finally {
            rest.close();
        }
    }

    @Test
    public void tokensAreReadWhenTheFolderIsThereThoughNobodyAsksForThem() throws Exception {
        RestComponent rest = new RestComponent(gateway(), Map.of("address", "so that it does not listen"));
        try {
            Files.createDirectories(state());
            Files.writeString(state().resolve("tokens.json"), "torn");
            assertFalse(hasReadTokens(rest));
            problem = Optional.empty();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!hasReadTokens(rest)) {
                assertTrue("the tokens are not read", System.nanoTime() < end);
                Thread.onSpinWait();
            }
        } finally {
            rest.close();
        }
    }

    private static boolean hasReadTokens(RestComponent rest) {
        return rest.problems().stream().anyMatch(line -> line.contains("tokens.json cannot be read"));
    }

    @Test
    public void noCertificateIsMadeWhereAnotherGatewayMayHaveOne() {
        RestComponent rest = new RestComponent(gateway(), Map.of("address", "127.0.0.1:8445", "certificate", "made"));
        try {
            assertEquals(
                    List.of(
                            "REST does not listen, see etc/io.sluice.rest.cfg: no certificate is made where another gateway"
                                    + " may have one: " + NOT_MOUNTED),
                    rest.problems());
            assertFalse(Files.exists(state()));
        } finally {
            rest.close();
        }
    }

    private Path state() {
        return folder.getRoot().toPath().resolve("state");
    }

    private Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (self, method, arguments) -> {
                    assertEquals("stateProblem", method.getName());
                    return problem;
                });
    }
}
