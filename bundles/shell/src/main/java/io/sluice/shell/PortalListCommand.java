package io.sluice.shell;

import io.sluice.management.PortalStatus;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code portal:list}. */
@Service
@Parsing(OptionsFirst.class)
@Command(scope = "portal", name = "list", description = "Lists portals", detailedDescription = "Example: portal:list")
public final class PortalListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.of("Portal", "State", "Problem").whenEmpty("There are no portals.");
        for (PortalStatus status : gateway().portals()) {
            listing.row(status.config(), status.listening() ? "listening" : "closed", status.problem());
        }
        return listing;
    }
}
