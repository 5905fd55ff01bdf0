package io.sluice.iscsi.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.sluice.access.AccessRules;
import io.sluice.access.Caller;
import io.sluice.access.Grant;
import io.sluice.config.AccessState;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.SecurityConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.login.Admitted;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** Discovery by SendTargets (RFC 7143 Appendix C). */
public final class SendTargetsTest {

    private static final List<PortalConfig> PORTALS = List.of(
            new PortalConfig("0.0.0.0", 3260, 1, "", true),
            new PortalConfig("2001:db8::1", 3261, 1, "", true),
            new PortalConfig("::", 3262, 7, "", true),
            new PortalConfig("192.0.2.7", 3263, 1, "198.51.100.1:860", true),
            PortalConfig.parse("192.0.2.7:3264"));
    private static final List<ScsiTarget> TARGETS =
            List.of(enabled("iqn.2026-11.x:a"), enabled("iqn.2026-11.x:b"), enabled("iqn.2026-11.x:granted"));
    private static final String LOCAL = "192.0.2.7";

    private static ScsiTarget enabled(String name) {
        ScsiTarget target = new ScsiTarget(name);
        target.setEnabled(true);
        return target;
    }

    @Test
    public void wildcardsStandForTheLocalAddress() {
        assertEquals(
                "TargetName=iqn.2026-11.x:a|TargetAddress=192.0.2.7:3260,1|TargetAddress=[2001:db8::1]:3261,1"
                        + "|TargetAddress=192.0.2.7:3262,7|TargetAddress=198.51.100.1:860,1|",
                answer("IQN.2026-11.X:A", null, LOCAL, "iqn.2026-11.host:b"));
        assertEquals(
                "TargetName=iqn.2026-11.x:b|TargetAddress=[2001:db8::7]:3260,1|TargetAddress=[2001:db8::1]:3261,1"
                        + "|TargetAddress=[2001:db8::7]:3262,7|TargetAddress=198.51.100.1:860,1|",
                answer("", "iqn.2026-11.x:b", "2001:db8::7", "iqn.2026-11.host:b"));
    }

    /** The name of an interface of the gateway means nothing to an initiator, and is no part of an address there. */
    @Test
    public void anInterfaceIsNotNamed() {
        PortalConfig zoned = new PortalConfig("fe80::1%eth0", 3260, 1, "", true);
        assertEquals("[fe80::1%eth0]:3260", zoned.address());
        Directory directory =
                new Directory(TARGETS, List.of(zoned), new AccessRules(config(List.of(zoned)), name -> null));
        byte[] text = new SendTargets(directory, asks(LOCAL, "iqn.2026-11.host:b")).answer("iqn.2026-11.x:a", null);
        assertEquals("TargetName=iqn.2026-11.x:a|TargetAddress=[fe80::1]:3260,1|", lines(text));
    }

    @Test
    public void valuesThatAreNotForTheSession() {
        assertNull(answer("All", "iqn.2026-11.x:a", LOCAL, "iqn.2026-11.host:b"));
        assertNull(answer("", null, LOCAL, "iqn.2026-11.host:b"));
        assertEquals("", answer("iqn.c", null, LOCAL, "iqn.2026-11.host:b"));
        assertEquals(10, answer("All", null, LOCAL, "iqn.2026-11.host:b").split("\\|").length);
    }

    /** Only what the initiator may use is shown, and only where it may. */
    @Test
    public void whatTheInitiatorMayUse() {
        assertEquals("", answer("iqn.2026-11.x:granted", null, LOCAL, "iqn.2026-11.host:b"));
        assertEquals(
                "TargetName=iqn.2026-11.x:granted|TargetAddress=192.0.2.7:3262,7|",
                answer("iqn.2026-11.x:granted", null, LOCAL, "iqn.2026-11.host:a"));
    }

    private static String answer(String value, String sessionTarget, String local, String initiator) {
        Directory directory = new Directory(TARGETS, PORTALS, new AccessRules(config(PORTALS), name -> null));
        byte[] text = new SendTargets(directory, asks(local, initiator)).answer(value, sessionTarget);
        return text == null ? null : lines(text);
    }

    private static String lines(byte[] text) {
        return new String(text, StandardCharsets.UTF_8).replace('\0', '|');
    }

    private static Admitted asks(String local, String initiator) {
        InetAddress here = new InetSocketAddress(local, 3260).getAddress();
        return new Admitted(
                new Caller(initiator, here, here, PORTALS.get(0)), null, new Grant("", List.of(), false, false, ""));
    }

    private static GatewayConfig config(List<PortalConfig> portals) {
        InitiatorConfig host = new InitiatorConfig("a", List.of("iqn.2026-11.host:a"), List.of(), null, null);
        return new GatewayConfig(
                portals,
                List.of(),
                List.of(
                        target("iqn.2026-11.x:a", List.of(), List.of()),
                        target("iqn.2026-11.x:b", List.of(), List.of()),
                        target(
                                "iqn.2026-11.x:granted",
                                List.of(new GrantConfig("a", List.of(), false, false)),
                                List.of(7))),
                List.of(host),
                List.of(),
                SecurityConfig.DEFAULT);
    }

    private static TargetConfig target(String name, List<GrantConfig> grants, List<Integer> groups) {
        return new TargetConfig(
                new IscsiName(name), true, AccessState.ACTIVE_OPTIMIZED, List.of(), grants, groups, List.of(), null);
    }
}
