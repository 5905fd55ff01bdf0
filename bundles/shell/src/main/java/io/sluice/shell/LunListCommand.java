package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.LunView;
import io.sluice.config.TargetConfig;
import io.sluice.management.SessionStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code lun:list}. */
@Command(
        name = "lun:list",
        description = "Lists LUNs, of all targets or of one",
        footer = {"lun:list", "lun:list iqn.2026-11.io.sluice:disk0 --sessions"})
final class LunListCommand extends ListingCommand {

    @Parameters(index = "0", paramLabel = "TARGET", arity = "0..1", description = "Only those of this target")
    @Completes(Kind.TARGET)
    private String name;

    @Option(names = "--sessions", description = "Shows too which initiators can use each")
    private boolean withSessions;

    /** Who can use a LUN, and as what. */
    private record Seen(SessionStatus session, LunView view) {

        Map<String, Object> json() {
            Map<String, Object> json = LunListCommand.json(session);
            json.put("lun", view.lun());
            json.put("readOnly", view.readOnly());
            return json;
        }

        String text() {
            return session.initiator() + " " + session.remote()
                    + (view.lun() == view.of() ? "" : " as LUN " + view.lun())
                    + (view.readOnly() ? " read-only" : "");
        }
    }

    @Override
    Listing list() throws ConfigException {
        IscsiName wanted = name == null ? null : target(name);
        if (wanted != null && gateway().config().target(wanted).isEmpty()) {
            throw new ConfigException("there is no target " + wanted);
        }
        Listing listing = Listing.list("There are no LUNs: lun:map makes one.");
        for (TargetConfig target : gateway().config().targets()) {
            if (wanted == null || target.name().equals(wanted)) {
                List<SessionStatus> sessions = sessions(target.name());
                target.luns().forEach(lun -> row(listing.add(), target, lun, sessions));
            }
        }
        return listing;
    }

    private void row(Item row, TargetConfig target, LunConfig lun, List<SessionStatus> sessions) {
        row.put("target", "Target", target.name().value())
                .put("lun", "LUN", lun.lun())
                .put("backstore", "Backstore", lun.backstore())
                .put("readOnly", "Access", lun.readOnly(), lun.readOnly() ? "read-only" : "read-write");
        if (withSessions) {
            List<Seen> seen = sessions.stream()
                    .flatMap(session -> Grants.views(gateway().config(), target, lun, session.admittedAs()).stream()
                            .map(view -> new Seen(session, view)))
                    .toList();
            row.put(
                    "sessions",
                    "Used by",
                    seen.stream().map(Seen::json).toList(),
                    seen.stream().map(Seen::text).toList());
        }
    }

    private List<SessionStatus> sessions(IscsiName target) {
        return gateway().sessions().stream()
                .filter(session -> session.target().equals(target.value()))
                .toList();
    }

    static Map<String, Object> json(SessionStatus session) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", session.id());
        json.put("initiator", session.initiator());
        json.put("remote", session.remote());
        return json;
    }
}
