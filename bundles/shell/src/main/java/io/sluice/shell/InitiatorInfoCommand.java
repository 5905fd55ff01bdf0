package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.GatewayConfig;
import io.sluice.config.GrantConfig;
import io.sluice.config.InitiatorConfig;
import io.sluice.config.InitiatorGroupConfig;
import io.sluice.config.TargetConfig;
import io.sluice.management.SessionStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code initiator:info}. */
@Command(
        name = "initiator:info",
        description = "Shows an initiator or a group, and what it may use",
        footer = "initiator:info web1")
final class InitiatorInfoCommand extends ListingCommand {

    @Parameters(index = "0", paramLabel = "NAME", description = "Name of the initiator or the group")
    @Completes(Kind.GRANTEE)
    private String name;

    @Override
    Listing list() throws ConfigException {
        GatewayConfig config = gateway().config();
        Item item = new Item().put("name", "Name", name);
        List<String> members;
        if (config.initiator(name).isPresent()) {
            members = List.of(name);
            host(item, config.initiator(name).get(), config.groupsOf(name));
        } else {
            InitiatorGroupConfig group = config.group(name)
                    .orElseThrow(() -> new ConfigException(
                            "there is no initiator " + name + ": initiator:list shows those that there are"));
            members = group.members();
            group(item, group);
        }
        grants(item, config);
        List<SessionStatus> sessions = gateway().sessions().stream()
                .filter(session -> members.contains(session.admittedAs()))
                .toList();
        return Listing.of(item.put(
                "sessions",
                "Sessions",
                sessions.stream().map(InitiatorInfoCommand::json).toList(),
                sessions.stream()
                        .map(session ->
                                TargetInfoCommand.text(session) + " with " + SessionListCommand.targetText(session))
                        .toList()));
    }

    private static Map<String, Object> json(SessionStatus session) {
        Map<String, Object> json = LunListCommand.json(session);
        json.put("target", SessionListCommand.target(session));
        return json;
    }

    private static void host(Item item, InitiatorConfig initiator, List<String> groups) {
        List<String> addresses = Initiators.addresses(initiator);
        String chapUser = InitiatorListCommand.user(initiator.chap());
        String mutualUser = InitiatorListCommand.user(initiator.mutual());
        item.json("kind", "initiator")
                .put("iqns", "iSCSI names", initiator.names(), InitiatorListCommand.orAny(initiator.names(), "any"))
                .put("addresses", "Comes from", addresses, InitiatorListCommand.orAny(addresses, "anywhere"))
                .put("chapUser", "CHAP user", chapUser, chapUser == null ? "none" : chapUser)
                .put("mutualUser", "Target proves to be", mutualUser, mutualUser == null ? "nobody" : mutualUser)
                .text("Limit", initiator.limits() == null ? "none" : Initiators.limits(initiator.limits()));
        Initiators.jsonLimits(item, initiator.limits())
                .put("groups", "Groups", groups)
                .json("members", List.of());
    }

    private static void group(Item item, InitiatorGroupConfig group) {
        item.json("kind", "group")
                .json("iqns", List.of())
                .json("addresses", List.of())
                .json("chapUser", null)
                .json("mutualUser", null);
        Initiators.jsonLimits(item, null).json("groups", List.of()).put("members", "Members", group.members());
    }

    private void grants(Item item, GatewayConfig config) {
        List<String> names = config.granteeNames(name);
        List<Map<String, Object>> json = new ArrayList<>();
        List<String> texts = new ArrayList<>();
        for (TargetConfig target : config.targets()) {
            for (GrantConfig grant : target.grants()) {
                if (names.contains(grant.initiator())) {
                    Map<String, Object> entry = new LinkedHashMap<>();
                    entry.put("target", target.name().value());
                    entry.putAll(Grants.json(grant));
                    json.add(entry);
                    String through = grant.initiator().equals(name) ? "" : ", as one of " + grant.initiator();
                    texts.add(target.name() + ": " + Grants.what(grant) + through);
                }
            }
        }
        item.put("grants", "May use", json, texts.isEmpty() ? List.of("nothing") : texts);
    }
}
