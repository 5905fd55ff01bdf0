package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.PORTAL;
import static io.sluice.manager.GatewayFixture.TARGET;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertThrows;

import io.sluice.config.ConfigException;
import io.sluice.config.PortalConfig;
import java.nio.file.Files;
import java.util.List;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

/** A portal changes while it listens. */
public class PortalChangesTest {

    private static final PortalConfig CHANGED = new PortalConfig(PORTAL.host(), PORTAL.port(), 2, "192.0.2.9", false);

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private void refused(String message, ThrowingRunnable change) {
        List<PortalConfig> before = fixture.transport.listening();
        assertEquals(message, assertThrows(ConfigException.class, change).getMessage());
        assertEquals(before, fixture.transport.listening());
    }

    @Test
    public void itGoesOnListeningAndSessionsGoOn() throws Exception {
        fixture.gateway.createTarget(TARGET, List.of());
        fixture.transport.logIn(TARGET.value());
        int looked = fixture.transport.accessChanges;
        fixture.gateway.changePortal(CHANGED);
        assertEquals(List.of("listen " + PORTAL, "change " + PORTAL), fixture.transport.account);
        assertEquals(List.of(CHANGED), fixture.transport.listening());
        assertEquals(1, fixture.gateway.sessions().size());
        assertEquals("sessions are looked at", looked + 1, fixture.transport.accessChanges);
        assertEquals(
                "the target has a port of that group",
                2,
                fixture.published.get(0).ports().get(0).groupTag());
        fixture.gateway.close();
        fixture.startWithoutPortals();
        Eventually.isEqual(List.of(CHANGED), fixture.transport::listening);
    }

    @Test
    public void aChangeByHandKeepsTheSocketToo() throws Exception {
        fixture.gateway.changePortal(CHANGED);
        String text = Files.readString(fixture.document());
        fixture.transport.account.clear();
        Files.writeString(fixture.document(), text.replaceAll("\"group\" : 2", "\"group\" : 3"));
        assertEquals(List.of("portal " + PORTAL + " changed"), fixture.gateway.applyConfiguration());
        assertEquals(List.of("change " + PORTAL), fixture.transport.account);
        assertEquals(3, fixture.transport.listening().get(0).group());
    }

    @Test
    public void whatCannotBeSavedIsAsItWas() throws Exception {
        fixture.gateway.createTarget(TARGET, List.of());
        Files.writeString(fixture.document(), Files.readString(fixture.document()) + "\n");
        refused(
                fixture.document() + " was changed by someone else and is left as it is: gateway:apply uses it as it is"
                        + " now, and so does a restart",
                () -> fixture.gateway.changePortal(CHANGED));
        assertEquals(List.of(PORTAL), fixture.transport.listening());
    }

    @Test
    public void oneThatIsWaitedForComesAsItIsThen() throws Exception {
        PortalConfig taken = FakeTransport.TAKEN;
        fixture.gateway.unsetTransport(fixture.transport);
        fixture.gateway.createPortal(taken);
        FakeTransport next = new FakeTransport();
        fixture.gateway.setTransport(next);
        Eventually.isEqual(1, () -> fixture.gateway.status().problems().size());
        PortalConfig changed = new PortalConfig(taken.host(), taken.port(), 4, "", true);
        fixture.gateway.changePortal(changed);
        assertEquals(1, fixture.gateway.status().problems().size());
        next.addressesAreThere = true;
        Eventually.isEqual(List.of(PORTAL, changed), next::listening);
        assertEquals(List.of(), fixture.gateway.status().problems());
    }

    @Test
    public void whatIsNotThereIsNamed() {
        refused(
                "there is no portal 127.0.0.9:3260: portal:list shows those that there are",
                () -> fixture.gateway.changePortal(new PortalConfig("127.0.0.9", 3260)));
    }

    @Test
    public void aGroupThatWouldLetStrangersInWantsConsent() throws Exception {
        fixture.gateway.createTarget(TARGET, List.of());
        fixture.gateway.access().setTargetPortalGroups(TARGET, List.of(1));
        fixture.gateway.createPortal(new PortalConfig("192.0.2.1", 3260, 2, "", false));
        PortalConfig changed = new PortalConfig("192.0.2.1", 3260, 1, "", false);
        refused(
                "target " + TARGET + " does not say who may use it, and " + changed
                        + " can be reached from other machines: target:allow it to somebody first, or say --open-to-all",
                () -> fixture.gateway.changePortal(changed));
        fixture.gateway.changePortal(new PortalConfig("192.0.2.1", 3260, 1, "", true));
        fixture.gateway.changePortal(changed);
        assertEquals(1, fixture.gateway.status().problems().size());
    }
}
