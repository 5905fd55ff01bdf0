package io.sluice.management;

import java.time.Duration;
import java.util.List;

/**
 * The gateway at a glance.
 *
 * @param version product version
 * @param uptime time since the gateway was activated
 * @param portals number of portals that listen
 * @param targets number of targets
 * @param backstores number of backstores
 * @param sessions number of sessions
 * @param problems what does not work now, one line each; empty when all is well
 */
public record GatewayStatus(
        String version,
        Duration uptime,
        int portals,
        int targets,
        int backstores,
        int sessions,
        List<String> problems) {}
