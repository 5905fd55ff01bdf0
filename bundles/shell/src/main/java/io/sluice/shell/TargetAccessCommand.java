package io.sluice.shell;

import io.sluice.config.AccessState;
import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code target:access}. */
@Command(
        name = "target:access",
        description = "Sets the access state (ALUA) of a target, or of one way to it",
        footer = {
            "target:access iqn.2026-11.io.sluice:disk0 standby",
            "target:access iqn.2026-11.io.sluice:disk0 standby --group 1"
        })
final class TargetAccessCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Parameters(
            index = "1",
            paramLabel = "STATE",
            description = "active-optimized, active-non-optimized, standby or unavailable")
    @Completes(Kind.ACCESS_STATE)
    private String state;

    @Option(names = "--group", paramLabel = "GROUP", description = "Only that of its port in this group of portals")
    @Completes(Kind.PORTAL_GROUP)
    private Integer group;

    @Override
    void run() throws ConfigException {
        AccessState wanted = AccessState.parse(state);
        if (group == null) {
            gateway().setTargetAccessState(target(name), wanted);
        } else {
            gateway().access().setPortAccessState(target(name), group, wanted);
        }
        String where = group == null ? "" : " through portals of group " + group;
        print("Target " + name + " is " + wanted.label() + where + ".");
    }
}
