package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code target:info}. */
@Command(
        name = "target:info",
        description = "Shows a target: its LUNs and its sessions",
        footer = "target:info iqn.2026-11.io.sluice:disk0")
final class TargetInfoCommand extends ListingCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Override
    Listing list() throws ConfigException {
        IscsiName wanted = target(name);
        TargetStatus status = gateway().targets().stream()
                .filter(candidate -> candidate.config().name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no target " + wanted));
        List<LunConfig> luns = status.config().luns();
        List<SessionStatus> sessions = gateway().sessions().stream()
                .filter(session -> session.target().equals(wanted.value()))
                .toList();
        return Listing.of(new Item()
                .put("target", "Target", wanted.value())
                .put("enabled", "State", status.config().enabled(), state(status))
                .put("accessState", "Access", status.config().accessState().label())
                .put(
                        "luns",
                        "LUNs",
                        luns.stream().map(TargetInfoCommand::json).toList(),
                        luns.stream().map(TargetInfoCommand::text).toList())
                .put(
                        "sessions",
                        "Sessions",
                        sessions.stream().map(LunListCommand::json).toList(),
                        sessions.stream()
                                .map(session -> session.id() + " " + session.initiator() + " " + session.remote())
                                .toList()));
    }

    static String state(TargetStatus status) {
        return status.config().enabled() ? "enabled" : "disabled";
    }

    private static String text(LunConfig lun) {
        return lun.lun() + " " + lun.backstore() + (lun.readOnly() ? " read-only" : "");
    }

    private static Map<String, Object> json(LunConfig lun) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("lun", lun.lun());
        json.put("backstore", lun.backstore());
        json.put("readOnly", lun.readOnly());
        return json;
    }
}
