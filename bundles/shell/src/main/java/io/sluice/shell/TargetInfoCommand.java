package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.management.TargetStatus;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Parsing;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code target:info}. */
@Service
@Parsing(OptionsFirst.class)
@Command(
        scope = "target",
        name = "info",
        description = "Shows a target",
        detailedDescription = "Example: target:info iqn.2026-11.io.sluice:disk0")
public final class TargetInfoCommand extends ListingCommand {

    @Argument(index = 0, name = "target", description = "iSCSI name of the target", required = true)
    @Completion(TargetCompleter.class)
    private String name;

    @Override
    Listing list() throws ConfigException {
        IscsiName wanted = target(name);
        TargetStatus status = gateway().targets().stream()
                .filter(candidate -> candidate.config().name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new ConfigException("there is no target " + wanted));
        return Listing.properties()
                .property("Target", wanted)
                .property("State", status.config().enabled() ? "enabled" : "disabled")
                .property("Access", status.config().accessState().label())
                .property(
                        "LUNs",
                        status.config().luns().stream()
                                .map(lun -> lun.lun() + " " + lun.backstore() + (lun.readOnly() ? " read-only" : ""))
                                .toList())
                .property(
                        "Sessions",
                        gateway().sessions().stream()
                                .filter(session -> session.target().equals(wanted.value()))
                                .map(session -> session.id() + " " + session.initiator())
                                .toList());
    }
}
