package io.sluice.iscsi.session;

import io.sluice.access.Discovery;
import io.sluice.config.AddressText;
import io.sluice.config.PortalConfig;
import io.sluice.iscsi.login.Admitted;
import io.sluice.iscsi.text.TextCodec;
import io.sluice.iscsi.text.TextKey;
import io.sluice.scsi.target.ScsiTarget;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The answer to SendTargets: the targets that an initiator may use, with every portal where it may (RFC 7143 13.3, appendix
 * C).
 */
public final class SendTargets {

    /** The name of an interface behind an address, which means nothing on another machine, and has no place in one (13.8). */
    private static final Pattern INTERFACE = Pattern.compile("%[^]]*(?=])");

    private final Directory directory;
    private final Admitted asks;

    /**
     * @param directory what there is
     * @param asks who asks; the address that he is connected to stands for portals that listen on any
     */
    public SendTargets(Directory directory, Admitted asks) {
        this.directory = directory;
        this.asks = asks;
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
        Map<PortalConfig, Map.Entry<String, String>> addresses = addresses();
        Discovery discovery = directory.rules().discovery(asks.caller(), asks.user());
        directory.targets().stream()
                .filter(ScsiTarget::enabled)
                .filter(target -> name.equals("All") || target.name().equalsIgnoreCase(name))
                .sorted(Comparator.comparing(ScsiTarget::name))
                .forEach(target -> list(pairs, target, discovery, addresses));
        return TextCodec.encode(pairs);
    }

    private void list(
            List<Map.Entry<String, String>> pairs,
            ScsiTarget target,
            Discovery discovery,
            Map<PortalConfig, Map.Entry<String, String>> addresses) {
        List<PortalConfig> shown = discovery.shown(target.name(), addresses.keySet());
        if (!shown.isEmpty()) {
            pairs.add(Map.entry(TextKey.TARGET_NAME.key(), target.name()));
            shown.forEach(portal -> pairs.add(addresses.get(portal)));
        }
    }

    /** Each is the same for all targets. */
    private Map<PortalConfig, Map.Entry<String, String>> addresses() {
        Map<PortalConfig, Map.Entry<String, String>> addresses = new LinkedHashMap<>();
        directory
                .portals()
                .forEach(portal -> addresses.put(
                        portal, Map.entry(TextKey.TARGET_ADDRESS.key(), address(portal) + "," + portal.group())));
        return addresses;
    }

    private String address(PortalConfig portal) {
        return portal.wildcard() && portal.announce().isEmpty()
                ? AddressText.of(new InetSocketAddress(asks.caller().local(), portal.port()))
                : INTERFACE.matcher(portal.announced()).replaceFirst("");
    }
}
