package io.sluice.shell;

import io.sluice.management.TargetStatus;
import io.sluice.shell.output.Listing;
import picocli.CommandLine.Command;

/** {@code target:list}. */
@Command(name = "target:list", description = "Lists targets", footer = "target:list")
final class TargetListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("There are no targets: target:create makes one.");
        for (TargetStatus status : gateway().targets()) {
            listing.add()
                    .put("target", "Target", status.config().name().value())
                    .put("enabled", "State", status.config().enabled(), TargetInfoCommand.state(status))
                    .put("accessState", "Access", status.config().accessState().label())
                    .put("luns", "LUNs", status.config().luns().size())
                    .put("sessions", "Sessions", status.sessions());
        }
        return listing;
    }
}
