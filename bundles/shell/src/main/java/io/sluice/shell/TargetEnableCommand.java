package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code target:enable}. */
@Command(
        name = "target:enable",
        description = "Lets initiators log in to a target",
        footer = "target:enable iqn.2026-11.io.sluice:disk0")
final class TargetEnableCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().setTargetEnabled(target(name), true);
        print("Target " + name + " is enabled.");
    }
}
