package io.sluice.manager;

import static io.sluice.manager.GatewayFixture.PORTAL;
import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertFalse;
import static org.junit.Assert.assertThrows;
import static org.junit.Assert.assertTrue;

import io.sluice.access.Caller;
import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.LunView;
import io.sluice.config.PortalConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.management.AccessManagement;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetAddress;
import java.nio.file.Files;
import java.util.List;
import org.junit.Before;
import org.junit.Rule;
import org.junit.Test;
import org.junit.function.ThrowingRunnable;

public class AccessChangesTest {

    private static final IscsiName TARGET = new IscsiName("iqn.2026-11.io.sluice:disk");
    private static final IscsiName OTHER = new IscsiName("iqn.2026-11.io.sluice:other");
    private static final String ALICE = "iqn.2026-11.com.example:alice";
    private static final InitiatorConfig HOST = new InitiatorConfig("alice", List.of(ALICE), null, null, null);
    private static final PortalConfig ELSEWHERE = new PortalConfig("192.0.2.1", 3260);

    @Rule
    public final GatewayFixture fixture = new GatewayFixture();

    private AccessManagement access;

    @Before
    public void makeTarget() throws Exception {
        fixture.create("disk");
        fixture.gateway.createTarget(TARGET, List.of("disk"));
        access = fixture.gateway.access();
    }

    private static GrantConfig to(String initiator) {
        return new GrantConfig(initiator, List.of(), false, false);
    }

    private void refused(String message, ThrowingRunnable change) throws Exception {
        String before = Files.readString(fixture.document());
        assertEquals(message, assertThrows(ConfigException.class, change).getMessage());
        assertEquals(before, Files.readString(fixture.document()));
    }

    private boolean letsIn(String initiator) throws Exception {
        InetAddress address = InetAddress.getByName("127.0.0.1");
        return fixture.gateway
                .rules()
                .admission(new Caller(initiator, address, address, PORTAL), TARGET.value())
                .withoutProof();
    }

    private ScsiTarget published(IscsiName name) {
        return fixture.published.stream()
                .filter(target -> target.name().equals(name.value()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    public void aGrantLocksOthersOutAtOnceAndOutlivesARestart() throws Exception {
        assertTrue(letsIn("iqn.2026-11.com.example:bob"));
        access.createInitiator(HOST);
        int before = fixture.transport.accessChanges;
        access.allow(TARGET, to("alice"));
        assertTrue("sessions are looked at", fixture.transport.accessChanges > before);
        assertTrue(letsIn(ALICE));
        assertFalse(letsIn("iqn.2026-11.com.example:bob"));
        fixture.restart();
        assertTrue(letsIn(ALICE));
        assertFalse(letsIn("iqn.2026-11.com.example:bob"));
    }

    @Test
    public void theLastGrantIsTakenBackOnlyOnPurpose() throws Exception {
        access.createInitiator(HOST);
        access.allow(TARGET, to("alice"));
        refused(
                "that is the last grant of target " + TARGET + ", and without one it is open to everybody: grant it to"
                        + " another first, or use --open-to-all",
                () -> access.deny(TARGET, "alice", false));
        access.deny(TARGET, "alice", true);
        assertTrue(letsIn("iqn.2026-11.com.example:bob"));
    }

    @Test
    public void whatIsUsedIsNotDeleted() throws Exception {
        access.createInitiator(HOST);
        access.putInitiatorGroup(new InitiatorGroupConfig("all", List.of("alice")));
        access.allow(TARGET, to("alice"));
        access.allow(TARGET, to("all"));
        refused(
                "alice may use target " + TARGET + ": target:deny " + TARGET + " alice first",
                () -> access.deleteInitiator("alice"));
        access.deny(TARGET, "alice", false);
        refused("initiator alice is in the group all: take it out first", () -> access.deleteInitiator("alice"));
        refused(
                "all may use target " + TARGET + ": target:deny " + TARGET + " all first",
                () -> access.deleteInitiatorGroup("all"));
        access.deny(TARGET, "all", true);
        access.deleteInitiatorGroup("all");
        access.deleteInitiator("alice");
        assertEquals(List.of(), fixture.gateway.config().initiators());
    }

    @Test
    public void whatIsNotThereIsNamed() throws Exception {
        String initiators = ": initiator:list shows those that there are";
        refused("there is no initiator x" + initiators, () -> access.deleteInitiator("x"));
        refused("there is no group x" + initiators, () -> access.deleteInitiatorGroup("x"));
        refused(
                "there is no initiator x" + initiators,
                () -> access.putInitiatorGroup(new InitiatorGroupConfig("g", List.of("x"))));
        refused(
                "there is no initiator or group x" + initiators + ", initiator:create makes one",
                () -> access.allow(TARGET, to("x")));
        access.createInitiator(HOST);
        refused(
                "there is an initiator or a group alice already: choose another name, or change it with initiator:set",
                () -> access.createInitiator(HOST));
        refused(
                "target " + TARGET + " has no LUN 9: lun:list shows those that there are",
                () -> access.allow(TARGET, new GrantConfig("alice", List.of(new LunView(0, 9, false)), false, false)));
        refused(
                "no portal is in group 7: portal:list shows the groups that there are",
                () -> access.setTargetPortalGroups(TARGET, List.of(7)));
        refused(
                "target " + TARGET + " is not reached through portal group 7: target:info shows its groups",
                () -> access.setPortAccessState(TARGET, 7, AccessState.STANDBY));
    }

    @Test
    public void aPortalThatStrangersReachWantsConsent() throws Exception {
        refused(
                "target " + TARGET + " does not say who may use it, and " + ELSEWHERE
                        + " can be reached from other machines: target:allow it to somebody first, or say --open-to-all",
                () -> fixture.gateway.createPortal(ELSEWHERE));
        fixture.gateway.createPortal(new PortalConfig("192.0.2.2", 3260, 1, "", true));
        access.createInitiator(HOST);
        access.allow(TARGET, to("alice"));
        fixture.gateway.createPortal(ELSEWHERE);
        assertEquals(List.of(), fixture.gateway.status().problems());
        fixture.gateway.createTarget(OTHER, List.of());
        assertEquals(
                List.of("target " + OTHER + " can be used from this machine only, although " + ELSEWHERE
                        + " is open to others: target:allow says who may use it"),
                fixture.gateway.status().problems());
    }

    @Test
    public void targetPortsHaveNumbersOfTheirOwnForEver() throws Exception {
        fixture.gateway.createTarget(OTHER, List.of());
        fixture.gateway.createPortal(new PortalConfig("127.0.0.2", 3260, 2, "", false));
        assertEquals(
                List.of(new TargetPortConfig(1, 1, null), new TargetPortConfig(2, 3, null)),
                fixture.gateway.config().target(TARGET).orElseThrow().ports());
        assertEquals(
                List.of(
                        new ScsiTarget.Port(1, 2, AccessState.ACTIVE_OPTIMIZED),
                        new ScsiTarget.Port(2, 4, AccessState.ACTIVE_OPTIMIZED)),
                published(OTHER).ports());
        access.setTargetPortalGroups(OTHER, List.of(2));
        access.setPortAccessState(OTHER, 2, AccessState.STANDBY);
        assertEquals(
                List.of(new ScsiTarget.Port(2, 4, AccessState.STANDBY)),
                published(OTHER).ports());
        fixture.gateway.close();
        fixture.startWithoutPortals();
        assertEquals(
                List.of(new ScsiTarget.Port(2, 4, AccessState.STANDBY)),
                published(OTHER).ports());
        access = fixture.gateway.access();
        access.setTargetPortalGroups(OTHER, List.of());
        assertEquals(2, published(OTHER).ports().get(0).number());
        fixture.gateway.deleteTarget(TARGET, false);
        fixture.gateway.createTarget(TARGET, List.of());
        assertEquals(
                "no number is used again soon",
                5,
                published(TARGET).ports().get(0).number());
    }

    @Test
    public void numbersSurviveADocumentThatDoesNotNameThem() throws Exception {
        fixture.gateway.createTarget(OTHER, List.of());
        String text = Files.readString(fixture.document());
        Files.writeString(fixture.document(), text.replaceAll(",\\s*\"ports\" : \\[[^\\]]*\\]", ""));
        assertFalse(Files.readString(fixture.document()).contains("ports\" : [ {"));
        fixture.gateway.applyConfiguration();
        assertEquals(2, published(OTHER).ports().get(0).number());
    }

    @Test
    public void redirectionAndSecurityAreKept() throws Exception {
        access.setTargetRedirect(TARGET, new RedirectConfig("192.0.2.9", false));
        access.setSecurity(new SecurityConfig(null, true));
        fixture.restart();
        assertEquals(
                "192.0.2.9:3260",
                fixture.gateway.config().target(TARGET).orElseThrow().redirect().address());
        assertTrue(fixture.gateway.config().security().discoveryChap());
    }
}
