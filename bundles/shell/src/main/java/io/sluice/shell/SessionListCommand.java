package io.sluice.shell;

import io.sluice.management.SessionStatus;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import io.sluice.shell.output.Units;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code session:list}. */
@Command(name = "session:list", description = "Lists sessions, and what each does in a second", footer = "session:list")
final class SessionListCommand extends ListingCommand {

    @Override
    Listing list() {
        Listing listing = Listing.list("There are no sessions.");
        for (SessionStatus status : gateway().sessions()) {
            Item row = listing.add()
                    .put("id", "Id", status.id())
                    .put("initiator", "Initiator", status.initiator())
                    .put("target", "Target", target(status), targetText(status))
                    .put("remote", "Remote", status.remote(), remotes(status))
                    .json("connectionCount", status.connections().size());
            admission(row, "As", status);
            rates(row, status);
            row.json("commands", status.commands())
                    .json("readBytes", status.readBytes())
                    .json("writtenBytes", status.writtenBytes());
        }
        return listing;
    }

    static String target(SessionStatus status) {
        return status.target().isEmpty() ? null : status.target();
    }

    static String targetText(SessionStatus status) {
        return status.target().isEmpty() ? "(discovery)" : status.target();
    }

    private static List<String> remotes(SessionStatus status) {
        return status.connections().stream()
                .map(SessionStatus.Connection::remote)
                .toList();
    }

    /** Adds as whom a session was let in. */
    static void admission(Item item, String label, SessionStatus status) {
        String entry = status.admittedAs().isEmpty() ? null : status.admittedAs();
        String user = status.chapUser().isEmpty() ? null : status.chapUser();
        String text = entry == null ? "anybody" : entry;
        item.json("admittedAs", entry)
                .json("chapUser", user)
                .text(label, user == null ? text : text + " (CHAP " + user + ")");
    }

    static void rates(Item item, SessionStatus status) {
        SessionStatus.Rates rates = status.rates();
        item.put("commandsPerSecond", "Cmd/s", rates.commands())
                .put("readBytesPerSecond", "Read/s", rates.readBytes(), Units.bytes(rates.readBytes()))
                .put("writtenBytesPerSecond", "Written/s", rates.writtenBytes(), Units.bytes(rates.writtenBytes()));
    }
}
