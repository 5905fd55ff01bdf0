package io.sluice.iscsi.fuzz;

import io.sluice.access.AccessRules;
import io.sluice.config.ChapConfig;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.IscsiName;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import io.sluice.iscsi.auth.Challenges;
import io.sluice.iscsi.login.Arrival;
import io.sluice.iscsi.login.LoginException;
import io.sluice.iscsi.login.LoginNegotiation;
import io.sluice.iscsi.login.LoginRequest;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The requests of a login: of each the flags, two bytes of the length of its text, and that. Nobody gets to the target that has to
 * be proven, whose secret no input has; and nobody gets through without having been let in.
 */
public final class LoginFuzz {

    private static final String OPEN = "iqn.2026-11.io.sluice:open";
    private static final String PROVEN = "iqn.2026-11.io.sluice:proven";
    private static final String HOST = "iqn.2026-11.com.example:host";
    private static final int MOST = 20;
    private static final ScsiTarget OPEN_TARGET = new ScsiTarget(OPEN);
    private static final ScsiTarget PROVEN_TARGET = new ScsiTarget(PROVEN);
    private static final AccessRules RULES = rules();

    private LoginFuzz() {}

    private static AccessRules rules() {
        TargetConfig open = new TargetConfig(new IscsiName(OPEN), true, null, List.of());
        TargetConfig proven = new TargetConfig(new IscsiName(PROVEN), true, null, List.of())
                .withGrants(List.of(new GrantConfig("host", null, false, false)));
        InitiatorConfig host = new InitiatorConfig(
                "host", List.of(HOST), null, new ChapConfig("user", "one"), new ChapConfig("gateway", "two"));
        return new AccessRules(
                new GatewayConfig(List.of(), List.of(), List.of(open, proven), List.of(host), List.of(), null),
                name -> ("a secret that nobody guesses, " + name).getBytes(StandardCharsets.UTF_8));
    }

    /** Tries one input. */
    public static void fuzzerTestOneInput(byte[] data) {
        InetAddress here = InetAddress.getLoopbackAddress();
        Arrival arrival = new Arrival(here, here, new PortalConfig("127.0.0.1", 3260));
        ByteBuffer in = ByteBuffer.wrap(data);
        try (LoginNegotiation login = new LoginNegotiation(
                name -> name.equals(OPEN) ? OPEN_TARGET : name.equals(PROVEN) ? PROVEN_TARGET : null,
                () -> RULES,
                new Challenges(),
                arrival)) {
            for (int i = 0; i < MOST && in.remaining() >= 3; i++) {
                boolean complete = login.answer(request(in)).completes();
                if (login.target() == PROVEN_TARGET || complete && login.admitted() == null) {
                    throw new AssertionError("let in");
                }
            }
        } catch (LoginException refused) {
            // This is what most of them deserve.
            if (refused.getMessage() == null) {
                throw new AssertionError("no reason", refused);
            }
        }
    }

    private static LoginRequest request(ByteBuffer in) {
        int flags = in.get();
        byte[] text = new byte[Math.min(in.getShort() & 0xFFFF, in.remaining())];
        in.get(text);
        return new LoginRequest(
                (flags & 0x80) != 0, (flags & 0x40) != 0, flags >> 2 & 3, flags & 3, 0, 1, 0, 0, 1, text);
    }
}
