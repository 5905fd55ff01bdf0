package io.sluice.shell;

import io.sluice.config.ConfigException;
import org.apache.karaf.shell.api.action.Option;

/** A command that shows something: as a table or as JSON. */
abstract class ListingCommand extends GatewayCommand {

    @Option(name = "--json", description = "Prints JSON instead of a table")
    private boolean json;

    /** Returns what is to be shown. */
    abstract Listing list() throws ConfigException;

    @Override
    final void run() throws ConfigException {
        Listing listing = list();
        if (json) {
            listing.printJson(System.out);
        } else {
            listing.printTable(System.out);
        }
    }
}
