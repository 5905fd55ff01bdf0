package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.Revision;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code gateway:history}. */
@Command(
        name = "gateway:history",
        description = "Lists the last changes of the configuration, or shows one",
        footer = {"gateway:history", "gateway:history 1234"})
final class GatewayHistoryCommand extends ListingCommand {

    @Parameters(index = "0", arity = "0..1", paramLabel = "REVISION", description = "Number of a revision")
    @Completes(Kind.REVISION)
    private Integer number;

    @Override
    Listing list() throws ConfigException {
        if (number != null) {
            Revision one = one(number);
            return Listing.of(put(new Item(), one).put("changes", "Changes", one.lines()));
        }
        Listing listing = Listing.list("Nothing has been changed yet.");
        gateway().configuration().history().forEach(revision -> put(listing.add(), revision)
                .json("changes", revision.lines()));
        return listing;
    }

    private Revision one(int wanted) throws ConfigException {
        return gateway().configuration().history().stream()
                .filter(revision -> revision.number() == wanted)
                .findFirst()
                .orElseThrow(() -> new ConfigException(
                        "there is no revision " + wanted + ": gateway:history shows those that there are"));
    }

    private static Item put(Item item, Revision revision) {
        return item.put("revision", "Revision", revision.number())
                .put(
                        "when",
                        "When",
                        revision.when().toString(),
                        revision.when().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("who", "Who", revision.who())
                .put("why", "Why", revision.why());
    }
}
