package io.sluice.manager;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.volume.VolumeSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.After;
import org.junit.Rule;
import org.junit.Test;

/** Two gateways that were given the same folder of states: the second one serves nothing, and touches nothing. */
public class TwoGatewaysTest {

    private static final PortalConfig PORTAL = new PortalConfig("127.0.0.1", 3270);

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private GatewayManager second;

    @After
    public void close() {
        if (second != null) {
            second.close();
        }
    }

    private GatewayManager another(Path document) {
        return new GatewayManager(
                new GatewaySettings(
                        document, fixture.state(), PORTAL, 0, VolumeSettings.DEFAULTS, Patience.DEFAULTS, List.of()),
                target -> () -> {},
                "1.0");
    }

    @Test
    public void theSecondOneServesNothingAsLongAsTheFirstOneIsThere() throws Exception {
        fixture.create("disk");
        Path document = fixture.document().resolveSibling("another.json");
        Files.copy(fixture.document(), document);
        second = another(document);
        String refusal = "another gateway uses " + fixture.state()
                + ": give this one a folder of its own by SLUICE_STATE, or stop the other, then restart";
        assertEquals(List.of(refusal), second.status().problems());
        assertEquals(Optional.of(refusal), second.stateProblem());
        assertEquals(List.of(), second.portals());
        assertEquals(List.of(), second.backstores());
        assertThrows(ConfigException.class, () -> second.createBackstore(GatewayFixture.request("other")));
        ConfigException refused = assertThrows(ConfigException.class, () -> second.applyConfiguration());
        assertEquals(refusal, refused.getMessage());
        fixture.create("more");
        fixture.gateway.close();
        second.applyConfiguration();
        assertFalse(second.status().problems().contains(refusal));
        assertEquals(Optional.empty(), second.stateProblem());
        assertEquals(1, second.backstores().size());
    }
}
