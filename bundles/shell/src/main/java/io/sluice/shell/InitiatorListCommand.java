package io.sluice.shell;

import io.sluice.config.ChapConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code initiator:list}. */
@Command(name = "initiator:list", description = "Lists initiators and groups of them", footer = "initiator:list")
final class InitiatorListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("There are no initiators: initiator:create makes one.");
        gateway().config().initiators().forEach(initiator -> row(listing, initiator));
        gateway().config().groups().forEach(group -> row(listing, group));
        return listing;
    }

    private static void row(Listing listing, InitiatorConfig initiator) {
        Item item = listing.add()
                .put("name", "Name", initiator.name())
                .json("kind", "initiator")
                .put("iqns", "Is", initiator.names(), orAny(initiator.names(), "any host"))
                .put(
                        "addresses",
                        "From",
                        Initiators.addresses(initiator),
                        orAny(Initiators.addresses(initiator), "anywhere"))
                .json("chapUser", user(initiator.chap()))
                .json("mutualUser", user(initiator.mutual()))
                .text("CHAP", Initiators.proof(initiator))
                .text("Limit", Initiators.limits(initiator.limits()));
        Initiators.jsonLimits(item, initiator.limits()).json("members", List.of());
    }

    private static void row(Listing listing, InitiatorGroupConfig group) {
        Item item = listing.add()
                .put("name", "Name", group.name())
                .json("kind", "group")
                .put("iqns", "Is", List.of(), "group of " + String.join(", ", group.members()))
                .put("addresses", "From", List.of())
                .json("chapUser", null)
                .json("mutualUser", null)
                .text("CHAP", null)
                .text("Limit", null);
        Initiators.jsonLimits(item, null).json("members", group.members());
    }

    static String user(ChapConfig chap) {
        return chap == null ? null : chap.user();
    }

    static List<String> orAny(List<String> texts, String any) {
        return texts.isEmpty() ? List.of(any) : texts;
    }
}
