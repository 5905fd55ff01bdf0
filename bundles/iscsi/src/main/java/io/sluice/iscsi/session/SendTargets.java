package io.sluice.iscsi.session;

import io.sluice.config.PortalConfig;
import io.sluice.iscsi.login.LoginNegotiation;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.iscsi.text.TextKey;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** The answer to SendTargets: targets with every portal that reaches them (RFC 7143 13.3, appendix C). */
public final class SendTargets {

    private final Collection<ScsiTarget> targets;
    private final Collection<PortalConfig> portals;
    private final InetSocketAddress local;

    /**
     * @param targets all targets
     * @param portals all portals that listen
     * @param local the address that the initiator is connected to, which stands for portals that listen on any
     */
    public SendTargets(Collection<ScsiTarget> targets, Collection<PortalConfig> portals, InetSocketAddress local) {
        this.targets = targets;
        this.portals = portals;
        this.local = local;
    }

    /**
     * Returns the text of the answer.
     *
     * @param value value of the key: {@code All}, a name, or empty for the session's own target
     * @param sessionTarget name of the target of a normal session, or null in a discovery session
     * @return the text; empty if nothing matches; null if the value is not allowed in this session
     */
    public byte[] answer(String value, String sessionTarget) {
        String wanted = value;
        if (value.isEmpty()) {
            wanted = sessionTarget;
        } else if (value.equals("All")) {
            wanted = sessionTarget == null ? "All" : null;
        }
        if (wanted == null) {
            return null;
        }
        List<Map.Entry<String, String>> pairs = new ArrayList<>();
        String name = wanted;
        targets.stream()
                .filter(ScsiTarget::enabled)
                .filter(target -> name.equals("All") || target.name().equalsIgnoreCase(name))
                .sorted(Comparator.comparing(ScsiTarget::name))
                .forEach(target -> list(pairs, target));
        return TextCodec.encode(pairs);
    }

    private void list(List<Map.Entry<String, String>> pairs, ScsiTarget target) {
        pairs.add(Map.entry(TextKey.TARGET_NAME.key(), target.name()));
        for (PortalConfig portal : portals) {
            pairs.add(Map.entry(
                    TextKey.TARGET_ADDRESS.key(), reachable(portal) + "," + LoginNegotiation.TARGET_PORTAL_GROUP_TAG));
        }
    }

    private PortalConfig reachable(PortalConfig portal) {
        boolean any = portal.host().equals("0.0.0.0") || portal.host().equals("::");
        return any ? new PortalConfig(plainAddress(), portal.port()) : portal;
    }

    /** A scope is of use only on this machine. */
    private String plainAddress() {
        String address = local.getAddress().getHostAddress();
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
