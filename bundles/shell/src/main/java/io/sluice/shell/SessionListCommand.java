package io.sluice.shell;

import io.sluice.management.SessionStatus;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code session:list}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "session",
        name = "list",
        description = "Lists sessions",
        detailedDescription = "Example: session:list")
public final class SessionListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.of("Id", "Initiator", "Target", "Remote", "Commands", "Read", "Written")
                .whenEmpty("There are no sessions.");
        for (SessionStatus status : gateway().sessions()) {
            listing.row(
                    status.id(),
                    status.initiator(),
                    status.target().isEmpty() ? "(discovery)" : status.target(),
                    status.remote(),
                    status.commands(),
                    status.readBytes(),
                    status.writtenBytes());
        }
        return listing;
    }
}
