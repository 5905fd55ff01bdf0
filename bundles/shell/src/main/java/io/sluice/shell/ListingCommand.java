package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.output.Listing;
import picocli.CommandLine.Option;

/** A command that shows something: for people or as JSON. */
abstract class ListingCommand extends GatewayCommand {

    @Option(names = "--json", description = "Prints JSON: docs/json.md has the keys")
    private boolean json;

    /** Returns what is to be shown. */
    abstract Listing list() throws ConfigException;

    @Override
    final void run() throws ConfigException {
        Listing listing = list();
        if (json) {
            listing.printJson(console());
        } else {
            listing.print(console());
        }
    }
}
