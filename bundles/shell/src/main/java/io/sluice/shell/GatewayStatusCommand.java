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
        return Listing.properties()
                .property("Version", status.version())
                .property("Uptime", status.uptime().toSeconds() + " s")
                .property("Portals", status.portals())
                .property("Targets", status.targets())
                .property("Backstores", status.backstores())
                .property("Sessions", status.sessions())
                .property("Problems", status.problems().isEmpty() ? "none" : status.problems());
    }
}
