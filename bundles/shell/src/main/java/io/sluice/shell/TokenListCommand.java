package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.TokenStatus;
import io.sluice.shell.output.Listing;
import picocli.CommandLine.Command;

/** {@code token:list}. */
@Command(name = "token:list", description = "Lists tokens of the REST interface", footer = "token:list")
final class TokenListCommand extends ListingCommand {

    @Override
    Listing list() throws ConfigException {
        Listing listing = Listing.list("There are no tokens: token:create makes one.");
        for (TokenStatus token : tokens().list()) {
            listing.add()
                    .put("name", "Name", token.name())
                    .put("role", "Role", token.role().label())
                    .put("made", "Made", token.made().toString());
        }
        return listing;
    }
}
