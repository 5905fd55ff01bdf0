package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.config.LunConfig;
import io.sluice.config.RedirectConfig;
import io.sluice.config.TargetConfig;
import io.sluice.config.TargetPortConfig;
import io.sluice.management.SessionStatus;
import io.sluice.management.TargetStatus;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import io.sluice.shell.output.Item;
import io.sluice.shell.output.Listing;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code target:info}. */
@Command(
        name = "target:info",
        description = "Shows a target: its LUNs, who may use it, and its sessions",
        footer = "target:info iqn.2026-11.io.sluice:disk0")
final class TargetInfoCommand extends ListingCommand {

    private static final String OPEN =
            "nobody was named: whoever comes over a loopback address or a portal open to all";

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
        List<SessionStatus> sessions = gateway().sessions().stream()
                .filter(session -> session.target().equals(wanted.value()))
                .toList();
        Item item = new Item()
                .put("target", "Target", wanted.value())
                .put("enabled", "State", status.config().enabled(), state(status))
                .put("accessState", "Access", status.config().accessState().label());
        luns(item, status.config());
        ways(item, status.config());
        return Listing.of(item.put(
                "sessions",
                "Sessions",
                sessions.stream().map(LunListCommand::json).toList(),
                sessions.stream().map(TargetInfoCommand::text).toList()));
    }

    private static void luns(Item item, TargetConfig config) {
        List<LunConfig> luns = config.luns();
        item.put(
                        "luns",
                        "LUNs",
                        luns.stream().map(TargetInfoCommand::json).toList(),
                        luns.stream().map(TargetInfoCommand::text).toList())
                .put(
                        "grants",
                        "Allowed",
                        config.grants().stream().map(Grants::json).toList(),
                        config.grants().isEmpty() ? List.of(OPEN) : Grants.lines(config.grants()));
    }

    private static void ways(Item item, TargetConfig config) {
        RedirectConfig redirect = config.redirect();
        String address = redirect == null ? null : redirect.address();
        boolean permanent = redirect != null && redirect.permanent();
        item.put(
                        "portalGroups",
                        "Portal groups",
                        config.portalGroups(),
                        config.portalGroups().isEmpty()
                                ? "all"
                                : config.portalGroups().stream()
                                        .map(String::valueOf)
                                        .collect(Collectors.joining(", ")))
                .put(
                        "ports",
                        "Ports",
                        config.ports().stream().map(port -> json(config, port)).toList(),
                        config.ports().stream().map(port -> text(config, port)).toList())
                .json("redirectedTo", address)
                .json("redirectedForGood", permanent);
        if (redirect != null) {
            item.text("Sends to", address + (permanent ? ", for good" : ", for now"));
        }
    }

    static String state(TargetStatus status) {
        return status.config().enabled() ? "enabled" : "disabled";
    }

    static String text(SessionStatus session) {
        return session.id() + " " + session.initiator() + " " + session.remote();
    }

    private static String text(TargetConfig config, TargetPortConfig port) {
        return "number " + port.number() + " in group " + port.group() + ", "
                + config.accessState(port).label();
    }

    private static Map<String, Object> json(TargetConfig config, TargetPortConfig port) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("group", port.group());
        json.put("number", port.number());
        json.put("accessState", config.accessState(port).label());
        return json;
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
