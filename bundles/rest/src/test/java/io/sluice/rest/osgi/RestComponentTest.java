package io.sluice.rest.osgi;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.management.Gateway;
import io.sluice.management.PortalStatus;
import io.sluice.management.Role;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;
import org.junit.rules.TemporaryFolder;

/** The tokens of a gateway, which may have been refused. */
public class RestComponentTest {

    private static final String STATE = "sluice.state";

    @Rule
    public final TemporaryFolder folder = new TemporaryFolder();

    private final String before = System.getProperty(STATE);
    private volatile List<PortalStatus> portals = List.of();

    @After
    public void restore() {
        if (before == null) {
            System.clearProperty(STATE);
        } else {
            System.setProperty(STATE, before);
        }
    }

    @Test
    public void aGatewayThatWasRefusedHasNoTokensToChange() throws Exception {
        Path state = folder.getRoot().toPath().resolve("state");
        System.setProperty(STATE, state.toString());
        RestComponent rest = new RestComponent(gateway(), Map.of("address", "so that it does not listen"));
        try {
            ConfigException refused = assertThrows(ConfigException.class, () -> rest.create("ci", Role.VIEWER));
            assertEquals(
                    "this gateway serves nothing, and " + state
                            + " may not be its folder: mend what gateway:status says, then change tokens",
                    refused.getMessage());
            assertFalse(Files.exists(state));
            portals = List.of(new PortalStatus(PortalConfig.parse("127.0.0.1:3260"), true, ""));
            rest.create("ci", Role.VIEWER);
            assertTrue(Files.exists(state.resolve("tokens.json")));
        } finally {
            rest.close();
        }
    }

    private Gateway gateway() {
        return (Gateway) Proxy.newProxyInstance(
                Gateway.class.getClassLoader(), new Class<?>[] {Gateway.class}, (self, method, arguments) -> {
                    assertEquals("portals", method.getName());
                    return portals;
                });
    }
}
