package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.config.IscsiName;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:portals}. */
@Command(
        name = "target:portals",
        description = "Says through which groups of portals a target is reached",
        footer = {"target:portals iqn.2026-11.io.sluice:disk0 1", "target:portals iqn.2026-11.io.sluice:disk0 --all"})
final class TargetPortalsCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(index = "1..*", paramLabel = "GROUP", arity = "0..*", description = "Tags of the groups")
    @Completes(Kind.PORTAL_GROUP)
    private List<String> groups = new ArrayList<>();

    @Option(names = "--all", description = "Through all, also those that are made later")
    private boolean all;

    @Override
    void run() throws ConfigException {
        IscsiName target = target(name);
        if (all != groups.isEmpty()) {
            throw new IllegalArgumentException(
                    "name the groups of portals, or --all: portal:list shows which groups there are");
        }
        gateway()
                .access()
                .setTargetPortalGroups(
                        target, groups.stream().map(TargetPortalsCommand::group).toList());
        print("Target " + target + " is reached through "
                + (all ? "all portals." : "portals of group " + String.join(", ", groups) + "."));
    }

    private static int group(String text) {
        if (!text.matches("\\d{1,5}")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a group of portals: portal:list shows which there are");
        }
        return Integer.parseInt(text);
    }
}
