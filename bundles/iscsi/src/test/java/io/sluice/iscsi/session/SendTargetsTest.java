package io.sluice.iscsi.session;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertNull;

import io.sluice.config.PortalConfig;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.Test;

/** Discovery by SendTargets (RFC 7143 Appendix C). */
public final class SendTargetsTest {

    private static final List<PortalConfig> PORTALS = List.of(
            PortalConfig.parse("0.0.0.0:3260"),
            PortalConfig.parse("[2001:db8::1]:3261"),
            PortalConfig.parse("[::]:3262"));
    private static final List<ScsiTarget> TARGETS = List.of(new ScsiTarget("iqn.a"), new ScsiTarget("iqn.b"));
    private static final InetSocketAddress LOCAL = new InetSocketAddress("192.0.2.7", 3260);

    @Test
    public void wildcardsStandForTheLocalAddress() {
        assertEquals(
                "TargetName=iqn.a|TargetAddress=192.0.2.7:3260,1|TargetAddress=[2001:db8::1]:3261,1"
                        + "|TargetAddress=192.0.2.7:3262,1|",
                answer("IQN.A", null, LOCAL));
        InetSocketAddress local6 = new InetSocketAddress("2001:db8::7", 3260);
        assertEquals(
                "TargetName=iqn.b|TargetAddress=[2001:db8:0:0:0:0:0:7]:3260,1|TargetAddress=[2001:db8::1]:3261,1"
                        + "|TargetAddress=[2001:db8:0:0:0:0:0:7]:3262,1|",
                answer("", "iqn.b", local6));
    }

    @Test
    public void valuesThatAreNotForTheSession() {
        assertNull(new SendTargets(TARGETS, PORTALS, LOCAL).answer("All", "iqn.a"));
        assertNull(new SendTargets(TARGETS, PORTALS, LOCAL).answer("", null));
        assertEquals("", answer("iqn.c", null, LOCAL));
        assertEquals(8, answer("All", null, LOCAL).split("\\|").length);
    }

    private static String answer(String value, String sessionTarget, InetSocketAddress local) {
        return new String(new SendTargets(TARGETS, PORTALS, local).answer(value, sessionTarget), StandardCharsets.UTF_8)
                .replace('\0', '|');
    }
}
