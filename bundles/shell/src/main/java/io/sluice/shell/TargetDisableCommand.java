package io.sluice.shell;

import io.sluice.config.ConfigException;
import io.sluice.shell.completion.Completes;
import io.sluice.shell.completion.Kind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code target:disable}. */
@Command(
        name = "target:disable",
        description = "Ends the sessions of a target and refuses new ones",
        footer = "target:disable iqn.2026-11.io.sluice:disk0")
final class TargetDisableCommand extends GatewayCommand {

    @Parameters(index = "0", paramLabel = "TARGET", description = "iSCSI name of the target")
    @Completes(Kind.TARGET)
    private String name;

    @Override
    void run() throws ConfigException {
        gateway().setTargetEnabled(target(name), false);
        print("Target " + name + " is disabled.");
    }
}
