package io.sluice.manager;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.PortalConfig;
import io.sluice.config.TargetConfig;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What has to be said about who may come in. */
final class Strangers {

    private Strangers() {}

    /** @throws ConfigException if strangers could come to a target, and the operator has not said that they may */
    static void requireConsent(PortalConfig portal, GatewayConfig config) throws ConfigException {
        List<TargetConfig> hidden = hidden(config, portal);
        if (!hidden.isEmpty()) {
            throw new ConfigException("target " + hidden.get(0).name() + " does not say who may use it, and " + portal
                    + " can be reached from other machines: target:allow it to somebody first, or say --open-to-all");
        }
    }

    /** Returns what does not work, one line each. */
    static List<String> problems(GatewayConfig config, Collection<PortalConfig> portals) {
        List<String> problems = new ArrayList<>();
        for (PortalConfig portal : portals) {
            List<TargetConfig> hidden = hidden(config, portal);
            if (!hidden.isEmpty()) {
                String others = hidden.size() == 1 ? "" : " and " + (hidden.size() - 1) + " more";
                problems.add(
                        "target " + hidden.get(0).name() + others + " can be used from this machine only, although "
                                + portal + " is open to others: target:allow says who may use it");
            }
        }
        return problems;
    }

    /** Returns the targets that a portal would show to strangers if nothing kept it from that. */
    private static List<TargetConfig> hidden(GatewayConfig config, PortalConfig portal) {
        if (portal.loopback() || portal.openToAll()) {
            return List.of();
        }
        return config.targets().stream()
                .filter(target -> target.grants().isEmpty() && target.reachedThrough(portal.group()))
                .toList();
    }
}
