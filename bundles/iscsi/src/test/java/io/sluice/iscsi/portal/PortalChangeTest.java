package io.sluice.iscsi.portal;

import static io.sluice.iscsi.portal.TestServer.LUN_0;
import static io.sluice.iscsi.portal.TestServer.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.access.AccessRules;
import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.connection.ServerSettings;
import io.sluice.testkit.initiator.Cdb;
import io.sluice.testkit.initiator.TestInitiator;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.Rule;
import org.junit.Test;

/** A portal is opened, or not, and what it is changes while it listens. */
public final class PortalChangeTest {

    @Rule
    public final TestServer server = new TestServer();

    private PortalConfig portal(int group, String announce) {
        InetSocketAddress address = server.portal();
        return new PortalConfig("127.0.0.1", address.getPort(), group, announce, false);
    }

    @Test
    public void sessionsGoOnAndWhoComesNextSeesWhatIsNew() throws Exception {
        TestInitiator before = server.login();
        TestInitiator connected = server.connect();
        server.server().listen(portal(7, "192.0.2.9:3270"));
        assertEquals(List.of(portal(7, "192.0.2.9:3270")), server.server().listening());
        before.execute(LUN_0, Cdb.testUnitReady(), null, 0).expectGood();
        connected.login(TARGET).execute(LUN_0, Cdb.testUnitReady(), null, 0);
        TestInitiator after = server.connect();
        Map<String, String> keys = after.tryLogin(after.names("Normal", TARGET)).keys();
        assertEquals("7", keys.get("TargetPortalGroupTag"));
        String targets = server.connect().loginDiscovery().text(Map.of("SendTargets", "All"));
        assertTrue(targets, targets.contains("192.0.2.9:3270,7"));
        server.server().unlisten(portal(7, "192.0.2.9:3270"));
        assertEquals(List.of(), server.server().listening());
    }

    @Test
    public void addressInUse() {
        PortalConfig taken = new PortalConfig("127.0.0.1", server.portal().getPort());
        try (IscsiServer other = new IscsiServer(ServerSettings.DEFAULTS, () -> AccessRules.NOBODY)) {
            ConfigException inUse = assertThrows(ConfigException.class, () -> other.listen(taken));
            assertTrue(inUse.getMessage(), inUse.getMessage().contains("the address is in use"));
        }
        PortalConfig unknown = new PortalConfig("no-such-host.invalid", 3260);
        ConfigException refused =
                assertThrows(ConfigException.class, () -> server.server().listen(unknown));
        assertFalse(refused.getMessage().contains("\n"));
    }
}
