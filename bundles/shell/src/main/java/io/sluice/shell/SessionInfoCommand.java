package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.management.SessionStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code session:info}. */
@Command(
        name = "session:info",
        description = "Shows a session: its traffic and what was negotiated",
        footer = "session:info 3")
final class SessionInfoCommand extends ListingCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "Id of the session")
    @Completes(Kind.SESSION)
    private int id;

    @Override
    Listing list() throws ConfigException {
        SessionStatus status = gateway().sessions().stream()
                .filter(candidate -> candidate.id() == id)
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no session " + id));
        List<String> parameters = status.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                .toList();
        Item item = new Item()
                .put("id", "Id", status.id())
                .put("initiator", "Initiator", status.initiator())
                .put("isid", "ISID", status.isid())
                .put("target", "Target", SessionListCommand.target(status), SessionListCommand.targetText(status))
                .put("portal", "Portal", status.portal())
                .put("remote", "Remote", status.remote());
        SessionListCommand.admission(item, "Let in as", status);
        item.put(
                        "connections",
                        "Connections",
                        status.connections().stream()
                                .map(SessionInfoCommand::json)
                                .toList(),
                        status.connections().stream()
                                .map(connection ->
                                        connection.cid() + " " + connection.remote() + " to " + connection.portal())
                                .toList())
                .put("since", "Since", status.since().toString());
        SessionListCommand.rates(item, status);
        return Listing.of(item.put("commands", "Commands", status.commands())
                .put("readBytes", "Read", status.readBytes(), Units.bytes(status.readBytes()))
                .put("writtenBytes", "Written", status.writtenBytes(), Units.bytes(status.writtenBytes()))
                .put("parameters", "Negotiated", status.parameters(), parameters));
    }

    private static Map<String, Object> json(SessionStatus.Connection connection) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cid", connection.cid());
        json.put("portal", connection.portal());
        json.put("remote", connection.remote());
        return json;
    }
}
