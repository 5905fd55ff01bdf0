package io.sluice.management;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The gateway at a glance.
 *
 * @param version product version
 * @param uptime time since the gateway was activated
 * @param portals number of portals that listen
 * @param targets number of targets
 * @param backstores number of backstores
 * @param away number of backstores whose storage is not there
 * @param fenced number of backstores whose storage owes an answer that is overdue
 * @param sessions number of sessions
 * @param transport how the transport is, if there is one
 * @param problems what does not work now and what to do, one line each; empty when all is well
 */
public record GatewayStatus(
        String version,
        Duration uptime,
        int portals,
        int targets,
        int backstores,
        int away,
        int fenced,
        int sessions,
        Optional<TransportStatus> transport,
        List<String> problems) {}
