package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.SessionStatus;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code session:info}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "session",
        name = "info",
        description = "Shows a session and what was negotiated",
        detailedDescription = "Example: session:info 1")
public final class SessionInfoCommand extends ListingCommand {

    @Argument(index = 0, name = "id", description = "Id of the session", required = true)
    @Completion(SessionCompleter.class)
    private int id;

    @Override
    Listing list() throws ConfigException {
        SessionStatus status = gateway().sessions().stream()
                .filter(candidate -> candidate.id() == id)
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no session " + id));
        Listing listing = Listing.properties()
                .property("Id", status.id())
                .property("Initiator", status.initiator())
                .property("ISID", status.isid())
                .property("Target", status.target().isEmpty() ? "(discovery)" : status.target())
                .property("Portal", status.portal())
                .property("Remote", status.remote())
                .property("Since", status.since())
                .property("Commands", status.commands())
                .property("Bytes read", status.readBytes())
                .property("Bytes written", status.writtenBytes());
        status.parameters().forEach(listing::property);
        return listing;
    }
}
