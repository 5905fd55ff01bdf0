package io.sluice.shell;

import io.sluice.config.PortalConfig;
import io.sluice.management.PortalStatus;
import io.sluice.shell.output.Listing;
import picocli.CommandLine.Command;

/** {@code portal:list}. */
@Command(name = "portal:list", description = "Lists portals, and why one does not listen", footer = "portal:list")
final class PortalListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("There are no portals: portal:create makes one.");
        for (PortalStatus status : gateway().portals()) {
            listing.add()
                    .put("portal", "Portal", status.config().toString())
                    .put("group", "Group", status.config().group())
                    .put("announced", "Announced as", status.config().announced(), announced(status.config()))
                    .put(
                            "openToAll",
                            "Open targets",
                            status.config().openToAll(),
                            status.config().openToAll() ? "for all" : "for this machine")
                    .put("listening", "State", status.listening(), status.listening() ? "listening" : "closed")
                    .put("problem", "Problem", status.problem().isEmpty() ? null : status.problem());
        }
        return listing;
    }

    private static String announced(PortalConfig portal) {
        return portal.announce().isEmpty() ? null : portal.announce();
    }
}
