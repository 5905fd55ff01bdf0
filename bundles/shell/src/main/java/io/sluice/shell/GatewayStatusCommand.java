package io.sluice.shell;

import io.sluice.management.GatewayStatus;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code gateway:status}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "gateway",
        name = "status",
        description = "Shows the gateway at a glance",
        detailedDescription = "Example: gateway:status")
public final class GatewayStatusCommand extends ListingCommand {

    @Override
    Listing list() {
        GatewayStatus status = gateway().status();
        Listing listing = Listing.properties()
                .property("Version", status.version())
                .property("Uptime", status.uptime().toSeconds() + " s")
                .property("Portals", status.portals())
                .property("Targets", status.targets())
                .property("Backstores", status.backstores())
                .property("Backstores away", status.away())
                .property("Backstores fenced", status.fenced())
                .property("Sessions", status.sessions());
        status.transport().ifPresent(transport -> listing.property("Connections", transport.connections())
                .property("Not logged in", transport.halfOpen())
                .property("Data memory", transport.dataBytes())
                .property("Data memory limit", transport.dataLimitBytes())
                .property("Waiting for memory", transport.waiters())
                .property("Longest wait", transport.longestWaiter().isEmpty() ? "none" : transport.longestWaiter())
                .property("Event loop stalls", transport.loopStalls())
                .property("Longest stall", transport.longestStallMillis() + " ms"));
        return listing.property("Problems", status.problems().isEmpty() ? "none" : status.problems());
    }
}
