package io.sluice.shell;

import io.sluice.management.TargetStatus;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:list}. */
@Service
@Parsing(OptionsFirst.class)
@Command(scope = "target", name = "list", description = "Lists targets", detailedDescription = "Example: target:list")
public final class TargetListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.of("Target", "State", "LUNs", "Sessions")
                .whenEmpty("There are no targets: target:create makes one.");
        for (TargetStatus status : gateway().targets()) {
            listing.row(
                    status.config().name(),
                    status.config().enabled() ? "enabled" : "disabled",
                    status.config().luns().size(),
                    status.sessions());
        }
        return listing;
    }
}
